//! A measure as people read it: beside what it was a year before, and whether that is what the plan wants.

use quarterday_plan::plan::{Against, Measure, Polarity};
use quarterday_report::{Direction, Status};
use quarterday_store::MeasureRow;
use serde::Serialize;

use crate::builtin::InForce;
use crate::marks;
use crate::output::{self, Heading, Rows};

/// A line of the table.
#[derive(Serialize)]
pub(super) struct Line {
    row: MeasureRow,
    before: Option<f64>,
    change: Option<f64>,
    /// As it is printed.
    direction: String,
}

impl Line {
    pub(super) fn of(row: MeasureRow, before: &[MeasureRow], in_force: &InForce) -> Self {
        let place = |row: &MeasureRow| (row.id.clone(), row.ward.clone(), row.partner.clone());
        let before = before.iter().find(|before| place(before) == place(&row));
        let before = before.and_then(|before| before.value);
        let measure = in_force.definition(&row.id).map(|(_, measure)| measure);
        let change = changed(&row, before, measure);
        Line {
            direction: direction(change, measure),
            row,
            before,
            change,
        }
    }
}

/// What it has more than a year before; of a measure that is a change itself, that change.
fn changed(row: &MeasureRow, before: Option<f64>, measure: Option<&Measure>) -> Option<f64> {
    let measure = measure?;
    let is_change = measure
        .counting()
        .is_some_and(|counting| matches!(counting.against, Against::YearBefore { .. }));
    if is_change {
        return row.delta;
    }
    // Nothing before the series began can be compared (G8).
    let first: jiff::civil::Date = row.first.parse().ok()?;
    let is_comparable = measure
        .series_from
        .is_none_or(|begins| begins <= first.saturating_sub(jiff::Span::new().years(1)));
    let rounded = |change: f64| (change * 1e6).round() / 1e6;
    row.value
        .zip(before)
        .filter(|_| is_comparable)
        .map(|(now, then)| rounded(now - then))
}

fn direction(change: Option<f64>, measure: Option<&Measure>) -> String {
    let (Some(change), Some(measure)) = (change, measure) else {
        return String::new();
    };
    let (trend, word) = match (change > 0.0, change < 0.0, measure.polarity) {
        (false, false, _) => ("level", "same"),
        (up, _, Polarity::Neutral) => (if up { "up" } else { "down" }, "neutral"),
        (true, _, Polarity::Up) => ("up", "better"),
        (true, _, Polarity::Down) => ("up", "worse"),
        (false, _, Polarity::Up) => ("down", "worse"),
        (false, _, Polarity::Down) => ("down", "better"),
    };
    let direction = Direction::of(trend, word);
    format!("{} {}", direction.arrow, direction.word)
}

impl Rows for Line {
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
            output::number(self.before),
            output::signed(self.change),
            self.direction.clone(),
            format!("{} {}", status.sign, status.word),
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

    /// P1.01a is neutral, P1.03 wants more, P1.02c less; the flag of P3.06c is younger than a year before.
    fn lines() -> Vec<Line> {
        let in_force = InForce::builtin().unwrap();
        let before: Vec<MeasureRow> = ["P1.01a", "P1.02c", "P1.03", "P3.01"]
            .iter()
            .map(|id| row(id, Some(7.0), "final"))
            .collect();
        let rows = [
            row("P1.01a", Some(12.0), "final"),
            row("P1.02c", Some(9.5), "provisional"),
            row("P1.03", Some(6.0), "partial"),
            row("P1.04", None, "not_returned"),
            row("P3.01", Some(7.0), "conflict"),
        ];
        rows.into_iter()
            .map(|row| Line::of(row, &before, &in_force))
            .collect()
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
