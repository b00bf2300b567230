//! The writers' schemas that are known, each with the decoder compiled for it. In memory only: the caller fetches what
//! is unknown from the registry and puts it in.
//!
//! A schema that cannot be used is kept too, as the reason why, so that it is not fetched again for every message.

use std::collections::HashMap;
use std::sync::Arc;

use crate::avsc::{self, SchemaError};
use crate::canonical::Fingerprint;
use crate::decoder::{CompileError, Decoder};
use crate::record_type::RecordType;
use crate::wire::Framed;

/// At most so many schemas are kept by id, and so many by fingerprint.
pub const CAPACITY: usize = 10_000;

/// Decoders of one record type, by the schema of the writer.
#[derive(Debug)]
pub struct SchemaStore {
    record_type: Arc<RecordType>,
    by_id: HashMap<u32, Entry>,
    by_fingerprint: HashMap<Fingerprint, Entry>,
}

type Entry = Result<Arc<Decoder>, Arc<UnusableSchema>>;

/// What is known of the schema that a message names.
#[derive(Debug, Clone)]
pub enum Resolved {
    /// The decoder for it.
    Decoder(Arc<Decoder>),
    /// It is known, and cannot be resolved to the record type.
    Unusable(Arc<UnusableSchema>),
    /// Unknown; to be fetched from the registry.
    UnknownId(u32),
    /// Unknown; there is nowhere to fetch it from.
    UnknownFingerprint(Fingerprint),
}

/// Why a writer's schema cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum UnusableSchema {
    /// It is no schema.
    #[error("the writer's schema cannot be read")]
    Schema(#[source] SchemaError),
    /// It cannot be resolved to the record type.
    #[error(transparent)]
    Compile(CompileError),
}

impl SchemaStore {
    /// A store that knows the record type's own schema.
    pub fn new(record_type: Arc<RecordType>) -> Self {
        let own = compile(record_type.schema(), &record_type);
        let by_fingerprint = record_type
            .fingerprints()
            .iter()
            .map(|&f| (f, own.clone()))
            .collect();
        Self {
            record_type,
            by_id: HashMap::new(),
            by_fingerprint,
        }
    }

    /// The decoder for a message.
    pub fn resolve(&self, message: &Framed<'_>) -> Resolved {
        let (entry, unknown) = match *message {
            Framed::Confluent { schema_id, .. } => {
                (self.by_id.get(&schema_id), Resolved::UnknownId(schema_id))
            }
            Framed::SingleObject { fingerprint, .. } => (
                self.by_fingerprint.get(&fingerprint),
                Resolved::UnknownFingerprint(fingerprint),
            ),
        };
        match entry {
            Some(Ok(decoder)) => Resolved::Decoder(Arc::clone(decoder)),
            Some(Err(why)) => Resolved::Unusable(Arc::clone(why)),
            None => unknown,
        }
    }

    /// Adds a schema of the registry, by its id and its fingerprints. Beyond the capacity all ids are forgotten: they
    /// can be fetched again.
    pub fn insert(&mut self, id: u32, schema_json: &str) {
        let entry = match avsc::parse(schema_json) {
            Err(error) => Err(Arc::new(UnusableSchema::Schema(error))),
            Ok(parsed) => {
                let entry = compile(&parsed.schema, &self.record_type);
                self.keep(&parsed.fingerprints, &entry);
                entry
            }
        };
        if self.by_id.len() >= CAPACITY {
            self.by_id.clear();
        }
        self.by_id.insert(id, entry);
    }

    /// Is anything known of the schema with this id, usable or not?
    pub fn has_id(&self, id: u32) -> bool {
        self.by_id.contains_key(&id)
    }

    /// Is anything known of the schema with this fingerprint, usable or not?
    pub fn has_fingerprint(&self, fingerprint: &Fingerprint) -> bool {
        self.by_fingerprint.contains_key(fingerprint)
    }

    /// Beyond the capacity, single-object messages of further schemas stay unknown.
    fn keep(&mut self, fingerprints: &[Fingerprint], entry: &Entry) {
        if self.by_fingerprint.len() + fingerprints.len() <= CAPACITY {
            let entries = fingerprints.iter().map(|&print| (print, entry.clone()));
            self.by_fingerprint.extend(entries);
        }
    }
}

fn compile(writer: &apache_avro::Schema, to: &RecordType) -> Entry {
    match Decoder::compile(writer, to) {
        Ok(decoder) => Ok(Arc::new(decoder)),
        Err(error) => Err(Arc::new(UnusableSchema::Compile(error))),
    }
}

#[cfg(test)]
mod tests;
