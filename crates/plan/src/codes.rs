//! Code lists: which codes a field may hold, the spellings that mean each of them, and what follows from them.
//!
//! Contract: a list is versioned and names its source. A value is matched by its normal form ([`normal_form`]), so
//! case, outer blanks and punctuation never matter; what no entry matches stays unknown and is not guessed.

mod mapping;
mod parse;

use std::collections::{BTreeMap, HashMap};

pub use mapping::Mapping;

use crate::Error;

/// All code lists, by name.
#[derive(Debug, Clone, Default)]
pub struct CodeLists {
    lists: BTreeMap<String, CodeList>,
    mappings: BTreeMap<String, Mapping>,
}

impl CodeLists {
    /// Reads a code list file. Two spellings of one list that match the same values but mean different codes are a
    /// problem, as is a spelling of a code that the list does not have.
    pub fn parse(toml: &str) -> Result<Self, Error> {
        parse::parse(toml)
    }

    /// The list of that name.
    pub fn list(&self, name: &str) -> Option<&CodeList> {
        self.lists.get(name)
    }

    /// The mapping of that name.
    pub fn mapping(&self, name: &str) -> Option<&Mapping> {
        self.mappings.get(name)
    }

    /// All lists, in the order of their names.
    pub fn lists(&self) -> impl Iterator<Item = &CodeList> {
        self.lists.values()
    }
}

/// One list of codes.
#[derive(Debug, Clone)]
pub struct CodeList {
    name: String,
    title: String,
    source: String,
    version: String,
    codes: Vec<String>,
    printed: BTreeMap<String, String>,
    /// The index into `codes` by the code itself, and by the normal form of every code, printed name and alias.
    exact: HashMap<String, usize>,
    spellings: HashMap<String, usize>,
}

impl CodeList {
    /// The canonical code of a code, a printed name or an alias.
    pub fn normalise<'a>(&'a self, value: &str) -> Option<&'a str> {
        let index = match self.exact.get(value) {
            Some(index) => index,
            None => self.spellings.get(&normal_form(value))?,
        };
        self.codes.get(*index).map(String::as_str)
    }

    /// The canonical codes, in the order of the file.
    pub fn codes(&self) -> impl Iterator<Item = &str> {
        self.codes.iter().map(String::as_str)
    }

    /// What a report prints for a canonical code: its printed name, or the code itself where it has none.
    pub fn printed<'a>(&'a self, code: &'a str) -> &'a str {
        self.printed.get(code).map_or(code, String::as_str)
    }

    /// The name by which schemas ask for the list.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What the list is, for people.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// Where the codes come from.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The version of the list.
    pub fn version(&self) -> &str {
        &self.version
    }
}

/// What two spellings share when they mean the same: upper case, `&` read as AND, every run of signs and blanks one
/// blank, none at the ends.
pub fn normal_form(value: &str) -> String {
    let mut normal = String::with_capacity(value.len());
    for c in value.chars().flat_map(char::to_uppercase) {
        if c.is_alphanumeric() {
            normal.push(c);
        } else {
            if !normal.is_empty() && !normal.ends_with(' ') {
                normal.push(' ');
            }
            if c == '&' {
                normal.push_str("AND ");
            }
        }
    }
    normal.truncate(normal.trim_end().len());
    normal
}

#[cfg(test)]
mod tests;
