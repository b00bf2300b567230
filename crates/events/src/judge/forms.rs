//! The form of fields: codes, pseudonyms, dates, texts.

use jiff::civil::Date;
use quarterday_plan::codes::CodeList;

use super::codes;
use super::rejection::{Reason, Rejection};
use crate::columns::Columns;
use crate::london;

/// Longest text that is not a code, in characters.
const MAX_TEXT: usize = 64;

const MILLIS_PER_DAY: i64 = 86_400_000;

/// What the values of one column must be.
#[derive(Debug)]
pub(super) struct FieldRule {
    pub(super) path: String,
    pub(super) column: usize,
    pub(super) in_body: bool,
    pub(super) form: Form,
}

/// A form of values.
#[derive(Debug)]
pub(super) enum Form {
    /// On a code list.
    Code(CodeList),
    /// All on a code list; a set.
    Codes(CodeList),
    /// All on a code list; their order and repeats are kept.
    CodesInOrder(CodeList),
    /// A pseudonym.
    Pseudonym,
    /// All pseudonyms.
    Pseudonyms,
    /// A reference, or nothing.
    Reference,
    /// A short text on one line.
    Text,
    /// All short texts on one line.
    Texts,
    /// Within a span of time.
    Within(Span),
    /// All within a span of time.
    AllWithin(Span),
    /// A number, not infinite.
    Finite,
}

/// A span of time in the unit of its column; the end does not belong to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span {
    from: i64,
    to: i64,
    first_year: i16,
}

impl Span {
    /// Instants in milliseconds, 2000 to 2100: when a record was sent.
    pub(super) const SENT: Self = Self {
        from: 10_957 * MILLIS_PER_DAY,
        to: 47_482 * MILLIS_PER_DAY,
        first_year: 2000,
    };

    /// Dates in days, 1900 to 2100.
    pub(super) const DATES: Self = Self {
        from: -25_567,
        to: 47_482,
        first_year: 1900,
    };

    /// Instants in milliseconds, 1900 to 2100.
    pub(super) const INSTANTS: Self = Self {
        from: -25_567 * MILLIS_PER_DAY,
        to: 47_482 * MILLIS_PER_DAY,
        first_year: 1900,
    };

    /// A null passes.
    pub(super) fn judge(self, value: Option<i64>, path: &str) -> Result<(), Rejection> {
        match value {
            Some(value) if value < self.from || value >= self.to => {
                let detail = format!(
                    "is not between the years {} and 2099; is it in another unit than the schema's, or are day, month \
                     or year mistyped? A date that is not known or never comes is null",
                    self.first_year
                );
                Err(Rejection::new(Reason::BadDate, path, detail))
            }
            _ => Ok(()),
        }
    }
}

impl FieldRule {
    pub(super) fn judge(&self, rows: &mut Columns, row: usize) -> Result<(), Rejection> {
        match &self.form {
            Form::Code(list) => codes::judge(list, &self.path, self.column, rows, row),
            Form::Codes(list) => codes::judge_list(list, &self.path, self.column, rows, row),
            Form::CodesInOrder(list) => codes::judge_in_order(list, &self.path, self.column, rows, row),
            Form::Within(span) => span.judge(rows.integer(self.column, row), &self.path),
            Form::AllWithin(span) => rows
                .dates(self.column, row)
                .into_iter()
                .flatten()
                .try_for_each(|date| span.judge(date, &self.path)),
            Form::Finite => match rows.double(self.column, row) {
                Some(number) if !number.is_finite() => {
                    Err(Rejection::new(Reason::BadNumber, &self.path, "is not a number"))
                }
                _ => Ok(()),
            },
            Form::Pseudonym => self.each(rows.str(self.column, row), is_pseudonym, || self.no_pseudonym()),
            Form::Pseudonyms => self.each(
                rows.list(self.column, row).into_iter().flatten(),
                is_pseudonym,
                || self.no_pseudonym(),
            ),
            Form::Reference => self.each(
                rows.str(self.column, row),
                |text| text.is_empty() || is_reference(text),
                || self.no_reference(),
            ),
            Form::Text => self.each(rows.str(self.column, row), is_text, || self.no_text()),
            Form::Texts => self.each(rows.list(self.column, row).into_iter().flatten(), is_text, || {
                self.no_text()
            }),
        }
    }

    fn each<'v>(
        &self,
        values: impl IntoIterator<Item = &'v str>,
        is_good: fn(&str) -> bool,
        rejection: impl FnOnce() -> Rejection,
    ) -> Result<(), Rejection> {
        if values.into_iter().all(is_good) {
            Ok(())
        } else {
            Err(rejection())
        }
    }

    fn no_pseudonym(&self) -> Rejection {
        let detail = "does not have the form of a pseudonym (P or M, key version, hyphen, 32 hexadecimal digits in lower \
                      case); send no name, number or plain hash, but the keyed pseudonym";
        Rejection::new(Reason::BadPseudonym, &self.path, detail)
    }

    fn no_reference(&self) -> Rejection {
        let detail = "must be at most 64 letters, digits and . _ / - without blanks, or empty; send no names or free text";
        Rejection::new(Reason::BadText, &self.path, detail)
    }

    fn no_text(&self) -> Rejection {
        let detail =
            "has more than 64 characters or has line breaks; send a short label or reference, no free text";
        Rejection::new(Reason::BadText, &self.path, detail)
    }
}

/// Whether a text has the form of a pseudonym, `^[PM][0-9]{1,3}-[0-9a-f]{32}$`: P (known to one partner) or M (a match
/// key of several), the version of the key, a hyphen, and 128 bits of HMAC-SHA-256 in hexadecimal digits.
pub fn is_pseudonym(text: &str) -> bool {
    let [b'P' | b'M', rest @ ..] = text.as_bytes() else {
        return false;
    };
    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    match rest.split_at_checked(digits) {
        Some((_, [b'-', hash @ ..])) => {
            (1..=3).contains(&digits)
                && hash.len() == 32
                && hash.iter().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
        }
        _ => false,
    }
}

/// Whether a text has the form of a GSS code: the country's letter and eight digits.
pub(super) fn is_gss(text: &str) -> bool {
    match text.as_bytes() {
        [b'E' | b'W' | b'S' | b'N', digits @ ..] => {
            digits.len() == 8 && digits.iter().all(u8::is_ascii_digit)
        }
        _ => false,
    }
}

/// Whether a text is the GSS code of a district, of whichever kind, or of "elsewhere or unknown"; counties and wards have codes too.
pub(super) fn is_district(text: &str) -> bool {
    const KINDS: [&str; 8] = ["E06", "E07", "E08", "E09", "W06", "S12", "N09", "E99"];
    is_gss(text) && KINDS.iter().any(|kind| text.starts_with(kind))
}

/// Whether a text can be a reference: at most 64 letters, digits and `. _ / -`.
pub(super) fn is_reference(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'/' | b'-'))
}

fn is_text(text: &str) -> bool {
    (text.len() <= MAX_TEXT || text.chars().count() <= MAX_TEXT) && !text.chars().any(char::is_control)
}

/// A date as the columns hold it.
pub(super) fn days_of(date: Date) -> i64 {
    london::days_of(date)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pseudonyms_have_a_form() {
        let hash = "0123456789abcdef0123456789abcdef";
        for good in [format!("P1-{hash}"), format!("M123-{hash}")] {
            assert!(is_pseudonym(&good), "{good}");
        }
        for bad in [
            String::new(),
            "Smith".to_owned(),
            format!("P-{hash}"),
            format!("P1234-{hash}"),
            format!("X1-{hash}"),
            format!("P1-{}", hash.to_uppercase()),
            format!("P1-{hash}0"),
            format!("P1{hash}"),
        ] {
            assert!(!is_pseudonym(&bad), "{bad}");
        }
    }

    #[test]
    fn spans_begin_and_end_on_new_years_day() {
        let day = |text: &str| days_of(text.parse().unwrap());
        assert_eq!(
            (Span::DATES.from, Span::DATES.to),
            (day("1900-01-01"), day("2100-01-01"))
        );
        assert_eq!(Span::SENT.from, day("2000-01-01") * MILLIS_PER_DAY);
    }
}
