//! A snapshot as rows of the tables that readers see.

use anyhow::Result;
use quarterday_plan::plan::Audience;
use quarterday_snapshot::disclosure::Line;
use quarterday_snapshot::{Changed, Snapshot};
use quarterday_store::SnapshotRows;
use serde::Serialize;
use serde_json::{Map, Value, json};

/// The rows of a snapshot.
pub(super) fn of(snapshot: &Snapshot) -> Result<SnapshotRows> {
    let mut header = fields(&snapshot.header)?;
    header.insert("hash".to_owned(), Value::from(snapshot.hash.clone()));
    let mut values: Vec<Map<String, Value>> = snapshot.values.iter().map(fields).collect::<Result<_>>()?;
    for (row, value) in values.iter_mut().zip(&snapshot.values) {
        let said = snapshot.comments.get(&value.id).map(|said| said.text.clone());
        row.insert("comment".to_owned(), Value::from(said.unwrap_or_default()));
    }
    let changes: Vec<Map<String, Value>> = snapshot.ledger.iter().flat_map(parts).collect();
    Ok(SnapshotRows {
        header: Value::Object(header).to_string(),
        values: placed(snapshot, values),
        changes: placed(snapshot, changes),
    })
}

/// What an audience sees of it.
pub(super) fn shown(snapshot: &Snapshot, audience: Audience, lines: &[Line]) -> Result<String> {
    let mut rows: Vec<Map<String, Value>> = lines.iter().map(fields).collect::<Result<_>>()?;
    for row in &mut rows {
        row.insert("audience".to_owned(), Value::from(audience.name()));
    }
    Ok(placed(snapshot, rows))
}

fn fields(of: &impl Serialize) -> Result<Map<String, Value>> {
    Ok(match serde_json::to_value(of)? {
        Value::Object(fields) => fields,
        _ => Map::new(),
    })
}

/// One for each part of a change.
fn parts(changed: &Changed) -> impl Iterator<Item = Map<String, Value>> + use<'_> {
    changed.parts.iter().filter_map(|part| {
        let row = json!({
            "id": changed.id, "before": changed.before, "after": changed.after, "cause": part.cause, "change": part.change, "count": part.count,
            "records": part.records.iter().map(|record| json!({
                "record_type": record.record_type, "feed": record.feed, "partner": record.partner, "ref": record.reference,
            })).collect::<Vec<_>>(),
        });
        row.as_object().cloned()
    })
}

/// Each with the snapshot that it is of, and its place there.
fn placed(snapshot: &Snapshot, rows: Vec<Map<String, Value>>) -> String {
    let of = &snapshot.header;
    let lines = rows.into_iter().zip(1_u32..).map(|(mut row, position)| {
        row.insert("snapshot".to_owned(), Value::from(of.id.clone()));
        row.insert("period".to_owned(), Value::from(of.period.clone()));
        row.insert("revision".to_owned(), Value::from(of.revision));
        row.insert("position".to_owned(), Value::from(position));
        Value::Object(row).to_string()
    });
    lines.collect::<Vec<_>>().join("\n")
}
