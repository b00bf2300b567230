//! What the registry knows: a pure function of the messages in its topic, in their order.
//!
//! An id or version that is taken stays with the schema that took it first; a later message that gives it to another
//! schema is void for every reader. So two registries that write at once cannot give one id twice: whoever comes
//! second sees its message void and tries again.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::compatibility::Level;
use super::record::Entry;
use super::schema::AvroSchema;

/// A version under a subject.
#[derive(Clone, Debug)]
pub(super) struct Version {
    pub(super) number: u32,
    pub(super) id: u32,
    pub(super) schema: Arc<AvroSchema>,
}

/// The registry's knowledge.
#[derive(Debug, Default)]
pub(super) struct State {
    schemas: BTreeMap<u32, Arc<AvroSchema>>,
    ids: HashMap<String, u32>,
    subjects: BTreeMap<String, BTreeMap<u32, Placed>>,
    levels: BTreeMap<String, Level>,
    global: Level,
}

#[derive(Clone, Copy, Debug)]
struct Placed {
    id: u32,
    deleted: bool,
}

impl State {
    /// Takes in the next message.
    pub(super) fn apply(&mut self, entry: Entry) {
        match entry {
            Entry::Schema {
                subject,
                version,
                id,
                schema,
                deleted,
            } => {
                self.place(subject, version, (id, schema), deleted);
            }
            Entry::Level {
                subject: Some(subject),
                level: Some(level),
            } => {
                self.levels.insert(subject, level);
            }
            Entry::Level {
                subject: Some(subject),
                level: None,
            } => {
                self.levels.remove(&subject);
            }
            Entry::Level { subject: None, level } => self.global = level.unwrap_or_default(),
            Entry::DeletedSubject { subject, up_to } => {
                let versions = self.subjects.entry(subject).or_default();
                versions
                    .range_mut(..=up_to)
                    .for_each(|(_, placed)| placed.deleted = true);
            }
            Entry::Irrelevant => {}
        }
    }

    fn place(&mut self, subject: String, version: u32, (id, schema): (u32, AvroSchema), deleted: bool) {
        let known = self
            .schemas
            .get(&id)
            .map(|known| known.identity() == schema.identity());
        if known == Some(false) {
            return;
        }
        let versions = self.subjects.entry(subject).or_default();
        if versions.get(&version).is_some_and(|placed| placed.id != id) {
            return;
        }
        versions.insert(version, Placed { id, deleted });
        if known.is_none() {
            self.ids.entry(schema.identity().to_owned()).or_insert(id);
            self.schemas.insert(id, Arc::new(schema));
        }
    }

    /// The id the next new schema gets.
    pub(super) fn next_id(&self) -> u32 {
        self.schemas
            .last_key_value()
            .map_or(1, |(id, _)| id.saturating_add(1))
    }

    /// The id of a schema, under whatever subject.
    pub(super) fn id_of(&self, schema: &AvroSchema) -> Option<u32> {
        self.ids.get(schema.identity()).copied()
    }

    pub(super) fn schema(&self, id: u32) -> Option<Arc<AvroSchema>> {
        self.schemas.get(&id).cloned()
    }

    /// The number the next version of a subject gets; those of deleted versions are not given again.
    pub(super) fn next_version(&self, subject: &str) -> u32 {
        let last = self
            .subjects
            .get(subject)
            .and_then(|versions| versions.last_key_value());
        last.map_or(1, |(number, _)| number.saturating_add(1))
    }

    /// The subjects that have versions.
    pub(super) fn subjects(&self) -> impl Iterator<Item = &str> {
        let alive = |versions: &BTreeMap<u32, Placed>| versions.values().any(|placed| !placed.deleted);
        self.subjects
            .iter()
            .filter(move |(_, versions)| alive(versions))
            .map(|(subject, _)| subject.as_str())
    }

    /// The versions of a subject, ascending; none when there is no such subject.
    pub(super) fn versions(&self, subject: &str) -> Vec<Version> {
        let placed = self
            .subjects
            .get(subject)
            .into_iter()
            .flatten()
            .filter(|(_, placed)| !placed.deleted);
        placed
            .filter_map(|(number, placed)| {
                let schema = self.schemas.get(&placed.id)?;
                Some(Version {
                    number: *number,
                    id: placed.id,
                    schema: Arc::clone(schema),
                })
            })
            .collect()
    }

    /// Where a schema is used: subject and version.
    pub(super) fn uses_of(&self, id: u32) -> Vec<(&str, u32)> {
        let all = self.subjects.iter().flat_map(|(subject, versions)| {
            versions
                .iter()
                .map(move |(number, placed)| (subject.as_str(), *number, *placed))
        });
        all.filter(|(_, _, placed)| placed.id == id && !placed.deleted)
            .map(|(subject, number, _)| (subject, number))
            .collect()
    }

    /// The compatibility level in force for a subject.
    pub(super) fn level(&self, subject: &str) -> Level {
        self.own_level(subject).unwrap_or(self.global)
    }

    /// The level set for this very subject.
    pub(super) fn own_level(&self, subject: &str) -> Option<Level> {
        self.levels.get(subject).copied()
    }

    pub(super) fn global_level(&self) -> Level {
        self.global
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(subject: &str, version: u32, id: u32, schema: &str) -> Entry {
        let schema = AvroSchema::parse(schema).expect("valid");
        Entry::Schema {
            subject: subject.into(),
            version,
            id,
            schema,
            deleted: false,
        }
    }

    #[test]
    fn an_id_or_version_stays_with_who_took_it_first() {
        let mut state = State::default();
        state.apply(entry("a", 1, 1, r#""int""#));
        state.apply(entry("b", 1, 1, r#""long""#));
        state.apply(entry("a", 1, 2, r#""long""#));
        assert_eq!(
            state.schema(1).map(|schema| schema.text().to_owned()),
            Some(r#""int""#.into())
        );
        assert!(state.schema(2).is_none() && state.versions("b").is_empty());
        assert_eq!(
            (state.next_id(), state.next_version("a"), state.next_version("b")),
            (2, 2, 1)
        );
    }

    #[test]
    fn one_schema_keeps_one_id_under_all_subjects() {
        let mut state = State::default();
        state.apply(entry("a", 1, 7, r#""int""#));
        state.apply(entry("b", 1, 7, r#"{"type":"int"}"#));
        let int = AvroSchema::parse(r#""int""#).expect("valid");
        assert_eq!(state.id_of(&int), Some(7));
        assert_eq!(state.uses_of(7), [("a", 1), ("b", 1)]);
        assert_eq!(state.next_id(), 8);
    }

    #[test]
    fn what_another_registry_deleted_is_hidden_and_stays_readable() {
        let mut state = State::default();
        state.apply(entry("a", 1, 1, r#""int""#));
        state.apply(Entry::DeletedSubject {
            subject: "a".into(),
            up_to: 1,
        });
        assert_eq!(state.subjects().count(), 0);
        assert!(state.versions("a").is_empty() && state.schema(1).is_some());
        assert_eq!(state.next_version("a"), 2);
    }

    #[test]
    fn levels_are_per_subject_and_global() {
        let mut state = State::default();
        let full = "FULL".parse().ok();
        state.apply(Entry::Level {
            subject: Some("a".into()),
            level: full,
        });
        assert_eq!(
            (state.level("a").to_string(), state.level("b").to_string()),
            ("FULL".into(), "BACKWARD".into())
        );
        state.apply(Entry::Level {
            subject: Some("a".into()),
            level: None,
        });
        state.apply(Entry::Level {
            subject: None,
            level: "NONE".parse().ok(),
        });
        assert_eq!(state.level("a").to_string(), "NONE");
    }
}
