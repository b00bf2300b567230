//! Reads the values of single keys.

use jiff::civil::Date;
use toml::de::DeValue;

use super::Section;
use crate::expression::Expression;

impl Section<'_> {
    /// A text that must be there and not be blank.
    pub(crate) fn text(&mut self, key: &'static str) -> String {
        if !self.has(key) {
            self.missing(key);
        }
        self.optional_text(key).unwrap_or_default()
    }

    /// A text that may be missing, but not be blank; outer blanks are cut off.
    pub(crate) fn optional_text(&mut self, key: &'static str) -> Option<String> {
        let text = self.value(key, "text in quotes", |value| {
            value.as_str().map(|text| text.trim().to_owned())
        })?;
        if text.is_empty() {
            self.problem(key, format!("`{key}` is blank: fill it in or leave the key out"));
        }
        Some(text)
    }

    /// A text that names a thing, kept to letters, digits and the signs `extra`, at most 64 long.
    pub(crate) fn name(&mut self, key: &'static str, extra: &str) -> String {
        if !self.has(key) {
            self.missing(key);
        }
        self.optional_name(key, extra).unwrap_or_default()
    }

    /// As [`Section::name`], where the key may be missing.
    pub(crate) fn optional_name(&mut self, key: &'static str, extra: &str) -> Option<String> {
        let name = self.optional_text(key)?;
        if !is_name(&name, extra) {
            let signs = extra
                .chars()
                .map(|sign| format!("`{sign}`"))
                .collect::<Vec<_>>()
                .join(" ");
            self.problem(
                key,
                format!("`{key}` begins with a letter and holds at most 64 letters, digits and {signs}"),
            );
        }
        Some(name)
    }

    /// `true` or `false`; `otherwise` where the key is missing.
    pub(crate) fn flag(&mut self, key: &'static str, otherwise: bool) -> bool {
        self.value(key, "true or false", DeValue::as_bool)
            .unwrap_or(otherwise)
    }

    /// A whole number.
    pub(crate) fn integer(&mut self, key: &'static str) -> Option<i64> {
        self.value(key, "a whole number", as_integer)
    }

    /// A whole number from `min` to `max`; `otherwise` where the key is missing.
    pub(crate) fn integer_within(&mut self, key: &'static str, range: (u8, u8), otherwise: u8) -> u8 {
        let Some(number) = self.integer(key) else {
            return otherwise;
        };
        let (min, max) = range;
        let fitting = u8::try_from(number)
            .ok()
            .filter(|number| (min..=max).contains(number));
        if fitting.is_none() {
            self.problem(
                key,
                format!("`{key}` is {number}: it must be from {min} to {max}"),
            );
        }
        fitting.unwrap_or(otherwise)
    }

    /// A whole number from 1 to `max`, if the key is there.
    pub(crate) fn whole(&mut self, key: &'static str, max: u32) -> Option<u32> {
        let number = self.integer(key)?;
        let fitting = u32::try_from(number)
            .ok()
            .filter(|number| (1..=max).contains(number));
        if fitting.is_none() {
            self.problem(key, format!("`{key}` is {number}: it must be from 1 to {max}"));
        }
        fitting
    }

    /// An expression, if the key is there. What is wrong with it is noted at its place in the file.
    pub(crate) fn expression(&mut self, key: &'static str) -> Option<Expression> {
        let text = self.optional_text(key)?;
        let offset = self.inside(key, &text);
        match Expression::parse(&text) {
            Ok(expression) => Some(expression.standing_at(offset)),
            Err(error) => {
                self.notes
                    .add(offset + error.at, format!("`{key}`: {}", error.message));
                None
            }
        }
    }

    /// Where the text of a value begins in the file: behind its quotes, if it stands there as it is.
    fn inside(&self, key: &str, text: &str) -> usize {
        let Some(span) = self.table.get(key).map(toml::Spanned::span) else {
            return 0;
        };
        let written = self.notes.text.get(span.clone()).unwrap_or_default();
        span.start + written.find(text).unwrap_or(0)
    }

    /// A text, or a list of texts with at least one entry; empty where the key is missing.
    pub(crate) fn text_or_texts(&mut self, key: &'static str) -> Vec<String> {
        match self.table.get(key).map(|value| value.get_ref()) {
            None => Vec::new(),
            Some(DeValue::Array(_)) => self.some_texts(key),
            Some(_) => self.optional_text(key).into_iter().collect(),
        }
    }

    /// A number, with or without decimals.
    pub(crate) fn number(&mut self, key: &'static str) -> Option<f64> {
        let number: f64 = self.value(key, "a number", |value| match value {
            DeValue::Float(float) => float.as_str().replace('_', "").parse().ok(),
            DeValue::Integer(integer) => integer.as_str().replace('_', "").parse().ok(),
            _ => None,
        })?;
        if !number.is_finite() {
            self.problem(key, format!("`{key}` must be a finite number"));
        }
        Some(number)
    }

    /// A date, as `2015-04-01` with or without quotes.
    pub(crate) fn date(&mut self, key: &'static str) -> Option<Date> {
        self.value(key, "a date such as 2015-04-01", |value| match value {
            DeValue::String(text) => crate::period::parse_date(text),
            DeValue::Datetime(date) => crate::period::parse_date(&date.to_string()),
            _ => None,
        })
    }

    /// A list of texts, none blank; empty where the key is missing.
    pub(crate) fn texts(&mut self, key: &'static str) -> Vec<String> {
        let texts: Option<Vec<String>> = self.value(key, "a list of texts", |value| {
            value
                .as_array()?
                .iter()
                .map(|item| Some(item.get_ref().as_str()?.trim().to_owned()))
                .collect()
        });
        let texts = texts.unwrap_or_default();
        if texts.iter().any(String::is_empty) {
            self.problem(key, format!("`{key}` holds a blank text"));
        }
        texts
    }

    /// A list of texts with at least one entry.
    pub(crate) fn some_texts(&mut self, key: &'static str) -> Vec<String> {
        let texts = self.texts(key);
        if !self.has(key) {
            self.missing(key);
        } else if texts.is_empty() {
            self.problem(key, format!("`{key}` needs at least one entry"));
        }
        texts
    }

    /// What one of the words of `choices` stands for.
    pub(crate) fn choice<T: Copy>(&mut self, key: &'static str, choices: &[(&str, T)]) -> Option<T> {
        if !self.has(key) {
            self.missing(key);
        }
        self.optional_choice(key, choices)
    }

    /// As [`Section::choice`], where the key may be missing.
    pub(crate) fn optional_choice<T: Copy>(&mut self, key: &'static str, choices: &[(&str, T)]) -> Option<T> {
        let word = self.optional_text(key)?;
        let chosen = choices
            .iter()
            .find(|(name, _)| *name == word)
            .map(|(_, choice)| *choice);
        if chosen.is_none() {
            let names = choices
                .iter()
                .map(|(name, _)| format!("`{name}`"))
                .collect::<Vec<_>>()
                .join(", ");
            self.problem(key, format!("`{key}` is `{word}`: it must be one of {names}"));
        }
        chosen
    }

    /// A text that `parse` understands; its error becomes the problem.
    pub(crate) fn parsed<T: std::str::FromStr<Err: std::fmt::Display>>(
        &mut self,
        key: &'static str,
    ) -> Option<T> {
        if !self.has(key) {
            self.missing(key);
        }
        match self.optional_text(key)?.parse() {
            Ok(value) => Some(value),
            Err(error) => {
                self.problem(key, error.to_string());
                None
            }
        }
    }
}

fn as_integer(value: &DeValue<'_>) -> Option<i64> {
    let integer = value.as_integer()?;
    i64::from_str_radix(&integer.as_str().replace('_', ""), integer.radix()).ok()
}

fn is_name(name: &str, extra: &str) -> bool {
    name.len() <= 64
        && name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || extra.contains(c))
}
