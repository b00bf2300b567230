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

/// What stands before a number in which a return is missing.
const PARTIAL: &str = "◐ ";
const IS_PARTIAL: &str = "partial: a return is missing";

/// The signs of places without a number, with what they mean, for the key of a report.
pub(crate) const KEY: [(&str, &str); 9] = [
    (
        "◐",
        "partial: a return is missing, in numbers beside the period’s own too",
    ),
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
    /// What stands before the number: `◐ `, `up to `, `~`.
    pub(crate) prefix: String,
    /// What a sign means; empty of a number that has none.
    pub(crate) meaning: &'static str,
}

impl Cell {
    /// The number of the line's period.
    pub(crate) fn of_period(line: &Line) -> Self {
        let value = &line.value;
        let places = Places {
            above: Field::Numerator,
            below: Some((Field::Denominator, value.denominator)),
        };
        let mut cell = Cell::known(line, places, value.value, &value.status);
        cell.qualify(value.up_to, value.approximate);
        cell
    }

    /// The number of the year to date.
    pub(crate) fn to_date(line: &Line) -> Self {
        let to_date = &line.value.year_to_date;
        let places = Places {
            above: Field::ToDate,
            below: Some((Field::ToDateDenominator, to_date.denominator)),
        };
        let mut cell = Cell::known(line, places, to_date.value, &to_date.status);
        cell.qualify(line.value.year_to_date_up_to, line.value.year_to_date_approximate);
        cell
    }

    /// The number of the same period a year before.
    pub(crate) fn last_year(line: &Line) -> Self {
        let before = &line.value.last_year;
        let places = Places {
            above: Field::LastYear,
            below: None,
        };
        let mut cell = Cell::known(line, places, before.value, &before.status);
        cell.qualify(line.value.last_year_up_to, line.value.last_year_approximate);
        cell
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

    /// Says of a number what a reader must know of it.
    fn qualify(&mut self, is_up_to: bool, is_approximate: bool) {
        let about = if is_approximate { "~" } else { "" };
        let up_to = if is_up_to { "up to " } else { "" };
        if self.number.is_some() {
            self.put_before(&format!("{up_to}{about}"));
        }
    }

    fn put_before(&mut self, prefix: &str) {
        self.prefix.push_str(prefix);
        self.text.insert_str(self.text.len() - self.digits(), prefix);
    }

    /// How long the text is without the prefix.
    fn digits(&self) -> usize {
        self.number.map_or(self.text.len(), |value| number(value).len())
    }

    fn known(line: &Line, places: Places, value: Option<f64>, status: &str) -> Self {
        if let Some(value) = value {
            let prefix = if status == "partial" { PARTIAL } else { "" };
            return Cell {
                number: Some(value),
                text: format!("{prefix}{}", number(value)),
                prefix: prefix.to_owned(),
                meaning: if prefix.is_empty() { "" } else { IS_PARTIAL },
            };
        }
        Cell::sign(match (places.mark(line), status) {
            (Some(Mark::Small), _) => SMALL,
            (Some(_), _) | (None, SUPPRESSED) => HIDDEN,
            (None, "not_returned") => NOT_RETURNED,
            (None, "not_applicable") => NOT_APPLICABLE,
            (None, _) => NOT_KNOWN,
        })
    }
}

/// Where a number comes from.
struct Places {
    above: Field,
    /// Of ratios and changes, what it is set against.
    below: Option<(Field, Option<f64>)>,
}

impl Places {
    /// What is seen instead of it. That it is small may be said of a count only: a share or a change that has a small one in it need not be.
    fn mark(&self, line: &Line) -> Option<Mark> {
        let below = self.below.and_then(|(field, _)| line.mark(field));
        let is_count = below.is_none() && self.below.is_none_or(|(_, number)| number.is_none());
        match line.mark(self.above).or(below)? {
            Mark::Small if !is_count => Some(Mark::Withheld),
            mark => Some(mark),
        }
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
