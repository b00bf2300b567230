//! Reads TOML key by key and remembers every problem with its place, instead of stopping at the first.
//!
//! Contract: a reading method that finds a wrong or missing value notes the problem and gives a placeholder; [`read`]
//! then gives the error, never the half-read model. Every key that no method asked for is an unknown key.

mod values;

use std::{cell::RefCell, collections::BTreeSet};

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use crate::{Error, Problem};

/// Reads `text` with `root`, and gives its result if no problem was found on the way.
pub(crate) fn read<T>(text: &str, root: impl FnOnce(&mut Section<'_>) -> T) -> Result<T, Error> {
    let (value, problems) = read_on(text, root);
    match (Error::of(problems), value) {
        (None, Some(value)) => Ok(value),
        (error, _) => Err(error.unwrap_or_default()),
    }
}

/// Reads `text` with `root`, and gives its result, with placeholders where a problem was found, and the problems; no result of
/// a text that is no TOML. Only good for finding more problems.
pub(crate) fn read_on<T>(text: &str, root: impl FnOnce(&mut Section<'_>) -> T) -> (Option<T>, Vec<Problem>) {
    let (document, syntax_errors) = DeTable::parse_recoverable(text);
    let problems: Vec<Problem> = syntax_errors
        .iter()
        .map(|error| Problem::at(text, error.span().map_or(0, |span| span.start), error.message()))
        .collect();
    if !problems.is_empty() {
        return (None, problems);
    }
    let notes = Notes {
        text,
        found: RefCell::default(),
    };
    let place = Place {
        offset: 0,
        what: "the file",
    };
    let value = Section::read(&notes, document.get_ref(), place, root);
    (Some(value), notes.found.into_inner())
}

/// The problems noted so far.
struct Notes<'t> {
    text: &'t str,
    found: RefCell<Vec<Problem>>,
}

impl Notes<'_> {
    fn add(&self, offset: usize, message: String) {
        self.found
            .borrow_mut()
            .push(Problem::at(self.text, offset, message));
    }
}

/// Where a table stands, and what a reader of a message calls it.
#[derive(Clone, Copy)]
struct Place<'t> {
    offset: usize,
    what: &'t str,
}

/// One table of the file while it is being read.
pub(crate) struct Section<'t> {
    notes: &'t Notes<'t>,
    table: &'t DeTable<'t>,
    place: Place<'t>,
    asked: BTreeSet<&'static str>,
}

impl<'t> Section<'t> {
    fn read<T>(
        notes: &'t Notes<'t>,
        table: &'t DeTable<'t>,
        place: Place<'t>,
        reading: impl FnOnce(&mut Section<'_>) -> T,
    ) -> T {
        let mut section = Section {
            notes,
            table,
            place,
            asked: BTreeSet::new(),
        };
        let value = reading(&mut section);
        section.refuse_unknown_keys();
        value
    }

    /// Notes a problem at the value of `key`, or at the table where the key is missing.
    pub(crate) fn problem(&self, key: &str, message: impl Into<String>) {
        let offset = self
            .table
            .get(key)
            .map_or(self.place.offset, |value| value.span().start);
        self.notes.add(offset, message.into());
    }

    /// The line of the table, counted from 1.
    pub(crate) fn line(&self) -> usize {
        Problem::at(self.notes.text, self.place.offset, "").line
    }

    /// Whether the key is there, whatever its value.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    /// Notes a missing key.
    pub(crate) fn missing(&self, key: &str) {
        self.problem(key, format!("{} needs the key `{key}`", self.place.what));
    }

    /// Lets keys pass whatever they hold, because another problem has to be mended first.
    pub(crate) fn ignore(&mut self, keys: &[&'static str]) {
        self.asked.extend(keys);
    }

    /// Refuses those of `keys` that are not `allowed`, which a reader calls the keys of `whom`.
    pub(crate) fn refuse_but(&mut self, keys: &[&'static str], allowed: &[&str], whom: &str) {
        for key in keys.iter().filter(|key| !allowed.contains(key)) {
            self.asked.insert(key);
            if self.has(key) {
                self.problem(key, format!("{whom} takes no `{key}`"));
            }
        }
    }

    /// A table inside this one, called `what` in messages.
    pub(crate) fn table<T>(
        &mut self,
        key: &'static str,
        what: &str,
        reading: impl FnOnce(&mut Section<'_>) -> T,
    ) -> Option<T> {
        let notes = self.notes;
        let (table, offset) = self.spanned(key, "a table", DeValue::as_table)?;
        Some(Section::read(notes, table, Place { offset, what }, reading))
    }

    /// The tables of an array of tables (`[[key]]`), called `what` in messages; none where the key is missing.
    pub(crate) fn tables<T>(
        &mut self,
        key: &'static str,
        what: &str,
        mut reading: impl FnMut(&mut Section<'_>) -> T,
    ) -> Vec<T> {
        let notes = self.notes;
        let Some((array, _)) = self.spanned(key, "a list of tables", DeValue::as_array) else {
            return Vec::new();
        };
        let mut items = Vec::new();
        for item in array.iter() {
            let offset = item.span().start;
            match item.get_ref().as_table() {
                Some(table) => items.push(Section::read(notes, table, Place { offset, what }, &mut reading)),
                None => notes.add(offset, format!("`{key}` must be a list of tables")),
            }
        }
        items
    }

    /// The tables of a list, or the one table that stands for a list of one; called `what` in messages.
    pub(crate) fn table_or_tables<T>(
        &mut self,
        key: &'static str,
        what: &str,
        mut reading: impl FnMut(&mut Section<'_>) -> T,
    ) -> Vec<T> {
        match self.table.get(key).map(Spanned::get_ref) {
            Some(DeValue::Array(_)) => self.tables(key, what, reading),
            _ => self.table(key, what, &mut reading).into_iter().collect(),
        }
    }

    /// The entries of a table with free keys and texts as values, in the order of the text.
    pub(crate) fn pairs(&mut self, key: &'static str) -> Vec<Pair> {
        let notes = self.notes;
        let Some((table, _)) = self.spanned(key, "a table", DeValue::as_table) else {
            return Vec::new();
        };
        let mut pairs = Vec::new();
        for (name, value) in table.iter() {
            match value.get_ref().as_str() {
                Some(text) => pairs.push(Pair {
                    key: name.get_ref().trim().to_owned(),
                    value: text.trim().to_owned(),
                    offset: name.span().start,
                }),
                None => notes.add(
                    value.span().start,
                    format!("`{}` must be text in quotes", name.get_ref()),
                ),
            }
        }
        pairs.sort_by_key(|pair| pair.offset);
        pairs
    }

    /// The line of an entry of [`Section::pairs`], counted from 1.
    pub(crate) fn pair_line(&self, pair: &Pair) -> usize {
        Problem::at(self.notes.text, pair.offset, "").line
    }

    /// Notes a problem at an entry of [`Section::pairs`].
    pub(crate) fn pair_problem(&self, pair: &Pair, message: impl Into<String>) {
        self.notes.add(pair.offset, message.into());
    }

    fn value<T>(
        &mut self,
        key: &'static str,
        wanted: &str,
        take: impl Fn(&DeValue<'t>) -> Option<T>,
    ) -> Option<T> {
        self.asked.insert(key);
        let value = self.table.get(key)?;
        let taken = take(value.get_ref());
        if taken.is_none() {
            self.problem(key, format!("`{key}` must be {wanted}"));
        }
        taken
    }

    fn spanned<T>(
        &mut self,
        key: &'static str,
        wanted: &str,
        take: impl Fn(&'t DeValue<'t>) -> Option<&'t T>,
    ) -> Option<(&'t T, usize)> {
        self.asked.insert(key);
        let value: &'t Spanned<DeValue<'t>> = self.table.get(key)?;
        let taken = take(value.get_ref());
        if taken.is_none() {
            self.problem(key, format!("`{key}` must be {wanted}"));
        }
        Some((taken?, value.span().start))
    }

    fn refuse_unknown_keys(&self) {
        for key in self.table.keys() {
            if !self.asked.contains(key.get_ref().as_ref()) {
                let known = self
                    .asked
                    .iter()
                    .map(|key| format!("`{key}`"))
                    .collect::<Vec<_>>()
                    .join(", ");
                let message = format!(
                    "{} has no key `{}`; its keys are {known}",
                    self.place.what,
                    key.get_ref()
                );
                self.notes.add(key.span().start, message);
            }
        }
    }
}

/// An entry of a table with free keys.
pub(crate) struct Pair {
    pub(crate) key: String,
    pub(crate) value: String,
    offset: usize,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_syntax_error_is_reported() {
        let error = read("a = \nb = 1\nc = 'x\n", |_| ()).unwrap_err();
        let lines: Vec<usize> = error.problems().iter().map(|problem| problem.line).collect();
        assert_eq!(lines, [1, 3], "{error}");
    }

    #[test]
    fn columns_count_characters() {
        let error = read("[t]\nä = 1", |file| file.table("t", "[t]", |_| ())).unwrap_err();
        insta::assert_snapshot!(error, @"line 2, column 1: invalid unquoted key, expected letters, numbers, `-`, `_`");
    }
}
