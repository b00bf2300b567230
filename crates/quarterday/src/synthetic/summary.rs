//! What a list of statements holds: how many of each feed, and the troubles among them, counted from the list itself.

use std::collections::BTreeMap;

use serde_json::Value;

use super::bad;
use super::statement::{Payload, Statement};

/// Counts over a list of statements.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary {
    /// All statements.
    pub statements: usize,
    /// The statements of each feed.
    pub feeds: BTreeMap<&'static str, usize>,
    /// Versions that mend a record.
    pub amendments: usize,
    /// Versions that take a record back.
    pub withdrawals: usize,
    /// Repetitions of a version with the same content.
    pub duplicates: usize,
    /// Repetitions of a version with other content.
    pub conflicts: usize,
    /// Records whose SUBMIT never comes.
    pub orphans: usize,
    /// Records whose first SUBMIT comes after another version.
    pub late_submits: usize,
    /// Records with a version that comes after a higher one; the late submits are among them.
    pub out_of_order: usize,
    /// Records that were submitted again after they had been withdrawn.
    pub resubmissions: usize,
    /// Messages that no worker may take.
    pub bad: usize,
}

/// What the summary needs to know of a record: its versions in the order of arrival, each once.
#[derive(Default)]
struct Record<'s> {
    versions: Vec<(i64, &'s Value)>,
}

impl Summary {
    /// Counts a list in the order of producing.
    pub fn of(statements: &[Statement]) -> Self {
        let mut summary = Summary {
            statements: statements.len(),
            ..Summary::default()
        };
        let mut records: BTreeMap<(&str, &str), Record<'_>> = BTreeMap::new();
        for statement in statements {
            *summary.feeds.entry(statement.feed).or_default() += 1;
            match &statement.payload {
                Payload::Record(record) if !bad::is_bad(statement, record) => {
                    let key = (statement.feed, statement.reference.as_str());
                    records.entry(key).or_default().arrive(record, &mut summary);
                }
                _ => summary.bad += 1,
            }
        }
        for record in records.values() {
            summary.add(record);
        }
        summary
    }

    fn add(&mut self, record: &Record<'_>) {
        let versions = &record.versions;
        let first_submit = versions.iter().position(|(_, record)| op(record) == "SUBMIT");
        self.orphans += usize::from(first_submit.is_none());
        self.late_submits += usize::from(first_submit.is_some_and(|position| position > 0));
        self.out_of_order += usize::from(!versions.is_sorted_by_key(|(number, _)| *number));
        let highest = |wanted| {
            versions
                .iter()
                .filter(|(_, r)| op(r) == wanted)
                .map(|(number, _)| *number)
                .max()
        };
        self.resubmissions += usize::from(highest("WITHDRAW").is_some_and(|w| Some(w) < highest("SUBMIT")));
    }
}

impl<'s> Record<'s> {
    fn arrive(&mut self, record: &'s Value, summary: &mut Summary) {
        let number = record.get("version").and_then(Value::as_i64).unwrap_or_default();
        if let Some((_, first)) = self.versions.iter().find(|(known, _)| *known == number) {
            let same = ["op", "reason", "district", "ward", "body"]
                .iter()
                .all(|f| first.get(f) == record.get(f));
            let counted = if same {
                &mut summary.duplicates
            } else {
                &mut summary.conflicts
            };
            *counted += 1;
            return;
        }
        self.versions.push((number, record));
        match op(record) {
            "AMEND" => summary.amendments += 1,
            "WITHDRAW" => summary.withdrawals += 1,
            _ => {}
        }
    }
}

fn op(record: &Value) -> &str {
    record.get("op").and_then(Value::as_str).unwrap_or_default()
}
