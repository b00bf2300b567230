//! What each live record contributes to each measure: the one place where a definition of the plan file becomes SQL.
//!
//! A contribution is (measure, since, until, at_end, amount, identity). An event has since = until = its date; a stock
//! the span in which it is in force, last day included, and `at_end`: it counts where the last day of the period lies in
//! the span. A measure is the sum of amounts plus the number of distinct identities of its contributions in a period
//! (G4, G5): each contribution has one or the other. The number, its breakdowns and the records behind it all come from
//! here.

use std::collections::BTreeSet;
use std::sync::Arc;

use quarterday_events::RecordType;
use quarterday_plan::plan::{Area, Counted, InForce, Kind, Measure};

use super::columns::{date_column, first_date};
use super::{literal, quoted_list};
use crate::Names;

/// A record type with the measures that it carries.
pub struct Source<'p> {
    /// The record type.
    pub record_type: Arc<RecordType>,
    /// Its measures and figures, each with the district of its plan.
    pub measures: Vec<(&'p Measure, &'p str)>,
}

/// A day after any that can be in force.
const FOR_EVER: &str = "toDate32('2299-12-31')";

/// What one live record contributes to one measure, as expressions.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Contribution {
    measure: String,
    condition: String,
    since: String,
    until: String,
    at_end: bool,
    amount: String,
    identity: String,
}

impl Source<'_> {
    /// The statement that creates the view of contributions. A record's contributions are numbered first, and only those
    /// that it makes are put together: arrays of all of them would be most of the work and of the memory.
    #[must_use]
    pub fn create_view(&self, names: &Names) -> String {
        let name = self.record_type.name();
        let mut all: Vec<Contribution> = self.measures.iter().map(|(m, d)| self.contribute(m, d)).collect();
        all.extend(self.presence());
        let numbers = all
            .iter()
            .zip(1..)
            .map(|(c, number)| format!("if(ifNull({}, false), {number}, 0)", c.condition));
        let chosen = |of: fn(&Contribution) -> String| choose(&all, of);
        format!(
            "CREATE OR REPLACE VIEW {} AS\nSELECT\n    {} AS measure,\n    {} AS since,\n    {} AS until,\n    {} AS at_end,\n    \
             {} AS amount,\n    {} AS identity,\n    feed, partner, ref, version, district, ward, topic, \
             kafka_partition, kafka_offset\nFROM\n(\n    SELECT *, arrayJoin(arrayFilter(n -> n > 0, CAST([\n        {}\n    \
             ], 'Array(UInt16)'))) AS contribution\n    FROM {}\n)",
            names.contributions(name),
            chosen(|c| literal(&c.measure)),
            chosen(|c| format!("assumeNotNull({})", c.since)),
            chosen(|c| format!("assumeNotNull({})", c.until)),
            chosen(|c| c.at_end.to_string()),
            chosen(|c| format!("toFloat64(ifNull({}, 0))", c.amount)),
            chosen(|c| c.identity.clone()),
            numbers.collect::<Vec<_>>().join(",\n        "),
            names.live(name),
        )
    }

    /// The partners of each measure, as an array of (measure, partners).
    #[must_use]
    pub fn returned_by(&self) -> String {
        let each = self.measures.iter().map(|(measure, _)| {
            let partners = quoted_list(measure.returned_by.iter().map(String::as_str));
            format!("({}, [{partners}])", literal(&measure.id))
        });
        let each: Vec<String> = each.collect();
        format!(
            "CAST([{}], 'Array(Tuple(String, Array(String)))')",
            each.join(", ")
        )
    }

    /// The contribution of one record to one measure, for the register.
    #[must_use]
    pub fn contribution(&self, measure: &Measure, district: &str) -> String {
        let c = self.contribute(measure, district);
        let place = if c.at_end { "in force since" } else { "since" };
        format!(
            "{} WHERE {}: {place} {} until {}, amount {}, identity {}",
            names_of_live(&self.record_type),
            c.condition,
            c.since,
            c.until,
            c.amount,
            c.identity
        )
    }

    fn contribute(&self, measure: &Measure, district: &str) -> Contribution {
        let (since, until, at_end) = self.span(measure);
        let (amount, identity) = match &measure.kind {
            Kind::Counted(counted) | Kind::Change { of: counted, .. } => parts(counted),
            Kind::Stock(_) => ("1".to_owned(), "''".to_owned()),
        };
        Contribution {
            measure: measure.id.clone(),
            condition: self.condition(measure, district, &since),
            since,
            until,
            at_end,
            amount,
            identity,
        }
    }

    /// A pseudo-measure `@<record type>`: every live record, whatever its district, on each date that places it for some
    /// measure. It shows which partners have returned anything for a period (G9).
    fn presence(&self) -> Vec<Contribution> {
        let mut dates: BTreeSet<String> = self.measures.iter().map(|(m, _)| self.span(m).0).collect();
        if dates.is_empty() {
            let sent = || "toDate32(sent_at, 'Europe/London')".to_owned();
            dates.insert(first_date(&self.record_type).unwrap_or_else(sent));
        }
        let on = |date: String| Contribution {
            measure: format!("@{}", self.record_type.name()),
            condition: format!("({date}) IS NOT NULL"),
            since: date.clone(),
            until: date,
            at_end: false,
            amount: "1".to_owned(),
            identity: "''".to_owned(),
        };
        dates.into_iter().map(on).collect()
    }

    fn condition(&self, measure: &Measure, district: &str, since: &str) -> String {
        let partners: Vec<String> = measure.returned_by.iter().map(|p| literal(p)).collect();
        let mut all = vec![format!("partner IN ({})", partners.join(", "))];
        if measure.area == Area::District {
            all.push(format!("district = {}", literal(district)));
        }
        if let Some(filter) = &measure.filter {
            all.push(format!("({filter})"));
        }
        all.push(format!("({since}) IS NOT NULL"));
        all.join(" AND ")
    }

    /// Since when and until when (inclusive) a record counts, and whether only on the last day of a period.
    fn span(&self, measure: &Measure) -> (String, String, bool) {
        if let Kind::Stock(InForce { from, until }) = &measure.kind {
            let ends: Vec<String> = until
                .iter()
                .map(|end| format!("ifNull({}, {FOR_EVER})", self.date(end)))
                .collect();
            let first_end = if ends.len() == 1 {
                ends.concat()
            } else {
                format!("least({})", ends.join(", "))
            };
            return (self.date(from), format!("{first_end} - 1"), true);
        }
        let date = self.date(measure.date.as_deref().unwrap_or_default());
        (date.clone(), date, false)
    }

    /// The column of a field's date (G2).
    fn date(&self, field: &str) -> String {
        let column = self.record_type.columns().iter().find(|c| c.name == field);
        column.and_then(date_column).unwrap_or_else(|| field.to_owned())
    }
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

/// How the register calls the records that count.
fn names_of_live(record_type: &RecordType) -> String {
    format!("live {}", record_type.name())
}

/// Amount and identity. P pseudonyms are distinct within a partner, M pseudonyms across partners (domain.md section 3). A
/// person without a pseudonym counts as a tally of one.
fn parts(counted: &Counted) -> (String, String) {
    match counted {
        Counted::Events { amount: None } => ("1".to_owned(), "''".to_owned()),
        Counted::Events { amount: Some(amount) } | Counted::Sum { amount } => {
            (amount.clone(), "''".to_owned())
        }
        Counted::Distinct { identity, tally } => {
            let person = format!(
                "if(startsWith(ifNull({identity}, ''), 'P'), concat(partner, ' ', ifNull({identity}, '')), \
                 ifNull({identity}, ''))"
            );
            if *tally {
                let amount =
                    format!("multiIf(basis = 'TALLY', headcount, ifNull({identity}, '') = '', 1, 0)");
                (amount, format!("if(basis = 'TALLY', '', {person})"))
            } else {
                (format!("if(ifNull({identity}, '') = '', 1, 0)"), person)
            }
        }
    }
}
