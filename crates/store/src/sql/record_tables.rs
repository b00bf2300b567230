//! The tables and views of one record type: version log, arrivals, and what the log says of duplicates, conflicts and orphans.

use quarterday_events::RecordType;

use super::columns::{default_of, derived_columns, first_date, stored_columns};
use super::literal;
use crate::Names;
use crate::declared::RETURN_NOTICE;

/// Some sixteen parts are merged at a time instead of five: batches are large, and each merge writes all of its rows again. Granules
/// are small because whoever looks for a few records reads one of every column for each, of all parts beside each other.
const SETTINGS: &str =
    "SETTINGS merge_selector_base = 16, index_granularity = 2048, min_compress_block_size = 4096";

/// Statements that create what one record type needs, each of which may be run again.
#[must_use]
pub fn statements(names: &Names, record_type: &RecordType) -> Vec<String> {
    vec![
        create_log(names, record_type),
        keep_arrivals(names, record_type),
        outcomes(names, record_type),
        live(names, record_type),
    ]
}

/// Columns of the version log with their types and defaults, in table order.
#[must_use]
pub fn log_columns(record_type: &RecordType) -> Vec<(String, String)> {
    let derived = derived_columns(record_type)
        .into_iter()
        .map(|(name, ty, expression)| (name, format!("{ty} MATERIALIZED {expression}")));
    stored(record_type).chain(derived).collect()
}

/// A column that a later schema adds has the schema's default in the rows that are there: what decoding them again would
/// give.
fn stored(record_type: &RecordType) -> impl Iterator<Item = (String, String)> {
    stored_columns(record_type).into_iter().map(|(name, ty)| {
        let spec = record_type.columns().iter().find(|c| c.name == name);
        let default = spec.and_then(|spec| {
            let value = default_of(spec)?;
            // A WITHDRAW has no body: its columns hold their type's zero.
            let zero = format!("defaultValueOfTypeName({})", literal(&ty));
            Some(if spec.in_body {
                format!(" DEFAULT if(op = 'WITHDRAW', {zero}, {value})")
            } else {
                format!(" DEFAULT {value}")
            })
        });
        let definition = format!("{ty}{}", default.unwrap_or_default());
        (name, definition)
    })
}

/// One row per topic, partition and offset. Consuming a stretch of the log again writes the same rows again; they
/// collapse, and every reader either collapses them (FINAL) or does not mind (I2). Ordered by natural key and version:
/// the first row of a version is the one that counts (I4).
fn create_log(names: &Names, record_type: &RecordType) -> String {
    format!(
        "CREATE TABLE IF NOT EXISTS {}\n(\n{}\n)\nENGINE = ReplacingMergeTree\n\
         ORDER BY (feed, partner, ref, version, kafka_partition, kafka_offset)\n{SETTINGS}",
        names.log(record_type.name()),
        listed(log_columns(record_type)).join(",\n"),
    )
}

fn listed(columns: Vec<(String, String)>) -> Vec<String> {
    columns
        .into_iter()
        .map(|(name, definition)| format!("    {name} {definition}"))
        .collect()
}

/// Which record each message is about.
fn keep_arrivals(names: &Names, record_type: &RecordType) -> String {
    let name = record_type.name();
    names
        .fill(include_str!("../../../../schemas/clickhouse/keep_arrivals.sql"))
        .replace("{keep_arrivals}", &names.keep_arrivals(name))
        .replace("{record_type}", name)
        .replace("{log}", &names.log(name))
}

/// Whether FULL returns can leave records of this type out: notices are about other records, and what has no date is of no
/// quarter.
pub(super) fn has_full_returns(record_type: &RecordType) -> bool {
    record_type.name() != RETURN_NOTICE && first_date(record_type).is_some()
}

/// The records that count (I4).
fn live(names: &Names, record_type: &RecordType) -> String {
    names
        .fill(include_str!("../../../../schemas/clickhouse/live.sql"))
        .replace("{live}", &names.live(record_type.name()))
        .replace("{columns}", &all_columns(record_type).join(", "))
        .replace("{record_type}", record_type.name())
        .replace("{log}", &names.log(record_type.name()))
}

/// Every row of the version log with what became of it: live, superseded, withdrawn, orphan, duplicate or conflict.
fn outcomes(names: &Names, record_type: &RecordType) -> String {
    let name = record_type.name();
    outcomes_among(names, record_type, &format!("{} FINAL", names.log(name))).replace(
        "{create}",
        &format!("CREATE OR REPLACE VIEW {}.outcomes_{name} AS", names.store()),
    )
}

/// The query of what became of some messages, by topic. `stretches`: a condition for their places in the log.
#[must_use]
pub fn outcomes_of(names: &Names, record_type: &RecordType, stretches: &str) -> String {
    let rows = format!(
        "(SELECT * FROM {} FINAL WHERE (feed, partner, ref) IN (SELECT feed, partner, ref FROM examined))",
        names.log(record_type.name())
    );
    let outcomes = outcomes_among(names, record_type, &rows).replace("{create}", "");
    names
        .fill(include_str!("../../../../schemas/clickhouse/outcomes_of.sql"))
        .replace("{record_type}", record_type.name())
        .replace("{stretches}", stretches)
        .replace("{outcomes}", &outcomes)
}

fn outcomes_among(names: &Names, record_type: &RecordType, rows: &str) -> String {
    let content = |in_body: bool| -> String {
        let is_content = |name: &str| {
            !matches!(
                name,
                "feed" | "partner" | "ref" | "version" | "sent_at" | "return_id"
            )
        };
        let columns = record_type.columns().iter().filter(|c| c.in_body == in_body);
        let names = columns.map(|c| c.name.as_str()).filter(|name| is_content(name));
        names.collect::<Vec<_>>().join(", ")
    };
    names
        .fill(include_str!("../../../../schemas/clickhouse/outcomes.sql"))
        .replace("{rows}", rows)
        .replace("{envelope}", &content(false))
        .replace("{body}", &content(true))
}

/// Names of all columns, stored and derived, in table order.
#[must_use]
pub fn all_columns(record_type: &RecordType) -> Vec<String> {
    let derived = derived_columns(record_type).into_iter().map(|(name, ..)| name);
    stored_columns(record_type)
        .into_iter()
        .map(|(name, _)| name)
        .chain(derived)
        .collect()
}
