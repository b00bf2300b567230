//! Which internal database readers see. The store can be derived from the log again in a database beside, which is then put in
//! force by one row; those that held before stay, for what was known then, until somebody drops them.

use jiff::Timestamp;
use serde::Deserialize;

use crate::sql::{self, measures};
use crate::{Error, Names, Result, Store};

const SNAPSHOTS: &str = include_str!("../../../schemas/clickhouse/snapshots.sql");
const COLUMNS: &str = include_str!("../../../schemas/clickhouse/snapshot_columns.sql");
const KNOWN: &str = include_str!("../../../schemas/clickhouse/stores_known.sql");
const STATE: &str = include_str!("../../../schemas/clickhouse/store_state.sql");

/// What has become of a store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum State {
    /// It is being derived.
    #[serde(rename = "begun")]
    Begun,
    /// Readers see it, or saw it before the next.
    #[serde(rename = "in force")]
    InForce,
    /// It is not wanted any more.
    #[serde(rename = "given up")]
    GivenUp,
}

/// A store that was begun at some time.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Known {
    /// Its database.
    pub name: String,
    /// Its newest state.
    pub state: State,
    /// Hash of the files that it was begun with; empty for the first.
    pub contents: String,
    /// Since when readers saw it, UTC to the microsecond, as ClickHouse writes it.
    pub in_force_since: String,
    /// Whether its database is there.
    #[serde(deserialize_with = "flag")]
    pub is_there: bool,
}

/// A view of readers.
#[derive(Deserialize)]
struct View {
    name: String,
    as_select: String,
}

fn flag<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    u8::deserialize(deserializer).map(|flag| flag != 0)
}

/// The statements that add columns to a table of snapshots' numbers.
pub(crate) fn columns(names: &Names, table: &str) -> String {
    names.fill(COLUMNS).replace("{table}", table)
}

impl State {
    fn name(self) -> &'static str {
        match self {
            State::Begun => "begun",
            State::InForce => "in force",
            State::GivenUp => "given up",
        }
    }
}

impl Store {
    /// The store that readers see.
    ///
    /// # Errors
    /// As [`Store::rows`].
    pub async fn in_force(&self) -> Result<Store> {
        let known = self.stores_known().await?;
        let newest = known.iter().rfind(|known| known.state == State::InForce);
        let first = self.names().numbered(1);
        let name = newest.map_or(first.as_str(), |known| known.name.as_str());
        Ok(self.with_names(self.names().in_store(name)))
    }

    /// The store that readers saw at an instant.
    ///
    /// # Errors
    /// [`Error::Dropped`] if its database is not there any more. As [`Store::rows`].
    pub async fn in_force_at(&self, at: Timestamp) -> Result<Store> {
        let (known, at) = (self.stores_known().await?, sql::instant(at));
        let held = |known: &&Known| known.state == State::InForce && known.in_force_since <= at;
        let Some(known) = known.iter().rfind(held) else {
            return Ok(self.clone());
        };
        if !known.is_there {
            return Err(Error::Dropped {
                store: known.name.clone(),
                at,
            });
        }
        Ok(self.with_names(self.names().in_store(&known.name)))
    }

    /// The stores that were ever begun, those that were in force last and in their order.
    ///
    /// # Errors
    /// As [`Store::rows`].
    pub async fn stores_known(&self) -> Result<Vec<Known>> {
        if !self.has_table(&self.names().stores(), "stores").await? {
            return Ok(Vec::new());
        }
        self.rows("read the list of stores", &self.names().fill(KNOWN), &[])
            .await
    }

    /// A handle on the store beside that is being derived: the one that was begun with these contents and not finished, or a new
    /// one. Others that were begun are dropped. The list of stores must be there ([`Store::migrate`]).
    ///
    /// # Errors
    /// As [`Store::execute`].
    pub async fn beside(&self, contents: &str) -> Result<Store> {
        let known = self.stores_known().await?;
        let is_unfinished =
            |known: &&Known| known.state == State::Begun && known.is_there && known.contents == contents;
        let unfinished = known.iter().rfind(is_unfinished);
        for left in known
            .iter()
            .filter(|known| known.state != State::InForce && known.is_there)
        {
            if unfinished.is_none_or(|unfinished| unfinished.name != left.name) {
                self.drop_store(&left.name).await?;
            }
        }
        let name = match unfinished {
            Some(unfinished) => unfinished.name.clone(),
            None => {
                let names = self.names();
                let number =
                    (2..).find(|number| !known.iter().any(|known| known.name == names.numbered(*number)));
                let name = names.numbered(number.unwrap_or(u32::MAX));
                self.note_state(&name, State::Begun, contents).await?;
                name
            }
        };
        Ok(self.with_names(self.names().beside(&name)))
    }

    /// Notes what has become of a store.
    ///
    /// # Errors
    /// As [`Store::execute`].
    pub async fn note_state(&self, name: &str, state: State, contents: &str) -> Result<()> {
        let params = [("name", name), ("state", state.name()), ("contents", contents)];
        self.execute_with("note the state of a store", &self.names().fill(STATE), &params)
            .await
    }

    /// Prepares [`Store::put_in_force`]: every view of readers reads from the store in force, by which that is, and so from this one as soon
    /// as it is. Readers notice nothing. Safe to repeat.
    ///
    /// # Errors
    /// As [`Store::execute`].
    pub async fn prepare_to_be_in_force(&self) -> Result<()> {
        let before = self.in_force().await?;
        let after = self.with_names(self.names().in_store(self.names().store()));
        if before.names() != after.names() {
            after.have_readers_see(&before).await?;
        }
        Ok(())
    }

    /// Has readers see this store, which was derived beside, in one step: one row says that it is in force, by which all views turn
    /// ([`Store::prepare_to_be_in_force`]); then the views read from this one alone. Safe to repeat. Returns the handle on it.
    ///
    /// # Errors
    /// As [`Store::execute`].
    pub async fn put_in_force(&self) -> Result<Store> {
        let before = self.in_force().await?;
        let after = self.with_names(self.names().in_store(self.names().store()));
        if before.names() != after.names() {
            self.note_state(after.names().store(), State::InForce, "").await?;
        }
        after.replace_reader_views().await?;
        before.stop_refreshing(&after).await?;
        Ok(after)
    }

    /// Nothing is prepared to be shown for so many seconds, or from now on again (0): another store is to have all that this one has
    /// shown before readers see that. Whoever is killed meanwhile holds nobody up for longer.
    ///
    /// # Errors
    /// As [`Store::execute`].
    pub async fn hold(&self, seconds: u32) -> Result<()> {
        // Of an earlier version of the software: nothing can be held there.
        if !self.has_table(self.names().store(), "holds").await? {
            return Ok(());
        }
        let sql = format!(
            "INSERT INTO {store}.holds SELECT greatest(now64(6, 'UTC'), max(at) + INTERVAL 1 MICROSECOND), \
             now64(6, 'UTC') + INTERVAL {seconds} SECOND FROM {store}.holds",
            store = self.names().store()
        );
        self.execute("hold refreshes", &sql).await
    }

    /// The views of readers read from this store alone, which is in force, and those before it compute nothing any more: a switch may have
    /// been cut off, to another or to this one.
    ///
    /// # Errors
    /// As [`Store::execute`].
    pub async fn be_read_alone(&self) -> Result<()> {
        let known = self.stores_known().await?;
        let mut others = known.iter().filter(|known| known.name != self.names().store());
        if others.any(|known| known.is_there) {
            self.replace_reader_views().await?;
            self.stop_earlier().await?;
        }
        Ok(())
    }

    /// Nothing is computed any more in stores that were in force before.
    pub(crate) async fn stop_earlier(&self) -> Result<()> {
        let known = self.stores_known().await?;
        let is_another = |known: &&Known| known.name != self.names().store();
        let earlier = known.iter().take_while(is_another);
        for earlier in earlier.filter(|known| known.state == State::InForce && known.is_there) {
            let earlier = self.with_names(self.names().in_store(&earlier.name));
            earlier.stop_refreshing(self).await?;
        }
        Ok(())
    }

    /// Has the views of readers read from the other store as they do, and from this one from when it is in force.
    async fn have_readers_see(&self, before: &Store) -> Result<()> {
        let sql = self
            .names()
            .fill("SELECT name, as_select FROM system.tables WHERE database = '{bi}' AND as_select != ''");
        let views: Vec<View> = before.rows("read the views of readers", &sql, &[]).await?;
        let earlier = self.earlier().await?;
        for (name, query) in measures::bi_views(self.names(), &earlier) {
            let Some(view) = views.iter().find(|view| view.name == name) else {
                continue;
            };
            let both = measures::by_store_in_force((before.names(), &view.as_select), (self.names(), &query));
            match self
                .execute(
                    "have readers see two stores",
                    &measures::replace_view(self.names(), &name, &both),
                )
                .await
            {
                // Of an earlier version of the software, with other columns: it is replaced a moment later.
                Err(Error::Refused { source, .. }) => {
                    tracing::warn!(view = name, %source, "a view is of two versions")
                }
                done => done?,
            }
        }
        Ok(())
    }

    /// The views of readers, as this store has them.
    pub(crate) async fn replace_reader_views(&self) -> Result<()> {
        let earlier = self.earlier().await?;
        for (name, query) in measures::bi_views(self.names(), &earlier) {
            let replaced = self.replace_view(&name, &query).await;
            if matches!(replaced, Err(Error::Refused { .. }))
                && name == measures::AS_KNOWN
                && !earlier.is_empty()
            {
                tracing::warn!(
                    "what was known before this store was in force is not in the view {name}: earlier stores are of another version"
                );
                self.replace_own(&name).await?;
            } else {
                replaced?;
            }
        }
        Ok(())
    }

    async fn replace_own(&self, name: &str) -> Result<()> {
        let own = measures::bi_views(self.names(), &[]);
        for (view, query) in own.iter().filter(|(view, _)| view == name) {
            self.replace_view(view, query).await?;
        }
        Ok(())
    }

    async fn replace_view(&self, name: &str, query: &str) -> Result<()> {
        self.execute(
            "replace a view of readers",
            &measures::replace_view(self.names(), name, query),
        )
        .await
    }

    /// The stores that were in force before this one and are still there, in their order.
    async fn earlier(&self) -> Result<Vec<Names>> {
        if self.names().is_beside() {
            return Ok(Vec::new());
        }
        let known = self.stores_known().await?;
        let others = known.iter().filter(|known| {
            known.state == State::InForce && known.is_there && known.name != self.names().store()
        });
        Ok(others.map(|known| self.names().in_store(&known.name)).collect())
    }

    /// Nothing is computed any more in a store that was replaced.
    async fn stop_refreshing(&self, by: &Store) -> Result<()> {
        if self.names() == by.names() {
            return Ok(());
        }
        let names = self.names();
        let views = [
            names.refreshed_measures(),
            names.refreshed_look_backs(),
            names.refreshed_notices(),
            names.refreshed_uncounted(),
        ];
        for view in views {
            self.execute("stop refreshing a store", &format!("DROP VIEW IF EXISTS {view}"))
                .await?;
        }
        Ok(())
    }

    /// Drops a store that was never in force; one that is by now stays.
    ///
    /// # Errors
    /// As [`Store::execute`].
    async fn drop_store(&self, name: &str) -> Result<()> {
        let contents = "";
        self.note_state(name, State::GivenUp, contents).await?;
        let known = self.stores_known().await?;
        let is_given_up = |known: &Known| known.name == name && known.state == State::GivenUp;
        if !known.iter().any(is_given_up) {
            return Ok(());
        }
        self.execute_patiently("drop a store", &format!("DROP DATABASE IF EXISTS {name} SYNC"))
            .await
    }

    /// Makes the list of stores, unless this is one beside, and the tables of snapshots, which all stores share.
    pub(crate) async fn list_stores(&self) -> Result<()> {
        if !self.names().is_beside() {
            self.make_lists().await?;
        }
        let tables = self.names().fill(SNAPSHOTS);
        let columns = columns(self.names(), "snapshot_values");
        for statement in [tables, columns]
            .iter()
            .flat_map(|sql| measures::split_statements(sql))
        {
            self.execute("make the tables of snapshots", &statement).await?;
        }
        self.make_audiences().await
    }
}

/// The condition that readers saw the store of these names at the parameter `at`.
pub(crate) fn held_at(names: &Names) -> String {
    format!(
        "(SELECT argMax(name, noted_at) FROM {}.stores WHERE state = 'in force' AND noted_at <= {{at:DateTime64(6, 'UTC')}}) = '{}'",
        names.stores(),
        names.store()
    )
}

/// The condition that readers see the store of these names.
pub(crate) fn is_in_force(names: &Names) -> String {
    format!(
        "(SELECT argMax(name, noted_at) FROM {}.stores WHERE state = 'in force') = '{}'",
        names.stores(),
        names.store()
    )
}
