//! The first page: how much is there, and what somebody should look at.

use std::collections::{BTreeMap, BTreeSet};

use quarterday_plan::plan::Plan;

use crate::cell::{number, signed};
use crate::report::Section;
use crate::row::{Row, Status};
use crate::source::Source;

/// What the first page says.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Front {
    /// How many measures of plans there are, with figures of reviews apart.
    pub(crate) measures: usize,
    /// How many have each status, those that most have first.
    pub(crate) statuses: Vec<(Status, usize)>,
    /// Partners whose returns are missing, with the quarters.
    pub(crate) outstanding: Vec<(String, String)>,
    /// What somebody should look at: the measure and why.
    pub(crate) exceptions: Vec<Exception>,
    /// Why there is another revision, and what it has changed.
    pub(crate) reason: String,
    pub(crate) changes: Vec<Restated>,
    /// Whether something is hidden from who reads.
    pub(crate) hides: bool,
    /// Whether the period had not ended.
    pub(crate) provisional: bool,
}

/// A measure that somebody should look at.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Exception {
    pub(crate) section: String,
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) why: String,
}

/// A number that is another one than in the revision before.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Restated {
    pub(crate) id: String,
    pub(crate) before: String,
    pub(crate) after: String,
    pub(crate) why: String,
}

impl Front {
    pub(crate) fn of(source: &Source<'_>, sections: &[Section]) -> Self {
        let of_plans: BTreeSet<&str> = source
            .plans
            .iter()
            .flat_map(|plan: &Plan| plan.measures.iter().map(|measure| measure.id.as_str()))
            .collect();
        let lines = source
            .lines
            .iter()
            .filter(|line| of_plans.contains(line.value.id.as_str()));
        let statuses: Vec<Status> = lines.map(|line| Status::of(&line.value.status)).collect();
        Front {
            measures: statuses.len(),
            statuses: counted(&statuses),
            outstanding: outstanding(source),
            exceptions: exceptions(sections),
            reason: source.reason.to_owned(),
            changes: changes(source),
            hides: source.lines.iter().any(|line| !line.hidden.is_empty()),
            provisional: source.header.provisional,
        }
    }
}

fn counted(statuses: &[Status]) -> Vec<(Status, usize)> {
    let mut counts: Vec<(Status, usize)> = Vec::new();
    for status in statuses {
        match counts.iter_mut().find(|(known, _)| known == status) {
            Some((_, count)) => *count += 1,
            None => counts.push((*status, 1)),
        }
    }
    counts.sort_by(|(one, fewer), (other, more)| more.cmp(fewer).then(one.word.cmp(other.word)));
    counts
}

/// `missing` has a partner and a quarter in each entry.
fn outstanding(source: &Source<'_>) -> Vec<(String, String)> {
    let mut quarters: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for entry in source.lines.iter().flat_map(|line| &line.value.missing) {
        if let Some((partner, quarter)) = entry.split_once(' ') {
            quarters.entry(partner).or_default().insert(quarter);
        }
    }
    let each = quarters.into_iter();
    each.map(|(partner, quarters)| {
        let quarters: Vec<&str> = quarters.into_iter().collect();
        (partner.to_owned(), quarters.join(", "))
    })
    .collect()
}

/// Those that go the wrong way, then those whose number is not all there.
fn exceptions(sections: &[Section]) -> Vec<Exception> {
    let mut found = Vec::new();
    let reasons: [fn(&Row) -> Option<String>; 2] = [goes_wrong, is_not_all_there];
    for reason in reasons {
        for section in sections {
            let rows = section.rows.iter().filter_map(|row| {
                Some(Exception {
                    section: section.id.clone(),
                    id: row.id.clone(),
                    title: row.title.clone(),
                    why: reason(row)?,
                })
            });
            found.extend(rows);
        }
    }
    found
}

fn goes_wrong(row: &Row) -> Option<String> {
    (row.direction.word == "worse").then(|| {
        let before = match row.last_year.number {
            Some(_) => format!(", {} a year before", row.last_year.text),
            None => String::new(),
        };
        format!(
            "{} worse: {} {}{before}",
            row.direction.arrow, row.this.text, row.unit
        )
    })
}

fn is_not_all_there(row: &Row) -> Option<String> {
    let is_open = ["partial", "conflict", "not returned"].contains(&row.status.word);
    is_open.then(|| row.status.in_words())
}

fn changes(source: &Source<'_>) -> Vec<Restated> {
    let known =
        |value: Option<f64>, status: &str| value.map_or_else(|| Status::of(status).word.to_owned(), number);
    let changes = source.ledger.iter().map(|changed| {
        let parts = changed.parts.iter();
        let parts: Vec<String> = parts
            .map(|part| format!("{} {}", part.cause, signed(part.change)))
            .collect();
        Restated {
            id: changed.id.clone(),
            before: known(changed.before, &changed.status_before),
            after: known(changed.after, &changed.status_after),
            why: parts.join("; "),
        }
    });
    changes.collect()
}
