//! What each live record contributes to each measure: the one place where a definition of the plan file becomes SQL.
//!
//! A contribution is (measure, since, until, at_end, amount, identity). An event has since = until = its date; a stock
//! the span in which it is in force, last day included, and `at_end`: it counts where the last day of the period lies in
//! the span. A measure is the sum of amounts plus the number of distinct identities of its contributions in a period
//! (G4, G5): each contribution has one or the other. The number, its breakdowns and the records behind it all come from
//! here.

use std::sync::Arc;

use quarterday_events::RecordType;
use quarterday_plan::plan::{Area, Counted, InForce, Kind, Measure};

use super::columns::{date_column, first_date};
use super::literal;
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

impl Source<'_> {
    /// The statement that creates the view of contributions.
    #[must_use]
    pub fn create_view(&self, names: &Names) -> String {
        let name = self.record_type.name();
        let mut contributions: Vec<String> = self
            .measures
            .iter()
            .map(|(measure, district)| self.contribution(measure, district))
            .collect();
        contributions.push(self.presence());
        format!(
            "CREATE OR REPLACE VIEW {} AS\nSELECT c.1 AS measure, c.2 AS since, c.3 AS until, c.4 AS at_end, \
             c.5 AS amount, c.6 AS identity,\n    feed, partner, ref, version, district, ward, topic, \
             kafka_partition, kafka_offset\nFROM (\n    SELECT *, arrayJoin(arrayFilter(x -> x.1 != '', [\n        \
             {}\n    ])) AS c\n    FROM {}\n)",
            names.contributions(name),
            contributions.join(",\n        "),
            names.live(name),
        )
    }

    /// The contribution of one record to one measure, as a tuple whose first part is empty where it has none.
    #[must_use]
    pub fn contribution(&self, measure: &Measure, district: &str) -> String {
        let (since, until, at_end) = self.span(measure);
        let (amount, identity) = match &measure.kind {
            Kind::Counted(counted) | Kind::Change { of: counted, .. } => parts(counted),
            Kind::Stock(_) => ("1".to_owned(), "''".to_owned()),
        };
        format!(
            "(if(ifNull({}, false), {}, ''), assumeNotNull({since}), assumeNotNull({until}), {at_end}, \
             toFloat64({amount}), {identity})",
            self.condition(measure, district, &since),
            literal(&measure.id),
        )
    }

    /// A pseudo-measure `@<record type>`: every live record, whatever its district, on its first date. It shows which
    /// partners have returned anything for a period (G9).
    fn presence(&self) -> String {
        let date =
            first_date(&self.record_type).unwrap_or_else(|| "toDate32(sent_at, 'Europe/London')".to_owned());
        format!(
            "(if(({date}) IS NULL, '', {}), assumeNotNull({date}), assumeNotNull({date}), false, 1., '')",
            literal(&format!("@{}", self.record_type.name())),
        )
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
    fn span(&self, measure: &Measure) -> (String, String, &'static str) {
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
            return (self.date(from), format!("{first_end} - 1"), "true");
        }
        let date = self.date(measure.date.as_deref().unwrap_or_default());
        (date.clone(), date, "false")
    }

    /// The column of a field's date (G2).
    fn date(&self, field: &str) -> String {
        let column = self.record_type.columns().iter().find(|c| c.name == field);
        column.and_then(date_column).unwrap_or_else(|| field.to_owned())
    }
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
