//! Dates that no view keeps, as SQL: what a question for any dates, or a snapshot, computes cells of.

use quarterday_plan::period::Period;

use super::literal;
use crate::Names;

/// Periods that a query computes by itself.
pub(super) struct FreePeriods {
    /// An array of (id, first, last): all that are counted.
    pub(super) spans: String,
    /// An array of the ids that there are rows of; the others are what those are compared with.
    pub(super) shown: String,
    /// The table of periods: id, first, last, previous, previous_first, shown.
    pub(super) table: String,
    /// Whether nothing but totals is asked for.
    pub(super) totals_only: bool,
}

/// One period: its id, its dates, the id of what it is compared with.
struct Line<'a> {
    id: &'static str,
    period: &'a Period,
    previous: &'static str,
}

impl FreePeriods {
    /// The dates of the parameters `first` and `last`, compared with those of `previous_first` and `previous_last`.
    pub(super) fn of_parameters() -> Self {
        let id = "concat(toString({first:Date32}), '..', toString({last:Date32}))";
        FreePeriods {
            spans: format!(
                "[({id}, {{first:Date32}}, {{last:Date32}}), ('previous', {{previous_first:Date32}}, {{previous_last:Date32}})]"
            ),
            shown: format!("[{id}]"),
            table: format!(
                "(SELECT {id} AS id, {{first:Date32}} AS first, {{last:Date32}} AS last, 'previous' AS previous, \
                 {{previous_first:Date32}} AS previous_first, true AS shown \
                 UNION ALL \
                 SELECT 'previous', {{previous_first:Date32}}, {{previous_last:Date32}}, '', {{previous_first:Date32}}, false)"
            ),
            totals_only: false,
        }
    }

    /// The periods that views keep.
    pub(super) fn kept(names: &Names) -> Self {
        let store = names.store();
        FreePeriods {
            spans: format!("(SELECT groupArray((id, first, last)) FROM {store}.periods)"),
            shown: format!("(SELECT groupArray(id) FROM {store}.periods WHERE shown)"),
            table: format!("(SELECT id, first, last, previous, previous_first, shown FROM {store}.periods)"),
            totals_only: false,
        }
    }

    /// The periods that a snapshot of a period is made of.
    pub(super) fn all_of_snapshot(period: &Period) -> Vec<Period> {
        let (last_year, to_date) = (period.year_before(), period.year_to_date());
        let compared = [last_year.year_before(), to_date.year_before()];
        [*period, last_year, to_date]
            .into_iter()
            .chain(compared)
            .collect()
    }

    /// What a snapshot of a period is made of: the period (`this`), the same a year before (`last_year`) and the year to date
    /// (`to_date`), each with what its changes are compared with.
    pub(super) fn of_snapshot(period: &Period) -> Self {
        let (last_year, to_date) = (period.year_before(), period.year_to_date());
        let (year_before_last, to_date_before) = (last_year.year_before(), to_date.year_before());
        let line = |id, period, previous| Line { id, period, previous };
        let lines = [
            line("this", period, "last_year"),
            line("last_year", &last_year, "year_before_last"),
            line("to_date", &to_date, "to_date_before"),
            line("year_before_last", &year_before_last, ""),
            line("to_date_before", &to_date_before, ""),
        ];
        let shown = lines.iter().filter(|line| !line.previous.is_empty());
        let shown: Vec<String> = shown.map(|line| literal(line.id)).collect();
        FreePeriods {
            spans: format!("[{}]", lines.each_ref().map(Line::span).join(", ")),
            shown: format!("[{}]", shown.join(", ")),
            table: format!("({})", lines.each_ref().map(Line::row).join(" UNION ALL ")),
            totals_only: true,
        }
    }
}

impl Line<'_> {
    fn dates(&self) -> String {
        format!(
            "toDate32('{}'), toDate32('{}')",
            self.period.first(),
            self.period.last()
        )
    }

    fn span(&self) -> String {
        format!("({}, {})", literal(self.id), self.dates())
    }

    fn row(&self) -> String {
        format!(
            "SELECT {} AS id, {} AS first, {} AS last, {} AS previous, toDate32('{}') AS previous_first, {} AS shown",
            literal(self.id),
            format_args!("toDate32('{}')", self.period.first()),
            format_args!("toDate32('{}')", self.period.last()),
            literal(self.previous),
            self.period.year_before().first(),
            !self.previous.is_empty()
        )
    }
}
