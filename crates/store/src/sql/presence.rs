//! When a record is of: what shows that a partner has returned something for a quarter (G9).

use std::collections::BTreeSet;

use quarterday_plan::plan::Placing;

use super::columns::first_date;
use super::source::{ELEMENT, Source};

pub(super) const SPANS: &str = "Array(Tuple(Nullable(Date32), Nullable(Date32)))";

impl Source<'_> {
    /// Arrays of the spans of one record that show that its partner has returned something, whatever its district: each date that
    /// places it for some measure. What lasts is placed on its first day only, because what began in earlier quarters says nothing
    /// of this quarter's return.
    pub(super) fn placed(&self) -> Vec<String> {
        let mut spans: BTreeSet<String> = BTreeSet::new();
        for counting in self
            .measures
            .iter()
            .filter_map(|defined| defined.measure.counting())
        {
            let when = self.when(counting);
            let (since, until) = match &counting.placing {
                // In force or on the books since an earlier quarter, or of this grade since some day, is no date of a return.
                Placing::InForce(span, _) | Placing::During(span) => {
                    let from = self.date(counting, &span.from);
                    (from.clone(), from)
                }
                Placing::DoneBy(_) => (when.since.clone(), when.since),
                Placing::On(_) | Placing::ReportedFor(..) => (when.since, when.until),
            };
            let list = counting.each.first().and_then(|list| self.list_column(list));
            let span = format!("({since}, {until})");
            spans.insert(match list {
                Some(list) => {
                    format!("CAST(arrayMap({ELEMENT} -> {span}, arrayEnumerate({list})), '{SPANS}')")
                }
                None => format!("CAST([{span}], '{SPANS}')"),
            });
        }
        if spans.is_empty() {
            let sent = || "toDate32(sent_at, 'Europe/London')".to_owned();
            let first = first_date(&self.record_type).unwrap_or_else(sent);
            spans.insert(format!("CAST([({first}, {first})], '{SPANS}')"));
        }
        spans.into_iter().collect()
    }
}
