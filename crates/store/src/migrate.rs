//! Creating the ClickHouse schema for the feeds and plans in force, or bringing an older one up to it.
//!
//! Every statement may be run again, and by several processes at once. Columns are added where a schema has gained
//! fields; what would change or lose stored data is refused with what to do instead. Views hold no data of their own and
//! are replaced.

mod refusals;

use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan;
use jiff::civil::Date;
use quarterday_events::RecordType;
use quarterday_plan::period::Period;
use serde::Deserialize;

use crate::declared::{Declared, RETURN_NOTICE};
use crate::sql::source::Source;
use crate::sql::{cells, literal, measures, placings, record_tables, register, returns};
use crate::{Names, Result, Store};

/// Statements of the numbered migrations, in order.
const MIGRATIONS: [&str; 2] = [
    include_str!("../../../schemas/clickhouse/0001_store.sql"),
    include_str!("../../../schemas/clickhouse/0002_books.sql"),
];

#[derive(Deserialize)]
struct StoredColumn {
    name: String,
    #[serde(rename = "type")]
    ty: String,
}

#[derive(Deserialize)]
struct Table {
    name: String,
}

const OBSOLETE: &str = include_str!("../../../schemas/clickhouse/obsolete.sql");
const OUTDATED: &str = include_str!("../../../schemas/clickhouse/outdated.sql");

impl Store {
    /// Brings the schema up to these record types and plans.
    ///
    /// # Errors
    /// As [`Store::execute`]; [`Error::Migration`] where stored data would have to change.
    pub async fn migrate(&self, declared: &Declared) -> Result<()> {
        self.refuse_what_would_break(declared).await?;
        self.list_stores().await?;
        for record_type in declared.record_types.values() {
            self.add_columns(record_type).await?;
        }
        self.drop_outdated().await?;
        self.run_all("migrate", &fixed(self.names())).await?;
        self.run_all("begin a migration", &[mark(self.names(), true)])
            .await?;
        self.drop_obsolete().await?;
        self.run_all("migrate", &derived(self.names(), declared, &sources(declared)))
            .await?;
        self.replace_reader_views().await?;
        if !self.names().is_beside() {
            self.stop_earlier().await?;
        }
        self.keep_contents(&declared.contents).await?;
        self.run_all("end a migration", &[mark(self.names(), false)])
            .await?;
        // Definitions may have changed: what is stored was computed with the old ones.
        self.refresh_stale().await?;
        Ok(())
    }

    /// Makes what numbers are derived with, in a database that is there; nothing is computed, and nobody reads it.
    pub(crate) async fn migrate_without_refresh(&self, declared: &Declared) -> Result<()> {
        let statements = [
            fixed(self.names()),
            derived(self.names(), declared, &sources(declared)),
            vec![mark(self.names(), false)],
        ];
        self.run_all("make a store for a proof", &statements.concat())
            .await?;
        // What is derived here is derived once: nothing may go on by itself, at a full hour in between for example.
        let timed = [
            self.names().refreshed_measures(),
            self.names().refreshed_look_backs(),
            self.names().refreshed_uncounted(),
        ];
        let stopped = timed.iter().map(|view| format!("SYSTEM STOP VIEW {view}"));
        self.run_all("make a store for a proof", &stopped.collect::<Vec<_>>())
            .await
    }

    /// Adds the columns that a record type has gained to its log. One that the schema no longer has stays, and new rows have
    /// its default.
    async fn add_columns(&self, record_type: &RecordType) -> Result<()> {
        let name = record_type.name();
        let existing = self.types_of(&format!("log_{name}")).await?;
        if existing.is_empty() {
            return Ok(());
        }
        let log = self.names().log(name);
        let wanted = record_tables::log_columns(record_type).into_iter();
        let missing = wanted.filter(|(column, _)| !existing.contains_key(column));
        let statements = missing.map(|(column, definition)| {
            format!("ALTER TABLE {log} ADD COLUMN IF NOT EXISTS {column} {definition}")
        });
        self.run_all("add columns", &statements.collect::<Vec<_>>()).await
    }

    /// Drops what earlier versions of the software had, some of which would go on computing.
    async fn drop_obsolete(&self) -> Result<()> {
        let sql = self.names().fill(OBSOLETE);
        let tables: Vec<Table> = self.rows("look for what is no longer used", &sql, &[]).await?;
        let drops = tables
            .iter()
            .map(|table| format!("DROP TABLE IF EXISTS {}.{}", self.names().store(), table.name));
        self.run_all("drop what is no longer used", &drops.collect::<Vec<_>>())
            .await
    }

    /// Drops tables whose order is that of an earlier version of the software: all that is in them is made again.
    async fn drop_outdated(&self) -> Result<()> {
        let sql = self.names().fill(OUTDATED);
        let tables: Vec<Table> = self.rows("look for tables of another order", &sql, &[]).await?;
        let drops = tables
            .iter()
            .map(|table| format!("DROP TABLE IF EXISTS {}.{}", self.names().store(), table.name));
        self.run_all("drop tables of another order", &drops.collect::<Vec<_>>())
            .await
    }

    async fn types_of(&self, table: &str) -> Result<BTreeMap<String, String>> {
        let columns = self.stored_columns(table).await?;
        Ok(columns.into_iter().map(|c| (c.name, c.ty)).collect())
    }

    async fn stored_columns(&self, table: &str) -> Result<Vec<StoredColumn>> {
        let sql = format!(
            "SELECT name, type FROM system.columns WHERE database = {} AND table = {}",
            literal(self.names().store()),
            literal(table)
        );
        self.rows("read the stored columns", &sql, &[]).await
    }

    async fn run_all(&self, doing: &str, statements: &[String]) -> Result<()> {
        for statement in statements {
            self.execute_patiently(doing, statement).await?;
        }
        Ok(())
    }
}

fn sources(declared: &Declared) -> Vec<Source<'_>> {
    let mut sources = Source::all(declared);
    // What is live depends on return notices, but for the notices themselves.
    sources.sort_by_key(|source| source.name() != RETURN_NOTICE);
    sources
}

/// The numbered migrations.
fn fixed(names: &Names) -> Vec<String> {
    let files = MIGRATIONS.iter();
    files
        .flat_map(|file| measures::split_statements(&names.fill(file)))
        .collect()
}

/// Its time always rises, also when the clock does not.
fn mark(names: &Names, is_under_way: bool) -> String {
    let store = names.store();
    format!(
        "INSERT INTO {store}.migrations (at, is_under_way) \
         SELECT greatest(now64(6, 'UTC'), max(at) + INTERVAL 1 MICROSECOND), {is_under_way} FROM {store}.migrations"
    )
}

/// All statements of a migration, each of which may be run again.
#[cfg(test)]
pub(crate) fn statements(names: &Names, declared: &Declared) -> Vec<String> {
    let sources = sources(declared);
    let views = measures::bi_views(names, &[]).into_iter();
    let views = views.map(|(view, query)| measures::replace_view(names, &view, &query));
    [fixed(names), derived(names, declared, &sources), views.collect()].concat()
}

/// The statements that depend on record types and plans.
fn derived(names: &Names, declared: &Declared, sources: &[Source<'_>]) -> Vec<String> {
    let mut statements = Vec::new();
    let (notices, others): (Vec<_>, Vec<_>) =
        sources.iter().partition(|source| source.name() == RETURN_NOTICE);
    for source in notices {
        statements.extend(record_tables::statements(names, &source.record_type));
    }
    statements.extend(returns::notices(names, declared));
    if sources.iter().any(|source| source.name() == RETURN_NOTICE) {
        statements.extend(returns::refresh_view(names));
    }
    for source in others {
        statements.extend(record_tables::statements(names, &source.record_type));
        statements.extend(placings::statements(names, source));
    }
    let periods = kept_periods(declared);
    statements.extend(register::statements(names, declared, sources, &periods));
    statements.extend(measures::reader_views(names));
    statements.extend(cells::refresh_views(names));
    statements.extend(cells::refresh_uncounted(names));
    statements.push(names.fill(include_str!("../../../schemas/clickhouse/quarantined.sql")));
    statements
}

/// The first day whose records some number of these plans can need: of the kept periods, or so many months earlier for records that
/// follow earlier ones. `None` without a plan.
#[must_use]
pub fn needed_since(declared: &Declared) -> Option<Date> {
    let first = kept_periods(declared)
        .iter()
        .map(|(period, _)| period.first())
        .min()?;
    let months = Source::all(declared).iter().map(Source::months_looked_back).max();
    first.checked_sub(i64::from(months.unwrap_or(0)).months()).ok()
}

/// The periods that the plans are about: those of their years, and those of published figures.
#[must_use]
pub fn periods_of_plans(declared: &Declared) -> BTreeSet<Period> {
    let plans = declared.plans.iter();
    let periods = plans.flat_map(|plan| {
        let figures = plan.figures.iter().map(|figure| figure.period);
        plan.periods().into_iter().chain(figures)
    });
    periods.collect()
}

/// The periods whose measures are kept: those of the plans, and as the base of changes the same spans a year before. `true`: shown.
fn kept_periods(declared: &Declared) -> Vec<(Period, bool)> {
    let shown = periods_of_plans(declared);
    let before: BTreeSet<Period> = shown
        .iter()
        .map(Period::year_before)
        .filter(|p| !shown.contains(p))
        .collect();
    shown
        .into_iter()
        .map(|p| (p, true))
        .chain(before.into_iter().map(|p| (p, false)))
        .collect()
}
