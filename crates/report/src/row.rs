//! One measure's line in a report (domain.md 4, "The quarterly report").

use quarterday_plan::period::Period;
use quarterday_plan::plan::{Against, Measure};
use quarterday_snapshot::disclosure::Line;

use crate::cell::{Cell, NOT_FROZEN, signed};
use crate::source::{Frozen, Source};

/// How many quarters a run of numbers has.
pub(crate) const RUN: usize = 8;

/// A measure's line.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Row {
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) unit: String,
    /// Who answers for it, as the plan prints it.
    pub(crate) lead: String,
    pub(crate) this: Cell,
    /// The quarters of the financial year.
    pub(crate) quarters: Vec<Cell>,
    pub(crate) to_date: Cell,
    pub(crate) last_year: Cell,
    /// In the unit, and in per cent.
    pub(crate) change: [Option<f64>; 2],
    pub(crate) direction: Direction,
    pub(crate) status: Status,
    pub(crate) comment: String,
    pub(crate) run: Vec<Point>,
}

/// One quarter of a run.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Point {
    pub(crate) quarter: Period,
    pub(crate) cell: Cell,
    /// Whether what is counted is not the same as in the quarter before.
    pub(crate) is_break: bool,
}

/// Where a number goes, and whether that is what the plan wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Direction {
    /// Up, down or level; empty where it is not known.
    pub arrow: &'static str,
    /// better, worse, same, neutral or unknown.
    pub word: &'static str,
}

/// What is known of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Status {
    /// One character, another one for each.
    pub sign: &'static str,
    /// The same as a word.
    pub word: &'static str,
}

const STATUSES: [(&str, Status); 9] = [
    ("final", status("●", "final")),
    ("provisional", status("○", "provisional")),
    ("partial", status("◐", "partial")),
    ("not_returned", status("✕", "not returned")),
    ("nil", status("∅", "nil")),
    ("not_applicable", status("–", "not applicable")),
    ("conflict", status("!", "conflict")),
    ("suppressed", status("■", "hidden")),
    ("unknown", status("?", "not known")),
];

const fn status(sign: &'static str, word: &'static str) -> Status {
    Status { sign, word }
}

impl Status {
    /// `● final`.
    #[must_use]
    pub fn in_words(&self) -> String {
        format!("{} {}", self.sign, self.word)
    }

    /// How a status is written, by its name in JSON.
    #[must_use]
    pub fn of(word: &str) -> Self {
        let known = STATUSES.iter().find(|(name, _)| *name == word);
        known.map_or(status("?", "not known"), |(_, status)| *status)
    }
}

impl Direction {
    /// `▲ better`; nothing where it is not known.
    #[must_use]
    pub fn in_words(&self) -> String {
        match self.arrow {
            "" => String::new(),
            arrow => format!("{arrow} {}", self.word),
        }
    }

    /// How a trend is written, by its name in JSON, and whether that is what the plan wants.
    #[must_use]
    pub fn of(trend: &str, direction: &str) -> Self {
        let arrow = match trend {
            "up" => "▲",
            "down" => "▼",
            "level" => "▬",
            _ => "",
        };
        let words = ["better", "worse", "same", "neutral"];
        let word = words.into_iter().find(|word| *word == direction);
        Direction {
            arrow,
            word: word.unwrap_or("unknown"),
        }
    }
}

impl Row {
    /// What it has more than a year before, in words.
    pub(crate) fn changed(&self) -> String {
        match self.change {
            [None, _] => String::new(),
            [Some(value), None] => signed(value),
            [Some(value), Some(percent)] => format!("{} ({} %)", signed(value), signed(percent)),
        }
    }

    pub(crate) fn of(source: &Source<'_>, line: &Line, measure: Option<&Measure>, period: &Period) -> Self {
        let value = &line.value;
        Row {
            id: value.id.clone(),
            title: value.title.clone(),
            unit: value.unit.clone(),
            lead: measure
                .map(|measure| measure.responsible.join(", "))
                .unwrap_or_default(),
            this: Cell::of_period(line),
            quarters: year_of(period)
                .iter()
                .map(|quarter| frozen(source, &value.id, quarter))
                .collect(),
            to_date: to_date(line, measure),
            last_year: Cell::last_year(line),
            change: [value.change.value, value.change.percent],
            direction: Direction::of(&value.trend, &value.direction),
            status: Status::of(&value.status),
            comment: line.comment.clone(),
            run: run(source, line, measure, period),
        }
    }
}

/// The quarters of the financial year of a period's last day.
pub(crate) fn year_of(period: &Period) -> Vec<Period> {
    let last = Period::quarter_of(period.last());
    let year = Period::standard(
        last.year_to_date().first().year(),
        last.year_to_date().first().year(),
    );
    year.into_iter().filter(Period::is_quarter).collect()
}

/// A milestone says what it is out of.
fn to_date(line: &Line, measure: Option<&Measure>) -> Cell {
    let mut cell = Cell::to_date(line);
    if let Some(expected) = measure.and_then(expected).filter(|_| cell.number.is_some()) {
        cell.text = format!("{} of {expected}", cell.text);
    }
    cell
}

/// How many a milestone needs.
pub(crate) fn expected(measure: &Measure) -> Option<u8> {
    match measure.counting()?.against {
        Against::Expected(expected) => Some(expected),
        _ => None,
    }
}

/// What was frozen of a quarter.
fn frozen(source: &Source<'_>, id: &str, quarter: &Period) -> Cell {
    line_of(source.quarters, id, quarter).map_or_else(|| Cell::sign(NOT_FROZEN), Cell::of_period)
}

fn line_of<'s>(quarters: &'s [Frozen], id: &str, quarter: &Period) -> Option<&'s Line> {
    let frozen = quarters.iter().find(|frozen| frozen.period == *quarter)?;
    frozen.lines.iter().find(|line| line.value.id == id)
}

/// The last quarters up to the period's end: as they were frozen, else as a snapshot of a year later has them.
fn run(source: &Source<'_>, line: &Line, measure: Option<&Measure>, period: &Period) -> Vec<Point> {
    let mut run: Vec<Point> = Vec::new();
    let series = measure.and_then(|measure| measure.series_from);
    let mut definition: Option<&str> = None;
    for quarter in last_quarters(period) {
        let there = line_of(source.quarters, &line.value.id, &quarter);
        let later = a_year_later(&quarter).and_then(|later| line_of(source.quarters, &line.value.id, &later));
        let cell = match (there, later) {
            (Some(line), _) => Cell::of_period(line),
            (None, Some(line)) => Cell::last_year(line),
            (None, None) => Cell::sign(NOT_FROZEN),
        };
        let hash = there.or(later).map(|line| line.value.definition_hash.as_str());
        let is_other = hash.zip(definition).is_some_and(|(now, before)| now != before);
        let is_break = is_other || series == Some(quarter.first());
        definition = hash.or(definition);
        run.push(Point {
            quarter,
            cell,
            is_break,
        });
    }
    run
}

fn last_quarters(period: &Period) -> Vec<Period> {
    let last = Period::quarter_of(period.last());
    let year = last.year_to_date().first().year();
    let mut quarters: Vec<Period> = Period::standard(year.saturating_sub(2), year)
        .into_iter()
        .filter(|quarter| quarter.is_quarter() && quarter.last() <= last.last())
        .collect();
    quarters.drain(..quarters.len().saturating_sub(RUN));
    quarters
}

fn a_year_later(quarter: &Period) -> Option<Period> {
    let year = quarter.year_to_date().first().year();
    let later = Period::standard(year.saturating_add(1), year.saturating_add(1));
    later
        .into_iter()
        .find(|later| later.is_quarter() && later.year_before() == *quarter)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(quarters: &[Period]) -> Vec<String> {
        quarters.iter().map(Period::id).collect()
    }

    #[test]
    fn eight_quarters_end_with_the_period() {
        let quarters = last_quarters(&"2015-16/Q2".parse().unwrap());
        assert_eq!(quarters.len(), RUN);
        assert_eq!(ids(&quarters[..1]), ["2013-14/Q3"]);
        assert_eq!(ids(&quarters[7..]), ["2015-16/Q2"]);
        let of_year = year_of(&"2015-16/H1".parse().unwrap());
        assert_eq!(
            ids(&of_year),
            ["2015-16/Q1", "2015-16/Q2", "2015-16/Q3", "2015-16/Q4"]
        );
        assert_eq!(
            a_year_later(&quarters[3]).map(|later| later.id()),
            Some("2015-16/Q2".to_owned())
        );
    }
}
