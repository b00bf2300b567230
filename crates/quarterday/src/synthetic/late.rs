//! Returns that come after the half-year was frozen: of record types that no published figure counts, so that these stay as printed.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{Payload, Statement, review};

/// Feeds of such record types that have records of the half-year, each with the field of the date by which its measures count.
const FEEDS: [(&str, &str); 1] = [("marac-cases", "referred_on")];
/// The half-year.
const HALF: std::ops::Range<&str> = "2014-04-02".."2014-09-30";

/// One record of each feed withdrawn, one moved to another district, and one more.
#[must_use]
pub fn late(seed: u64) -> Vec<Statement> {
    let all = review(seed);
    let mut times: BTreeMap<(&str, &str), u32> = BTreeMap::new();
    for statement in &all {
        *times.entry((statement.feed, &statement.reference)).or_default() += 1;
    }
    let mut late = Vec::new();
    for (feed, field) in FEEDS {
        let once = all.iter().filter(|statement| {
            statement.feed == feed
                && times.get(&(feed, statement.reference.as_str())) == Some(&1)
                && lies_in_the_half(statement, field)
        });
        let chosen: Vec<&Statement> = once.take(3).collect();
        let changes = [withdrawn, moved, another];
        late.extend(
            chosen
                .into_iter()
                .zip(changes)
                .filter_map(|(statement, change)| change(statement)),
        );
    }
    late
}

fn lies_in_the_half(statement: &Statement, field: &str) -> bool {
    let Payload::Record(record) = &statement.payload else {
        return false;
    };
    let is_here = record
        .get("district")
        .is_none_or(|district| *district != OTHER_DISTRICT);
    let day = record
        .get("body")
        .and_then(|body| body.get(field))
        .and_then(Value::as_str);
    is_here && day.is_some_and(|day| HALF.contains(&day))
}

fn withdrawn(statement: &Statement) -> Option<Statement> {
    changed(
        statement,
        &json!({"op": "WITHDRAW", "version": 2, "reason": "ERROR", "body": null}),
    )
}

const OTHER_DISTRICT: &str = "E07000110";

fn moved(statement: &Statement) -> Option<Statement> {
    changed(
        statement,
        &json!({"op": "AMEND", "version": 2, "district": OTHER_DISTRICT, "ward": null}),
    )
}

fn another(statement: &Statement) -> Option<Statement> {
    let reference = format!("{}-LATE", statement.reference);
    let mut another = changed(statement, &json!({"ref": reference}))?;
    another.reference = reference;
    Some(another)
}

fn changed(statement: &Statement, fields: &Value) -> Option<Statement> {
    let mut changed = statement.clone();
    if let (Payload::Record(Value::Object(record)), Value::Object(fields)) = (&mut changed.payload, fields) {
        record.extend(fields.clone());
        return Some(changed);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_feed_has_one_of_each() {
        let late = late(2014);
        assert_eq!(late.len(), 3 * FEEDS.len(), "{late:?}");
    }
}
