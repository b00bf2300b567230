//! Deriving numbers again for a proof: in a store of its own, whose version logs are those of this one, exactly up to the watermarks that
//! the numbers were made of, and by the definitions of then. Nobody reads it, and it is dropped afterwards.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{Timestamp, ToSpan};
use quarterday_plan::period::Period;
use serde::Deserialize;

use crate::declared::{Declared, RETURN_NOTICE};
use crate::frozen::MadeOf;
use crate::sql::literal;
use crate::sql::placings::{self, LogWanted};
use crate::sql::source::Source;
use crate::{Error, Position, Result, Store};

/// A store for a proof that is older was left by a process that was killed.
const LEFT_AFTER_HOURS: i64 = 24;

/// Offsets of topic/partition.
type Offsets = BTreeMap<String, u64>;

#[derive(Deserialize)]
struct Name {
    name: String,
}

impl Store {
    /// A store for a proof of numbers of a period, by these definitions. To be dropped with [`Store::drop_proof`].
    ///
    /// # Errors
    /// As [`Store::execute`].
    pub async fn proof(&self, declared: &Declared, period: &Period) -> Result<Store> {
        self.make_proof(Some((self, period)), declared).await
    }

    /// As [`Store::proof`], with logs of its own, which are empty: a worker fills them.
    ///
    /// # Errors
    /// As [`Store::execute`].
    pub async fn proof_of_nothing(&self, declared: &Declared) -> Result<Store> {
        self.make_proof(None, declared).await
    }

    async fn make_proof(&self, of: Option<(&Store, &Period)>, declared: &Declared) -> Result<Store> {
        self.drop_left_proofs().await?;
        let name = format!("{}{}", self.proofs(), Timestamp::now().as_microsecond());
        let proof = self.with_names(self.names().beside(&name));
        proof
            .execute("make a store for a proof", &format!("CREATE DATABASE {name}"))
            .await?;
        let made = proof.fill_proof(of, declared).await;
        if made.is_err() {
            proof.drop_proof().await?;
        }
        made.map(|()| proof)
    }

    async fn fill_proof(&self, of: Option<(&Store, &Period)>, declared: &Declared) -> Result<()> {
        if let Some((of, period)) = of {
            self.take_logs_of(of, declared, period).await?;
        }
        self.migrate_without_refresh(declared).await
    }

    async fn take_logs_of(&self, of: &Store, declared: &Declared, period: &Period) -> Result<()> {
        let has_notices = !of.columns_of_log(RETURN_NOTICE).await?.is_empty();
        for source in Source::all(declared) {
            let columns = of.columns_of_log(source.name()).await?;
            // What was never returned is an empty log, which is made like any other.
            if !columns.is_empty() {
                let wanted = LogWanted {
                    columns: &columns.join(", "),
                    period,
                    has_notices,
                };
                let sql = placings::log_for_snapshot(self.names(), of.names(), &source, &wanted);
                self.execute("make a log for a proof", &sql).await?;
            }
        }
        Ok(())
    }

    /// All columns, those too that are derived from others.
    async fn columns_of_log(&self, record_type: &str) -> Result<Vec<String>> {
        let sql = format!(
            "SELECT name FROM system.columns WHERE database = {} AND table = {} ORDER BY position",
            literal(self.names().store()),
            literal(&format!("log_{record_type}"))
        );
        let columns: Vec<Name> = self.rows("read the columns of a log", &sql, &[]).await?;
        Ok(columns.into_iter().map(|column| column.name).collect())
    }

    /// Places everything up to these watermarks, so that numbers of the newest preparation are those that were made of them. `notices`: the
    /// topics of return notices.
    ///
    /// # Errors
    /// As [`Store::execute`].
    pub async fn place_up_to(&self, made_of: &[MadeOf], notices: &[&str]) -> Result<()> {
        let is_notice = |place: &str| {
            let topic = place.rsplit_once('/').map_or(place, |(topic, _)| topic);
            notices.contains(&topic)
        };
        for (told, types) in by_notices(made_of, is_notice) {
            let mut positions = positions(RETURN_NOTICE, &told);
            for each in &types {
                let own = each.watermark.iter().filter(|(place, _)| !is_notice(place));
                let own: Offsets = own.map(|(place, next)| (place.clone(), *next)).collect();
                positions.extend(self::positions(&each.record_type, &own));
            }
            self.write_positions(&positions).await?;
            // Without notices there is no view of them.
            if !told.is_empty() {
                self.refresh_view(&self.names().refreshed_notices()).await?;
            }
            let types: BTreeSet<&str> = types.iter().map(|each| each.record_type.as_str()).collect();
            self.place_types(&types).await?;
        }
        Ok(())
    }

    /// Drops a store that was made for a proof.
    ///
    /// # Errors
    /// [`Error::Migration`] for any other. As [`Store::execute`].
    pub async fn drop_proof(&self) -> Result<()> {
        let name = self.names().store();
        if !name.starts_with(&self.proofs()) {
            return Err(Error::Migration(format!("{name} is no store for a proof")));
        }
        let sql = format!("DROP DATABASE IF EXISTS {name} SYNC");
        self.execute_patiently("drop a store for a proof", &sql).await
    }

    fn proofs(&self) -> String {
        format!("{}_proof_", self.names().bi())
    }

    async fn drop_left_proofs(&self) -> Result<()> {
        let before = Timestamp::now() - LEFT_AFTER_HOURS.hours();
        let sql = "SELECT name FROM system.databases WHERE startsWith(name, {proofs:String}) \
                   AND match(substring(name, length({proofs:String}) + 1), '^[0-9]{16}$') \
                   AND toInt64OrZero(substring(name, length({proofs:String}) + 1)) < {before:Int64}";
        let (proofs, before) = (self.proofs(), before.as_microsecond().to_string());
        let params = [("proofs", proofs.as_str()), ("before", before.as_str())];
        let left: Vec<Name> = self.rows("look for stores of proofs", sql, &params).await?;
        for Name { name } in left {
            let sql = format!("DROP DATABASE IF EXISTS {name} SYNC");
            self.execute_patiently("drop a store for a proof", &sql).await?;
        }
        Ok(())
    }
}

/// Record types by what notices they were made of, the fewest first: positions only rise.
fn by_notices(made_of: &[MadeOf], is_notice: impl Fn(&str) -> bool) -> Vec<(Offsets, Vec<&MadeOf>)> {
    let mut groups: Vec<(Offsets, Vec<&MadeOf>)> = Vec::new();
    for each in made_of {
        let told = each.watermark.iter().filter(|(place, _)| is_notice(place));
        let told: Offsets = told.map(|(place, next)| (place.clone(), *next)).collect();
        match groups.iter_mut().find(|(known, _)| *known == told) {
            Some((_, types)) => types.push(each),
            None => groups.push((told, vec![each])),
        }
    }
    groups.sort_by_key(|(told, _)| told.values().sum::<u64>());
    groups
}

fn positions(record_type: &str, offsets: &Offsets) -> Vec<Position> {
    let positions = offsets.iter().filter_map(|(place, next)| {
        let (topic, partition) = place.rsplit_once('/')?;
        Some(Position {
            topic: topic.to_owned(),
            partition: partition.parse().ok()?,
            record_type: record_type.to_owned(),
            next_offset: i64::try_from(*next).ok()?,
        })
    });
    positions.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made_of(record_type: &str, notices: u64) -> MadeOf {
        let watermark = [("notices/0".to_owned(), notices), (format!("{record_type}/0"), 5)];
        MadeOf {
            record_type: record_type.to_owned(),
            watermark: watermark.into(),
        }
    }

    #[test]
    fn record_types_are_placed_by_the_notices_they_were_made_of() {
        let all = [made_of("a", 7), made_of("b", 3), made_of("c", 7)];
        let groups = by_notices(&all, |place| place.starts_with("notices/"));
        let told: Vec<_> = groups
            .iter()
            .map(|(told, types)| {
                let types: Vec<&str> = types.iter().map(|each| each.record_type.as_str()).collect();
                (told.values().copied().collect::<Vec<u64>>(), types)
            })
            .collect();
        assert_eq!(told, [(vec![3], vec!["b"]), (vec![7], vec!["a", "c"])]);
        let positions = positions("order", &[("returns.x/12".to_owned(), 9)].into());
        assert_eq!((positions[0].partition, positions[0].next_offset), (12, 9));
    }
}
