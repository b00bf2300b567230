//! The tables and views of one record type: version log, current state, live records, and what the log says of
//! duplicates, conflicts and orphans.

use quarterday_events::RecordType;

use super::columns::{body_dates, date_column, derived_columns, stored_columns};
use crate::Names;

/// Statements that create what one record type needs, each of which may be run again.
#[must_use]
pub fn statements(names: &Names, record_type: &RecordType) -> Vec<String> {
    vec![
        create_log(names, record_type),
        create_current(names, record_type),
        keep_current(names, record_type),
        live(names, record_type),
        outcomes(names, record_type),
    ]
}

/// One row per topic, partition and offset. Consuming a stretch of the log again writes the same rows again; they
/// collapse, and every reader either collapses them (FINAL) or does not mind (I2). Ordered by natural key and version:
/// the first row of a version is the one that counts (I4).
fn create_log(names: &Names, record_type: &RecordType) -> String {
    let stored = stored_columns(record_type)
        .into_iter()
        .map(|(name, ty)| format!("    {name} {ty}"));
    let derived = derived_columns(record_type)
        .into_iter()
        .map(|(name, ty, expr)| format!("    {name} {ty} MATERIALIZED {expr}"));
    let columns: Vec<String> = stored.chain(derived).collect();
    format!(
        "CREATE TABLE IF NOT EXISTS {}\n(\n{}\n)\nENGINE = ReplacingMergeTree\n\
         ORDER BY (feed, partner, ref, version, kafka_partition, kafka_offset)",
        names.log(record_type.name()),
        columns.join(",\n"),
    )
}

/// The newest version of each natural key. Not partitioned: rows replace each other only inside a partition, and an
/// amendment may change any field (I5). Dates have skip indexes, so that one quarter is read without the others.
fn create_current(names: &Names, record_type: &RecordType) -> String {
    let stored = stored_columns(record_type)
        .into_iter()
        .map(|(name, ty)| format!("    {name} {ty}"));
    let derived = derived_columns(record_type)
        .into_iter()
        .map(|(name, ty, _)| format!("    {name} {ty}"));
    let indexes = body_dates(record_type)
        .filter_map(date_column)
        .map(|date| format!("    INDEX by_{date} {date} TYPE minmax GRANULARITY 1"));
    let columns: Vec<String> = stored.chain(derived).chain(indexes).collect();
    format!(
        "CREATE TABLE IF NOT EXISTS {}\n(\n{}\n)\nENGINE = ReplacingMergeTree(version_rank)\n\
         ORDER BY (feed, partner, ref)",
        names.current(record_type.name()),
        columns.join(",\n"),
    )
}

fn keep_current(names: &Names, record_type: &RecordType) -> String {
    format!(
        "CREATE MATERIALIZED VIEW IF NOT EXISTS {} TO {} AS\nSELECT {}\nFROM {}",
        names.keep_current(record_type.name()),
        names.current(record_type.name()),
        all_columns(record_type).join(", "),
        names.log(record_type.name()),
    )
}

/// The records that count: the newest version is no WITHDRAW, and some accepted version is a SUBMIT (I4). A newest version
/// that is a SUBMIT is that version itself, so only amended records are looked up in the log.
fn live(names: &Names, record_type: &RecordType) -> String {
    let (log, current) = (names.log(record_type.name()), names.current(record_type.name()));
    format!(
        "CREATE OR REPLACE VIEW {} AS\nSELECT {}\nFROM {current} FINAL\nWHERE op = 'SUBMIT' OR (op = 'AMEND' AND \
         (feed, partner, ref) IN (\n    SELECT feed, partner, ref FROM {log}\n    \
         WHERE (feed, partner, ref) IN (SELECT feed, partner, ref FROM {current} FINAL WHERE op = 'AMEND')\n    \
         GROUP BY feed, partner, ref, version\n    HAVING argMin(op, (kafka_partition, kafka_offset)) = 'SUBMIT'\n))",
        names.live(record_type.name()),
        all_columns(record_type).join(", "),
    )
}

/// Every row of the version log with what became of it: live, superseded, withdrawn, orphan, duplicate or conflict.
fn outcomes(names: &Names, record_type: &RecordType) -> String {
    let content: Vec<String> = record_type
        .columns()
        .iter()
        .map(|c| c.name.clone())
        .filter(|name| {
            !matches!(
                name.as_str(),
                "feed" | "partner" | "ref" | "version" | "sent_at" | "return_id"
            )
        })
        .collect();
    names
        .fill(include_str!("../../../../schemas/clickhouse/outcomes.sql"))
        .replace("{record_type}", record_type.name())
        .replace("{log}", &names.log(record_type.name()))
        .replace("{content}", &content.join(", "))
}

fn all_columns(record_type: &RecordType) -> Vec<String> {
    let derived = derived_columns(record_type).into_iter().map(|(name, ..)| name);
    stored_columns(record_type)
        .into_iter()
        .map(|(name, _)| name)
        .chain(derived)
        .collect()
}
