//! An Avro schema as the registry keeps it: checked, and with an identity by which it is found again.
//!
//! Two schemas are the same when their JSON is equal after every name is written in full. Unlike the parsing canonical
//! form this keeps defaults, documentation and attributes: a field's default decides what its readers see, and
//! `codes` attributes decide what the worker accepts.

mod defaults;
mod resolve;
mod words;

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use serde_json::Value;

/// A valid Avro schema.
#[derive(Debug)]
pub(super) struct AvroSchema {
    /// As it was registered, without blanks between its parts.
    text: String,
    /// Equal for equal schemas.
    identity: String,
    /// With all names in full.
    resolved: Value,
}

/// The named types of a schema by their full names.
pub(super) type Names<'a> = HashMap<&'a str, &'a Value>;

impl AvroSchema {
    /// Checks a schema; the error says what is wrong with it.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let value: Value = serde_json::from_str(text).map_err(|error| format!("it is not JSON: {error}"))?;
        words::check(&value)?;
        // Should the parser panic on something else, that must cost this schema only.
        let parsed = catch_unwind(AssertUnwindSafe(|| apache_avro::Schema::parse(&value).map(drop)));
        parsed
            .map_err(|_| "it is beyond the parser".to_owned())?
            .map_err(|error| error.to_string())?;
        let resolved = resolve::resolve(&value);
        defaults::check(&resolved)?;
        Ok(Self {
            text: value.to_string(),
            identity: resolve::sorted(&resolved).to_string(),
            resolved,
        })
    }

    /// JSON text.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Equal for equal schemas only.
    pub(super) fn identity(&self) -> &str {
        &self.identity
    }

    /// JSON with all names in full.
    pub(super) fn resolved(&self) -> &Value {
        &self.resolved
    }

    /// Its named types.
    pub(super) fn names(&self) -> Names<'_> {
        resolve::names(&self.resolved)
    }
}

#[cfg(test)]
mod tests;
