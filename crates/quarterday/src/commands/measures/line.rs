//! A measure as people read it: beside what it was a year before, and whether that is what the plan wants. ClickHouse says so, by the query
//! of what is frozen; companions and breakdowns have only their numbers.

use quarterday_report::{Direction, Status};
use quarterday_store::{FrozenValue, MeasureRow};
use serde::Serialize;

use crate::marks;
use crate::output::{self, Heading, Rows};

/// A line of the table.
#[derive(Serialize)]
pub(super) struct Line {
    row: MeasureRow,
    beside: Option<FrozenValue>,
}

impl Line {
    /// A measure with what stands beside it, if it is a total.
    pub(super) fn of(row: MeasureRow, beside: &[FrozenValue]) -> Self {
        let is_total = row.ward.is_none() && row.partner.is_none();
        let beside = beside.iter().find(|value| is_total && value.id == row.id);
        Line {
            beside: beside.cloned(),
            row,
        }
    }

    fn direction(&self) -> String {
        let beside = self.beside.as_ref();
        beside.map_or_else(String::new, |value| {
            Direction::of(&value.trend, &value.direction).in_words()
        })
    }
}

impl Rows for Line {
    fn nothing() -> &'static str {
        "no measures"
    }

    fn headings() -> &'static [Heading] {
        const HEADINGS: [Heading; 11] = [
            Heading::words("id"),
            Heading::words("title"),
            Heading::words("period"),
            Heading::words("by"),
            Heading::numbers("value"),
            Heading::words("unit"),
            Heading::numbers("a year before"),
            Heading::numbers("change"),
            Heading::words("direction"),
            Heading::words("status"),
            Heading::words("returned"),
        ];
        &HEADINGS
    }

    fn cells(&self) -> Vec<String> {
        let row = &self.row;
        let by = row.ward.as_ref().or(row.partner.as_ref());
        let status = Status::of(&row.status);
        vec![
            row.id.clone(),
            row.title.clone(),
            row.period.clone(),
            by.cloned().unwrap_or_default(),
            marks::printed(row),
            row.unit.clone(),
            output::number(self.beside.as_ref().and_then(|value| value.last_year.value)),
            output::signed(self.beside.as_ref().and_then(|value| value.change.value)),
            self.direction(),
            status.in_words(),
            format!("{} of {}", row.coverage.returned, row.coverage.expected),
        ]
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn row(id: &str, value: Option<f64>, status: &str) -> MeasureRow {
        let row = json!({
            "id": id, "title": "Referrals to the service, of people who live in the district", "period": "2015-16/Q1", "first": "2015-04-01",
            "last": "2015-06-30", "ward": null, "partner": null, "value": value, "numerator": value, "denominator": null, "delta": null,
            "percent": null, "unit": "referrals", "status": status, "coverage": {"returned": 1, "expected": 2}, "approximate": false,
            "up_to": false, "missing": [], "definition_version": 1, "definition_hash": "ab", "watermark": {},
            "computed_at": "2016-01-01 00:00:00"
        });
        serde_json::from_value(row).unwrap()
    }

    fn beside(id: &str, change: f64, trend: &str, direction: &str) -> FrozenValue {
        let value = json!({
            "id": id, "title": "", "unit": "", "polarity": "up", "value": 7.0 + change, "numerator": null, "denominator": null,
            "status": "final", "coverage": {"returned": 1, "expected": 2}, "approximate": false, "up_to": false, "missing": [],
            "last_year": {"value": 7.0, "status": "final"}, "change": {"value": change, "percent": null},
            "year_to_date": {"value": null, "numerator": null, "denominator": null, "status": "final"}, "trend": trend,
            "direction": direction, "definition_version": 1, "definition_hash": "ab"
        });
        serde_json::from_value(value).unwrap()
    }

    fn lines() -> Vec<Line> {
        let beside = [
            beside("P1.01a", 5.0, "up", "neutral"),
            beside("P1.02c", 2.5, "up", "worse"),
            beside("P1.03", -1.0, "down", "worse"),
            beside("P3.01", 0.0, "level", "same"),
        ];
        let rows = [
            row("P1.01a", Some(12.0), "final"),
            row("P1.02c", Some(9.5), "provisional"),
            row("P1.03", Some(6.0), "partial"),
            row("P1.04", None, "not_returned"),
            row("P3.01", Some(7.0), "conflict"),
        ];
        rows.into_iter().map(|row| Line::of(row, &beside)).collect()
    }

    #[test]
    fn a_table_says_where_numbers_go() {
        insta::assert_snapshot!(output::render(&lines(), crate::cli::Format::Table).unwrap());
    }

    #[test]
    fn a_table_is_no_wider_than_the_terminal() {
        for columns in [100, 140, 240] {
            let table = output::within(&lines(), columns);
            let widest = table.lines().map(|line| line.chars().count()).max().unwrap();
            assert!(widest <= usize::from(columns), "{columns}:\n{table}");
        }
    }
}
