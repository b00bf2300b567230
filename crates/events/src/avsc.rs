//! Parsing of schemas that come from outside (the registry, files).
//!
//! apache-avro panics on names that are not names and on attributes that only look like Avro's, and it takes a
//! logical type from beside a field's type too; so the JSON is looked over, and stripped of what Avro does not define,
//! before it is handed on. The logical type `uuid` goes as well: apache-avro forgets whether a string or 16 fixed
//! bytes carry it, and resolution does not need it.

use apache_avro::Schema;
use serde_json::{Map, Value};

use crate::canonical::{self, Fingerprint};

/// Types nested deeper than this are refused.
pub const MAX_DEPTH: usize = 64;

/// A schema's text longer than this is refused.
pub const MAX_BYTES: usize = 1 << 20;

/// A schema, parsed, with the fingerprints that announce it.
#[derive(Debug, Clone)]
pub struct Parsed {
    /// The schema, for compiling a decoder.
    pub schema: Schema,
    /// Its Rabin fingerprints, as single-object messages carry them.
    pub fingerprints: Vec<Fingerprint>,
}

/// Why a text is not a usable schema.
#[derive(Debug, thiserror::Error)]
pub enum SchemaError {
    /// Longer than [`MAX_BYTES`].
    #[error("the schema has {bytes} bytes; at most {MAX_BYTES} are read")]
    TooLong {
        /// Its length.
        bytes: usize,
    },
    /// Not JSON.
    #[error("the schema is not JSON")]
    Json(#[source] serde_json::Error),
    /// JSON, and not a schema.
    #[error("the schema has {what} at {path}")]
    Shape {
        /// Where, from the top of the schema: `$.fields[2].type`.
        path: String,
        /// What is wrong there.
        what: &'static str,
    },
    /// Refused by the Avro library.
    #[error("the schema breaks a rule of Avro")]
    Avro(#[source] Box<apache_avro::Error>),
}

/// Parses a schema of anybody's making.
pub fn parse(text: &str) -> Result<Parsed, SchemaError> {
    if text.len() > MAX_BYTES {
        return Err(SchemaError::TooLong { bytes: text.len() });
    }
    parse_json(serde_json::from_str(text).map_err(SchemaError::Json)?)
}

/// Parses a schema that is JSON already.
pub fn parse_json(mut json: Value) -> Result<Parsed, SchemaError> {
    look_over(&mut json, &mut "$".to_owned(), 0)?;
    let schema = Schema::parse(&json).map_err(|error| SchemaError::Avro(Box::new(error)))?;
    Ok(Parsed {
        schema,
        fingerprints: canonical::fingerprints(&json),
    })
}

/// Walks what Avro's parser walks: types, fields, items, values; not defaults and docs. Takes out attributes that
/// Avro does not define, but `codes`.
fn look_over(json: &mut Value, path: &mut String, depth: usize) -> Result<(), SchemaError> {
    if depth > MAX_DEPTH {
        return Err(shape(path, "types nested too deeply"));
    }
    match json {
        Value::String(name) => check_name(name, path),
        Value::Array(branches) => each(branches, path, |branch, path| look_over(branch, path, depth + 1)),
        Value::Object(map) => look_over_type(map, path, depth),
        _ => Err(shape(path, "something that is no type")),
    }
}

fn look_over_type(map: &mut Map<String, Value>, path: &mut String, depth: usize) -> Result<(), SchemaError> {
    let attributes: &[&str] = match map.get("type").and_then(Value::as_str) {
        Some("record") => &["type", "name", "namespace", "aliases", "doc", "fields"],
        Some("enum") => &[
            "type",
            "name",
            "namespace",
            "aliases",
            "doc",
            "symbols",
            "default",
        ],
        Some("fixed") => &[
            "type",
            "name",
            "namespace",
            "aliases",
            "doc",
            "size",
            "logicalType",
            "precision",
            "scale",
        ],
        Some("array") => &["type", "items"],
        Some("map") => &["type", "values"],
        _ => &["type", "logicalType", "precision", "scale"],
    };
    map.retain(|key, _| attributes.contains(&key.as_str()));
    if map.get("logicalType").and_then(Value::as_str) == Some("uuid") {
        map.remove("logicalType");
    }
    check_numbers(map, path)?;
    check_names(map, path)?;
    for key in ["type", "items", "values"] {
        if let Some(inner) = map.get_mut(key) {
            within(path, &format!(".{key}"), |path| look_over(inner, path, depth + 1))?;
        }
    }
    match map.get_mut("fields") {
        Some(Value::Array(fields)) => within(path, ".fields", |path| {
            each(fields, path, |field, path| {
                look_over_field(field, path, depth + 1)
            })
        }),
        Some(_) => Err(shape(path, "fields that are no list")),
        None => Ok(()),
    }
}

fn look_over_field(field: &mut Value, path: &mut String, depth: usize) -> Result<(), SchemaError> {
    let Value::Object(map) = field else {
        return Err(shape(path, "a field that is no object"));
    };
    map.retain(|key, _| {
        ["name", "type", "doc", "aliases", "default", "order", "codes"].contains(&key.as_str())
    });
    check_names(map, path)?;
    match map.get_mut("type") {
        Some(inner) => within(path, ".type", |path| look_over(inner, path, depth + 1)),
        None => Err(shape(path, "a field without a type")),
    }
}

fn check_names(map: &Map<String, Value>, path: &mut String) -> Result<(), SchemaError> {
    if let Some(name) = map.get("name").and_then(Value::as_str) {
        within(path, ".name", |path| check_name(name, path))?;
    }
    if let Some(space) = map
        .get("namespace")
        .and_then(Value::as_str)
        .filter(|space| !space.is_empty())
    {
        within(path, ".namespace", |path| check_name(space, path))?;
    }
    match map.get("aliases") {
        None => Ok(()),
        Some(Value::Array(aliases)) => aliases.iter().try_for_each(|alias| {
            within(path, ".aliases", |path| {
                check_name(alias.as_str().unwrap_or_default(), path)
            })
        }),
        Some(_) => Err(shape(path, "aliases that are no list")),
    }
}

fn check_numbers(map: &Map<String, Value>, path: &str) -> Result<(), SchemaError> {
    let is_small = |value: &Value| value.as_u64().is_some_and(|number| u32::try_from(number).is_ok());
    if ["size", "precision", "scale"]
        .iter()
        .filter_map(|key| map.get(*key))
        .all(is_small)
    {
        Ok(())
    } else {
        Err(shape(
            path,
            "a size, precision or scale that is no small whole number",
        ))
    }
}

fn each(
    items: &mut [Value],
    path: &mut String,
    mut look: impl FnMut(&mut Value, &mut String) -> Result<(), SchemaError>,
) -> Result<(), SchemaError> {
    for (index, item) in items.iter_mut().enumerate() {
        within(path, &format!("[{index}]"), |path| look(item, path))?;
    }
    Ok(())
}

fn within<T>(path: &mut String, part: &str, look: impl FnOnce(&mut String) -> T) -> T {
    let outer = path.len();
    path.push_str(part);
    let result = look(path);
    path.truncate(outer);
    result
}

/// Names of types and fields: dotted parts of letters, digits and underscores, none beginning with a digit.
fn check_name(name: &str, path: &str) -> Result<(), SchemaError> {
    let is_part = |part: &str| {
        let mut chars = part.chars();
        chars.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
            && chars.all(|c| c.is_ascii_alphanumeric() || c == '_')
    };
    if name.split('.').all(is_part) {
        Ok(())
    } else {
        Err(shape(path, "a name that is not a name in Avro"))
    }
}

fn shape(path: &str, what: &'static str) -> SchemaError {
    SchemaError::Shape {
        path: path.to_owned(),
        what,
    }
}

#[cfg(test)]
mod tests;
