//! A measure of a snapshot as a row of a table.

use quarterday_report::{Direction, Status};
use quarterday_snapshot::Header;
use quarterday_snapshot::disclosure::{Field, Line, Mark};
use quarterday_store::FrozenValue;
use serde::Serialize;

use crate::marks;
use crate::output::{self, Heading, Rows};

/// What stands where a small number of people is hidden.
const SMALL: &str = "<5";

/// One measure of a snapshot, as its reader sees it.
#[derive(Serialize)]
pub(super) struct Row<'s> {
    /// The snapshot.
    pub(super) snapshot: &'s Header,
    /// Who reads.
    pub(super) audience: &'static str,
    /// The measure.
    pub(super) line: Line,
}

impl Rows for Row<'_> {
    fn headings() -> &'static [Heading] {
        const HEADINGS: [Heading; 10] = [
            Heading::words("id"),
            Heading::words("title"),
            Heading::numbers("value"),
            Heading::words("unit"),
            Heading::numbers("a year before"),
            Heading::numbers("change"),
            Heading::words("direction"),
            Heading::numbers("year to date"),
            Heading::words("status"),
            Heading::words("returned"),
        ];
        &HEADINGS
    }

    fn cells(&self) -> Vec<String> {
        let value = &self.line.value;
        vec![
            value.id.clone(),
            value.title.clone(),
            marked(&self.line),
            value.unit.clone(),
            seen(
                &self.line,
                Field::LastYear,
                known(
                    (value.last_year_up_to, value.last_year_approximate),
                    value.last_year.value,
                    &value.last_year.status,
                ),
            ),
            change(value),
            Direction::of(&value.trend, &value.direction).in_words(),
            seen(
                &self.line,
                Field::ToDate,
                known(
                    (value.year_to_date_up_to, value.year_to_date_approximate),
                    value.year_to_date.value,
                    &value.year_to_date.status,
                ),
            ),
            Status::of(&value.status).in_words(),
            format!("{} of {}", value.coverage.returned, value.coverage.expected),
        ]
    }

    fn fields() -> Vec<&'static str> {
        FIELDS.to_vec()
    }

    /// As in JSON, what stands in others in fields of its own.
    fn values(&self) -> Vec<String> {
        let value = &self.line.value;
        let number = output::number;
        vec![
            self.snapshot.period.clone(),
            self.snapshot.revision.to_string(),
            self.audience.to_owned(),
            value.id.clone(),
            value.title.clone(),
            value.unit.clone(),
            value.polarity.clone(),
            number(value.value),
            number(value.numerator),
            number(value.denominator),
            value.status.clone(),
            value.coverage.returned.to_string(),
            value.coverage.expected.to_string(),
            value.approximate.to_string(),
            value.up_to.to_string(),
            value.missing.join("; "),
            number(value.last_year.value),
            value.last_year.status.clone(),
            value.last_year_coverage.returned.to_string(),
            value.last_year_coverage.expected.to_string(),
            value.last_year_approximate.to_string(),
            value.last_year_up_to.to_string(),
            number(value.change.value),
            number(value.change.percent),
            number(value.year_to_date.value),
            number(value.year_to_date.numerator),
            number(value.year_to_date.denominator),
            value.year_to_date.status.clone(),
            value.year_to_date_coverage.returned.to_string(),
            value.year_to_date_coverage.expected.to_string(),
            value.year_to_date_approximate.to_string(),
            value.year_to_date_up_to.to_string(),
            value.trend.clone(),
            value.direction.clone(),
            value.definition_version.to_string(),
            value.definition_hash.clone(),
            hidden(&self.line),
        ]
    }
}

const FIELDS: [&str; 37] = [
    "period",
    "revision",
    "audience",
    "id",
    "title",
    "unit",
    "polarity",
    "value",
    "numerator",
    "denominator",
    "status",
    "returned",
    "expected",
    "approximate",
    "up_to",
    "missing",
    "last_year",
    "last_year_status",
    "last_year_returned",
    "last_year_expected",
    "last_year_approximate",
    "last_year_up_to",
    "change",
    "change_percent",
    "year_to_date",
    "year_to_date_numerator",
    "year_to_date_denominator",
    "year_to_date_status",
    "year_to_date_returned",
    "year_to_date_expected",
    "year_to_date_approximate",
    "year_to_date_up_to",
    "trend",
    "direction",
    "definition_version",
    "definition_hash",
    "hidden",
];

/// The number with what a reader must know of it.
fn marked(line: &Line) -> String {
    let value = &line.value;
    let text = known((value.up_to, value.approximate), value.value, &value.status);
    // Of a share or a change the number is not what is small.
    let is_count = value.denominator.is_none() && line.mark(Field::Denominator).is_none();
    if is_count {
        seen(line, Field::Numerator, text)
    } else {
        text
    }
}

/// What stands in a place: of a number that is hidden because it is small, that it is.
fn seen(line: &Line, field: Field, text: String) -> String {
    match line.mark(field) {
        Some(Mark::Small) => SMALL.to_owned(),
        _ => text,
    }
}

/// Which places are hidden, and why, in the words of JSON.
fn hidden(line: &Line) -> String {
    let places = line.hidden.iter();
    let places: Vec<String> = places
        .map(|place| format!("{} {}", place.field.name(), place.mark.name()))
        .collect();
    places.join("; ")
}

/// A number with its signs, or in a word why there is none.
fn known(signs: (bool, bool), value: Option<f64>, status: &str) -> String {
    match value {
        Some(_) => marks::qualified(signs, &output::number(value)),
        None => status.replace('_', " "),
    }
}

fn change(value: &FrozenValue) -> String {
    let signed = |number: f64| output::signed(Some(number));
    match (value.change.value, value.change.percent) {
        (None, _) => String::new(),
        (Some(change), None) => signed(change),
        (Some(change), Some(percent)) => format!("{} ({} %)", signed(change), signed(percent)),
    }
}
