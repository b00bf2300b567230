//! When each partner's records are of: what shows that a partner has returned something for a quarter (G9).

use std::collections::BTreeSet;

use quarterday_plan::plan::Placing;

use super::columns::first_date;
use super::contribution::Counts;
use super::source::{ELEMENT, Source};
use crate::Names;

const SPANS: &str = "Array(Tuple(Nullable(Date32), Nullable(Date32)))";

impl Source<'_> {
    /// The statement that creates the view of presence: partner, scope code, since, until. Every live record, whatever its
    /// district, on each date that places it for some measure; a stock places it on its first day only, because what began in
    /// earlier years says nothing of this quarter's return.
    #[must_use]
    pub fn create_presence(&self, names: &Names) -> String {
        format!(
            "CREATE OR REPLACE VIEW {} AS\nSELECT DISTINCT partner, scope, assumeNotNull(span.1) AS since, \
             assumeNotNull(span.2) AS until\nFROM\n(\n    SELECT partner, {} AS scope, arrayJoin(arrayFilter(s -> s.1 IS NOT \
             NULL, arrayConcat(\n        {}))) AS span\n    FROM {}\n)",
            names.presence(self.name()),
            self.scope
                .map_or("''".to_owned(), |field| format!("toString({field})")),
            self.placed().join(",\n        "),
            names.live(self.name()),
        )
    }

    /// Arrays of spans, of one record.
    fn placed(&self) -> Vec<String> {
        let mut spans: BTreeSet<String> = BTreeSet::new();
        for counting in self
            .measures
            .iter()
            .filter_map(|defined| defined.measure.counting())
        {
            let when = self.when(counting);
            let (since, until) = match (&counting.placing, when.counts) {
                // In force since an earlier year, or of this grade since some day, is no date of a return.
                (Placing::InForce(span, _), _) => {
                    let from = self.date(counting, &span.from);
                    (from.clone(), from)
                }
                (_, Counts::AtEnd) => (when.since.clone(), when.since),
                (_, Counts::During | Counts::Exactly) => (when.since, when.until),
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
