//! What each live record contributes to each measure: the one place where a definition of the plan file becomes SQL.
//!
//! A contribution is (measure, since, until, counts, amount, identity). An event has since = until = its date; a stock the
//! span in which it is in force, last day included; `counts` says how the two are read. A measure is the sum of amounts plus
//! the number of distinct identities of its contributions in a period (G4, G5): each contribution has one or the other.
//! The number, its breakdowns and the records behind it all come from here.

use super::contribution::{Contribution, Counts};
use super::literal;
use super::source::{ELEMENT, GRADE, Source};
use crate::Names;
use crate::declared::Defined;

impl Source<'_> {
    /// The statement that creates the view of contributions. A record's contributions are numbered first, and only those
    /// that it makes are put together: arrays of all of them would be most of the work and of the memory.
    #[must_use]
    pub fn create_view(&self, names: &Names) -> String {
        let all = self.contributions(names);
        let chosen = |of: fn(&Contribution) -> String| choose(&all, of);
        format!(
            "CREATE OR REPLACE VIEW {} AS\nSELECT\n    {} AS measure,\n    {} AS since,\n    {} AS until,\n    {} AS counts,\n    \
             {} AS amount,\n    {} AS identity,\n    {} AS approximate,\n    {} AS tallied,\n    {} AS place,\n    \
             feed, partner, ref, version, district, ward, topic, kafka_partition, kafka_offset\nFROM\n(\n{}\n)",
            names.contributions(self.name()),
            chosen(|c| literal(&c.measure)),
            chosen(|c| format!("assumeNotNull({})", c.since)),
            chosen(|c| format!("assumeNotNull({})", c.until)),
            chosen(|c| c.counts.number().to_owned()),
            chosen(|c| format!("toFloat64(ifNull({}, 0))", c.amount)),
            chosen(|c| c.identity.clone()),
            chosen(|c| c.approximate.clone()),
            chosen(|c| c.tallied.clone()),
            chosen(|c| format!("toString({})", c.place)),
            numbered(&all, &names.live(self.name())),
        )
    }

    /// The contribution of one record to one measure, for the register.
    #[must_use]
    pub fn contribution(&self, names: &Names, defined: &Defined<'_>) -> String {
        let Some(counting) = defined.measure.counting() else {
            return String::new();
        };
        let c = self.contribute(names, defined, counting);
        let place = match c.counts {
            Counts::During => "counts from",
            Counts::AtEnd => "in force from",
            Counts::Exactly => "reported for",
        };
        let each = c.list.map(|list| format!(", each of {list}")).unwrap_or_default();
        format!(
            "live {}{each} WHERE {}: {place} {} to {}, amount {}, identity {}",
            self.name(),
            c.condition,
            c.since,
            c.until,
            c.amount,
            c.identity
        )
    }

    fn contributions(&self, names: &Names) -> Vec<Contribution> {
        let counted = self.measures.iter().filter_map(|defined| {
            let counting = defined.measure.counting()?;
            Some(self.contribute(names, defined, counting))
        });
        counted.collect()
    }
}

/// Rows of the record type, each as often as it contributes, with the contribution's number and the entry that makes it.
fn numbered(all: &[Contribution], live: &str) -> String {
    let numbers = all.iter().zip(1..).filter(|(c, _)| c.list.is_none());
    let numbers: Vec<String> = numbers
        .map(|(c, number): (&Contribution, usize)| format!("if({}, {number}, 0)", c.is_made()))
        .collect();
    let whole = format!(
        "arrayFilter(n -> n > 0, CAST([\n        {}\n    ], 'Array(UInt16)'))",
        numbers.join(",\n        ")
    );
    let entries: Vec<String> = all
        .iter()
        .zip(1..)
        .filter_map(|(c, number)| Some(c.per_entry(number, c.list.as_deref()?)))
        .map(|entries| format!("CAST({entries}, 'Array(Tuple(UInt16, UInt32, UInt32))')"))
        .collect();
    if entries.is_empty() {
        return format!("    SELECT *, arrayJoin({whole}) AS contribution\n    FROM {live}");
    }
    format!(
        "    SELECT *, arrayJoin(arrayConcat(\n    CAST(arrayMap(n -> (n, 0, 0), {whole}), 'Array(Tuple(UInt16, UInt32, UInt32))'),\n    \
         {})) AS made,\n        made.1 AS contribution, made.2 AS {ELEMENT}, made.3 AS {GRADE}\n    FROM {live}",
        entries.join(",\n    ")
    )
}

/// The expression of each contribution by its number. Contributions with one expression share a branch.
fn choose(all: &[Contribution], of: fn(&Contribution) -> String) -> String {
    let mut branches: Vec<(String, Vec<String>)> = Vec::new();
    for (contribution, number) in all.iter().zip(1..) {
        let (expression, number) = (of(contribution), i32::to_string(&number));
        match branches.iter_mut().find(|(known, _)| *known == expression) {
            Some((_, numbers)) => numbers.push(number),
            None => branches.push((expression, vec![number])),
        }
    }
    let Some((last, _)) = branches.pop() else {
        return "NULL".to_owned();
    };
    if branches.is_empty() {
        return last;
    }
    let branches: Vec<String> = branches
        .iter()
        .map(|(expression, numbers)| format!("contribution IN ({}), {expression}", numbers.join(", ")))
        .collect();
    format!("multiIf({}, {last})", branches.join(", "))
}
