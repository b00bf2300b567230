//! What stands in one place of a report: a number, or in a sign and a word why there is none.

use quarterday_snapshot::disclosure::{Field, Line, Mark, SUPPRESSED};

/// What stands where a small number is hidden.
pub(crate) const SMALL: &str = "<5";
/// What stands where a number is hidden for another one's sake.
pub(crate) const HIDDEN: &str = "hid";
/// What stands where no return came.
pub(crate) const NOT_RETURNED: &str = "NR";
/// What stands where nothing can be returned.
pub(crate) const NOT_APPLICABLE: &str = "n/a";
/// What stands where a number is not known for another reason.
pub(crate) const NOT_KNOWN: &str = "–";
/// What stands where no snapshot was taken.
pub(crate) const NOT_FROZEN: &str = "·";

/// The signs of places without a number, with what they mean, for the key of a report.
pub(crate) const KEY: [(&str, &str); 8] = [
    ("0", "returned, and there were none"),
    (
        SMALL,
        "from 1 to 4 people: hidden, so that nobody can be found behind it",
    ),
    (HIDDEN, "hidden, because a small number would follow from it"),
    (NOT_RETURNED, "not returned by the partner"),
    (NOT_APPLICABLE, "does not apply in this period"),
    (NOT_KNOWN, "not known, as one side of a comparison is not"),
    (NOT_FROZEN, "no snapshot of this quarter was taken"),
    (
        "~",
        "approximate; “up to” where the same person may be in it twice",
    ),
];

/// One place.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Cell {
    /// The number, where there is one.
    pub(crate) number: Option<f64>,
    /// What is read, with the prefix.
    pub(crate) text: String,
    /// What stands before the number: `~`, or `up to `.
    pub(crate) prefix: String,
    /// What a sign means; empty of a number.
    pub(crate) meaning: &'static str,
}

impl Cell {
    /// The number of the line's period.
    pub(crate) fn of_period(line: &Line) -> Self {
        let value = &line.value;
        let mut cell = Cell::known(
            line,
            &[Field::Numerator, Field::Denominator],
            value.value,
            &value.status,
        );
        let about = if value.approximate { "~" } else { "" };
        let up_to = if value.up_to { "up to " } else { "" };
        if cell.number.is_some() {
            cell.prefix = format!("{up_to}{about}");
            cell.text.insert_str(0, &cell.prefix);
        }
        cell
    }

    /// The number of the year to date.
    pub(crate) fn to_date(line: &Line) -> Self {
        let to_date = &line.value.year_to_date;
        let fields = [Field::ToDate, Field::ToDateDenominator];
        Cell::known(line, &fields, to_date.value, &to_date.status)
    }

    /// The number of the same period a year before.
    pub(crate) fn last_year(line: &Line) -> Self {
        let before = &line.value.last_year;
        Cell::known(line, &[Field::LastYear], before.value, &before.status)
    }

    /// What a sign stands for.
    pub(crate) fn sign(sign: &'static str) -> Self {
        let meaning = KEY.iter().find(|(of, _)| *of == sign);
        Cell {
            number: None,
            text: sign.to_owned(),
            prefix: String::new(),
            meaning: meaning.map_or("", |(_, meaning)| meaning),
        }
    }

    fn known(line: &Line, fields: &[Field], value: Option<f64>, status: &str) -> Self {
        if let Some(value) = value {
            return Cell {
                number: Some(value),
                text: number(value),
                prefix: String::new(),
                meaning: "",
            };
        }
        let marks = fields.iter().filter_map(|field| line.mark(*field));
        Cell::sign(match (marks.min(), status) {
            (Some(Mark::Small), _) => SMALL,
            (Some(_), _) | (None, SUPPRESSED) => HIDDEN,
            (None, "not_returned") => NOT_RETURNED,
            (None, "not_applicable") => NOT_APPLICABLE,
            (None, _) => NOT_KNOWN,
        })
    }
}

/// A number as people write it: groups of three digits, a true minus, no decimals unless it has some.
pub(crate) fn number(value: f64) -> String {
    // No digits are lost, and there is no minus zero.
    let plain = if value == 0.0 {
        "0".to_owned()
    } else {
        value.abs().to_string()
    };
    let (whole, rest) = plain.split_once('.').unwrap_or((&plain, ""));
    let mut grouped = String::new();
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    let sign = if value < 0.0 { "−" } else { "" };
    let point = if rest.is_empty() { "" } else { "." };
    format!("{sign}{grouped}{point}{rest}")
}

/// The same with a plus before what is more.
pub(crate) fn signed(value: f64) -> String {
    let plus = if value > 0.0 { "+" } else { "" };
    format!("{plus}{}", number(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_and_have_a_true_minus() {
        let written = [0.0, -0.0, 7.0, 999.0, 1000.0, 1_234_567.0, -4321.5, 0.25].map(number);
        assert_eq!(
            written,
            ["0", "0", "7", "999", "1,000", "1,234,567", "−4,321.5", "0.25"]
        );
        assert_eq!([3.0, -3.0, 0.0].map(signed), ["+3", "−3", "0"]);
    }
}
