//! Reads a code list file.

use std::collections::{BTreeMap, HashMap};

use super::{CodeList, CodeLists, Mapping, normal_form};
use crate::{
    Error,
    reader::{Pair, Section, read},
};

pub(super) fn parse(toml: &str) -> Result<CodeLists, Error> {
    read(toml, |file| {
        let mut lists = BTreeMap::new();
        file.tables("list", "[[list]]", |section| {
            let list = read_list(section);
            if lists.contains_key(&list.name) {
                section.problem("name", format!("the list `{}` is there twice", list.name));
            }
            lists.insert(list.name.clone(), list);
        });
        let mut mappings = BTreeMap::new();
        file.tables("mapping", "[[mapping]]", |section| {
            let (name, mapping) = read_mapping(section);
            if mappings.insert(name.clone(), mapping).is_some() {
                section.problem("name", format!("the mapping `{name}` is there twice"));
            }
        });
        CodeLists { lists, mappings }
    })
}

/// A mapping by its name. What it is and where it comes from is for those who read the file, who are to find it there.
fn read_mapping(section: &mut Section<'_>) -> (String, Mapping) {
    let name = section.name("name", "_");
    for key in ["title", "source", "version"] {
        section.text(key);
    }
    let mut mapping = Mapping::default();
    for pair in section.pairs("values") {
        if let Err(problem) = mapping.add(&pair.key, &pair.value) {
            section.pair_problem(&pair, problem);
        }
    }
    (name, mapping)
}

fn read_list(section: &mut Section<'_>) -> CodeList {
    let mut list = CodeList {
        name: section.name("name", "_"),
        title: section.text("title"),
        source: section.text("source"),
        version: section.text("version"),
        codes: section.some_texts("codes"),
        printed: BTreeMap::new(),
        exact: HashMap::new(),
        spellings: HashMap::new(),
    };
    index_codes(section, &mut list);
    for pair in section.pairs("names") {
        add_spelling(section, &mut list, &pair, &pair.value, &pair.key);
        list.printed.insert(pair.key, pair.value);
    }
    for pair in section.pairs("aliases") {
        add_spelling(section, &mut list, &pair, &pair.key, &pair.value);
    }
    list
}

fn index_codes(section: &Section<'_>, list: &mut CodeList) {
    for (index, code) in list.codes.iter().enumerate() {
        if list.exact.insert(code.clone(), index).is_some() {
            section.problem("codes", format!("the code `{code}` is there twice"));
        } else if let Some(other) = list.spellings.insert(normal_form(code), index) {
            let other = list.codes.get(other).map_or("", String::as_str);
            section.problem(
                "codes",
                format!("the codes `{other}` and `{code}` cannot be told apart"),
            );
        }
    }
}

fn add_spelling(section: &Section<'_>, list: &mut CodeList, pair: &Pair, spelling: &str, code: &str) {
    let normal = normal_form(spelling);
    let Some(&index) = list.exact.get(code) else {
        section.pair_problem(
            pair,
            format!("`{spelling}` is given for `{code}`, which is no code of this list"),
        );
        return;
    };
    if normal.is_empty() {
        section.pair_problem(pair, format!("`{spelling}` has no letter or digit to match by"));
        return;
    }
    let known = *list.spellings.entry(normal).or_insert(index);
    if known != index {
        let other = list.codes.get(known).map_or("", String::as_str);
        section.pair_problem(
            pair,
            format!("`{spelling}` is given for `{code}`, but already means `{other}`"),
        );
    }
}
