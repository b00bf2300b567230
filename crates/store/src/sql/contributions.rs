//! What each record contributes to each measure: the one place where a definition of the plan file becomes SQL.
//!
//! A contribution is (measure, since, until, counts, amount, identity, ...), as the table `contributions` says. An event has since = until
//! = its date; a stock the span in which it is in force, last day included; `counts` says how the two are read. A measure is the
//! sum of amounts plus the number of distinct identities of its contributions in a period (G4, G5): each contribution has one or
//! the other. The number, its breakdowns and the records behind it all come from here.

use super::contribution::Contribution;
use super::literal;
use super::source::{ELEMENT, GRADE, Source};

/// The variable of a contribution's number.
const NUMBER: &str = "contribution";

/// The contributions of a record, as the parts of a query. A record's contributions are numbered first, and only those that it
/// makes are put together: arrays of all of them would be most of the work and of the memory.
pub(super) struct Made {
    /// The array of numbers, or of (number, entry of a list, grade).
    pub(super) entries: String,
    /// The parameters of the function from an entry to a contribution.
    pub(super) parameters: String,
    /// Its arguments: arrays.
    pub(super) arguments: &'static str,
    /// Its body: the elements of a tuple.
    pub(super) contribution: String,
}

impl Source<'_> {
    /// What a record contributes.
    pub(super) fn made(&self) -> Made {
        let all = self.contributions();
        let has_entries = all.iter().any(|c| c.list.is_some());
        let chosen = |of: fn(&Contribution) -> String| choose(&all, of);
        let elements = [
            chosen(|c| literal(&c.measure)),
            chosen(|c| format!("assumeNotNull({})", c.since)),
            chosen(|c| format!("assumeNotNull({})", c.until)),
            format!("toUInt8({})", chosen(|c| c.counts.number().to_owned())),
            chosen(|c| format!("toFloat64(ifNull({}, 0))", c.amount)),
            chosen(|c| c.identity.clone()),
            format!("toBool({})", chosen(|c| c.approximate.clone())),
            format!("toBool({})", chosen(|c| c.tallied.clone())),
            chosen(|c| format!("toString({})", c.place)),
            format!("toBool({})", chosen(|c| c.looks_back.to_string())),
        ];
        Made {
            entries: numbered(&all),
            parameters: if has_entries {
                format!("({NUMBER}, {ELEMENT}, {GRADE})")
            } else {
                NUMBER.to_owned()
            },
            arguments: if has_entries {
                "entries.1, entries.2, entries.3"
            } else {
                "entries"
            },
            contribution: elements.join(",\n            "),
        }
    }

    fn contributions(&self) -> Vec<Contribution> {
        let counted = self.measures.iter().filter_map(|defined| {
            let counting = defined.measure.counting()?;
            Some(self.contribute(defined, counting))
        });
        counted.collect()
    }
}

/// The numbers of the contributions that a record makes, with the entries that make them.
fn numbered(all: &[Contribution]) -> String {
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
        return whole;
    }
    format!(
        "arrayConcat(\n    CAST(arrayMap(n -> (n, 0, 0), {whole}), 'Array(Tuple(UInt16, UInt32, UInt32))'),\n    {})",
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
        .map(|(expression, numbers)| format!("{NUMBER} IN ({}), {expression}", numbers.join(", ")))
        .collect();
    format!("multiIf({}, {last})", branches.join(", "))
}
