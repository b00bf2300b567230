//! A line of a snapshot as an audience sees it.

use quarterday_store::{Change, FrozenValue, Known};
use serde::{Serialize, Serializer};

use super::marks::{Hidden, Mark};
use super::numbers::Field;

/// What stands where a number is hidden.
pub const SUPPRESSED: &str = "suppressed";

/// A measure's line without what is hidden of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Line {
    /// What is left. Hidden numbers are none, their status is `suppressed`; so is all that is made of them.
    #[serde(flatten)]
    pub value: FrozenValue,
    /// What is hidden, and what is known of it.
    pub hidden: Vec<Place>,
    /// What the lead says of it; none where it has a number, and one of the snapshot is hidden.
    pub comment: String,
}

/// A hidden place of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Place {
    /// Which number.
    #[serde(serialize_with = "name")]
    pub field: Field,
    /// What is seen instead.
    pub mark: Mark,
}

/// Whether a text has a number, in digits or as a word.
#[must_use]
pub fn has_number(text: &str) -> bool {
    const WORDS: &str = "one ones two three four five six seven eight nine ten eleven twelve none nobody zero nil single sole only lone double \
        both pair couple trio handful half third quarter once twice thrice doubled halved tripled dozen hundred thousand first second fourth \
        fifth sixth seventh eighth ninth tenth another";
    // Thirteen, thirty, thirteenth, thirtieth, hundredth, dozens, twofold.
    const ENDINGS: [&str; 9] = [
        "teen", "enty", "irty", "orty", "ifty", "ixty", "ghty", "inety", "tieth",
    ];
    let lower = text.to_lowercase();
    let mut words = lower.split(|c: char| !c.is_alphanumeric());
    words.any(|word| {
        let stem = ["th", "fold", "s"].iter().find_map(|end| word.strip_suffix(end));
        let is_number = |word: &str| {
            WORDS.split_whitespace().any(|number| number == word)
                || ENDINGS.iter().any(|ending| word.ends_with(ending))
        };
        word.chars().any(char::is_numeric) || is_number(word) || stem.is_some_and(is_number)
    })
}

/// The name of the column, as readers know it.
fn name<S: Serializer>(field: &Field, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(field.name())
}

impl Line {
    /// The line of a measure, without those of its numbers that are hidden; `hidden` are all of the snapshot. A comment can speak of another
    /// line: where anything is hidden, none with a number is shown.
    #[must_use]
    pub fn of(value: &FrozenValue, hidden: &[Hidden], comment: &str) -> Self {
        let is_said = hidden.is_empty() || !has_number(comment);
        let of_line = hidden.iter().filter(|hidden| hidden.id == value.id);
        let hidden: Vec<Place> = of_line
            .map(|hidden| Place {
                field: hidden.field,
                mark: hidden.mark,
            })
            .collect();
        let mut line = Line {
            value: value.clone(),
            hidden,
            comment: if is_said { comment } else { "" }.to_owned(),
        };
        line.hide_number();
        line.hide_last_year();
        line.hide_to_date();
        line
    }

    /// What is known of a hidden number; none if it is shown.
    #[must_use]
    pub fn mark(&self, field: Field) -> Option<Mark> {
        let mut hidden = self.hidden.iter();
        hidden.find(|place| place.field == field).map(|place| place.mark)
    }

    fn is_hidden(&self, field: Field) -> bool {
        self.mark(field).is_some()
    }

    fn hide_number(&mut self) {
        let (above, below) = (
            self.is_hidden(Field::Numerator),
            self.is_hidden(Field::Denominator),
        );
        if above {
            self.value.numerator = None;
        }
        if below {
            self.value.denominator = None;
        }
        if above || below {
            self.value.value = None;
            SUPPRESSED.clone_into(&mut self.value.status);
            self.hide_change();
        }
    }

    fn hide_last_year(&mut self) {
        if self.is_hidden(Field::LastYear) {
            self.value.last_year = Known {
                value: None,
                status: SUPPRESSED.to_owned(),
            };
            self.hide_change();
        }
    }

    fn hide_to_date(&mut self) {
        let (above, below) = (
            self.is_hidden(Field::ToDate),
            self.is_hidden(Field::ToDateDenominator),
        );
        let to_date = &mut self.value.year_to_date;
        if above {
            to_date.numerator = None;
        }
        if below {
            to_date.denominator = None;
        }
        if above || below {
            to_date.value = None;
            SUPPRESSED.clone_into(&mut to_date.status);
        }
    }

    fn hide_change(&mut self) {
        self.value.change = Change {
            value: None,
            percent: None,
        };
        "unknown".clone_into(&mut self.value.trend);
        "unknown".clone_into(&mut self.value.direction);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_known_in_digits_and_words() {
        for text in [
            "by 3",
            "a couple of men",
            "thirteen",
            "the twentieth",
            "ninety",
            "a fourth",
            "dozens",
        ] {
            assert!(has_number(text), "{text}");
        }
        assert!(!has_number("The river was high, and fewer people came by night."));
    }
}
