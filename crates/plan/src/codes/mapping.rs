//! Mappings: what follows from a code, such as the offence group of a Home Office code.

use std::collections::HashMap;

use super::normal_form;

/// What follows from each of some codes. Codes are matched by their normal form, as in lists; a key that ends in `*` matches
/// every code that begins so, unless a longer or a whole one matches it too.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mapping {
    whole: HashMap<String, String>,
    beginnings: HashMap<String, String>,
}

impl Mapping {
    /// What follows from a code; `None` if nothing does.
    pub fn value_of(&self, code: &str) -> Option<&str> {
        let normal = normal_form(code);
        let whole = self.whole.get(&normal);
        let longest_first = (1..=normal.len()).rev();
        let beginnings = longest_first.filter_map(|end| self.beginnings.get(normal.get(..end)?));
        whole.into_iter().chain(beginnings).map(String::as_str).next()
    }

    /// Everything that can follow, in no order, with repeats.
    pub fn values(&self) -> impl Iterator<Item = &str> {
        self.whole
            .values()
            .chain(self.beginnings.values())
            .map(String::as_str)
    }

    /// Adds what follows from a key; says what is wrong with the key.
    pub(super) fn add(&mut self, key: &str, value: &str) -> Result<(), String> {
        let (text, keys) = match key.strip_suffix('*') {
            Some(beginning) => (beginning, &mut self.beginnings),
            None => (key, &mut self.whole),
        };
        let normal = normal_form(text);
        if normal.is_empty() {
            return Err(format!("`{key}` has no letter or digit to match by"));
        }
        match keys.insert(normal, value.to_owned()) {
            Some(_) => Err(format!("`{key}` matches what another key matches")),
            None => Ok(()),
        }
    }
}
