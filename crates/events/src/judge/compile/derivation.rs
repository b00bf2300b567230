//! Fitting derivations to the columns of a record type.

use quarterday_plan::codes::Mapping;
use quarterday_plan::feeds::Derivation;

use super::Compiler;
use crate::judge::derive::Derived;
use crate::kind::Kind;

impl Compiler<'_> {
    pub(super) fn derivation(&mut self, derivation: &Derivation) -> Option<Derived> {
        let before = self.problems.len();
        let derived = self.fit(derivation);
        for problem in self.problems.iter_mut().skip(before) {
            *problem = format!("what follows for {}: {problem}", derivation.field);
        }
        derived
    }

    fn fit(&mut self, derivation: &Derivation) -> Option<Derived> {
        let (from, from_spec) = self.column(&derivation.from)?;
        let (field, spec) = self.column(&derivation.field)?;
        if !matches!(from_spec.kind, Kind::String | Kind::Strings) {
            self.problems.push(format!("{} holds no codes", from_spec.name));
            return None;
        }
        let is_set = matches!(spec.kind, Kind::Strings) && spec.list.is_none();
        let is_optional = matches!(spec.kind, Kind::String) && spec.nullable;
        if !is_set && !is_optional {
            self.problems
                .push("the field can be neither empty nor a set of codes".to_owned());
            return None;
        }
        let mapping = self.mapping(&derivation.mapping, field)?;
        Some(Derived {
            field,
            from,
            mapping,
            in_body: spec.in_body || from_spec.in_body,
            is_set,
        })
    }

    /// The mapping, all of whose values are codes of the field.
    fn mapping(&mut self, name: &str, field: usize) -> Option<Mapping> {
        let Some(mapping) = self.lists.mapping(name) else {
            self.problems.push(format!("there is no mapping {name}"));
            return None;
        };
        let list = self.list_of(field)?;
        let is_code = |value: &&str| list.codes().any(|code| code == *value);
        let unknown: Vec<&str> = mapping.values().filter(|value| !is_code(value)).collect();
        if let Some(value) = unknown.first() {
            self.problems.push(format!(
                "the mapping {name} gives {value}, which is not on the list {}",
                list.name()
            ));
            return None;
        }
        Some(mapping.clone())
    }
}
