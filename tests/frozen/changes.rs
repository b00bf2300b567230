//! What the model says of a frozen number beside others: the year to date, the change since the year before, and its direction.

use quarterday_store::FrozenValue;

use super::expected::final_status;
use crate::oracle::model::calendar::{Span, year_start};
use crate::oracle::model::count::{Definition, Rule, Who};
use crate::oracle::model::values::{Expected, Model, divided};

/// Numbers of the model are whole but for shares, which have one decimal.
const TENTHS: f64 = 10.0;

/// Year to date, change, trend and direction of a value of the period of `span` are those of the model.
pub fn are_of_model(value: &FrozenValue, model: &Model<'_>, definition: &Definition, span: Span) {
    let this = model.expected(definition, Who::All, span);
    let before = model.expected(definition, Who::All, span.year_before());
    let (delta, percent) = change(definition, &this, &before);
    let found = (value.change.value, value.change.percent);
    assert_eq!(found, (delta, percent), "change of {value:?}");
    let trend = trend(delta);
    assert_eq!(value.trend, trend, "{value:?}");
    assert_eq!(value.direction, direction(trend, &value.polarity), "{value:?}");
    year_to_date(value, &model.expected(definition, Who::All, to_date(span)));
}

/// The financial year up to the last day.
pub fn to_date(span: Span) -> Span {
    let first = year_start(span.last);
    Span { first, ..span }
}

fn year_to_date(value: &FrozenValue, expected: &Expected) {
    let found = &value.year_to_date;
    let found = (
        found.value,
        found.numerator,
        found.denominator,
        found.status.as_str(),
    );
    let expected = (
        expected.value,
        expected.numerator,
        expected.denominator,
        final_status(expected),
    );
    assert_eq!(found, expected, "year to date of {value:?}");
}

/// That of a measure that is a change itself is of the numbers that it compares.
fn change(definition: &Definition, this: &Expected, before: &Expected) -> (Option<f64>, Option<f64>) {
    if matches!(definition.rule, Rule::Change(_)) {
        return (this.delta, this.percent);
    }
    let (Some(now), Some(then)) = (this.value, before.value) else {
        return (None, None);
    };
    // Over a return that is missing nothing is compared (G8).
    if !this.returns.missing.is_empty() || !before.returns.missing.is_empty() {
        return (None, None);
    }
    let (now, then) = (tenths(now), tenths(then));
    (divided(now - then, 10, 1), divided(100 * (now - then), then, 1))
}

fn tenths(number: f64) -> i64 {
    (number * TENTHS).round() as i64
}

fn trend(delta: Option<f64>) -> &'static str {
    match delta {
        None => "unknown",
        Some(delta) if delta > 0.0 => "up",
        Some(delta) if delta < 0.0 => "down",
        Some(_) => "level",
    }
}

fn direction(trend: &str, polarity: &str) -> &'static str {
    match (trend, polarity) {
        ("unknown", _) => "unknown",
        ("level", _) => "same",
        (_, "neutral") => "neutral",
        (trend, polarity) if trend == polarity => "better",
        _ => "worse",
    }
}
