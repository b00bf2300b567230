//! Checking that each default is a value of its field: a reader would fail on it, long after the schema was taken.

use serde_json::{Map, Value};

use super::Names;
use super::resolve::names;

/// A default within a default within ... stops being looked into here.
const DEPTH_LIMIT: usize = 64;

/// Checks all defaults of a resolved schema.
pub(super) fn check(schema: &Value) -> Result<(), String> {
    let names = names(schema);
    for (name, definition) in &names {
        for field in definition
            .get("fields")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
        {
            let (Some(kind), Some(default)) = (field.get("type"), field.get("default")) else {
                continue;
            };
            if !fits(&names, kind, default, DEPTH_LIMIT) {
                let field = field.get("name").and_then(Value::as_str).unwrap_or_default();
                return Err(format!(
                    "the default of field {field} of {name} is no value of its type (for a union: of its first branch)"
                ));
            }
        }
    }
    Ok(())
}

fn fits(names: &Names<'_>, schema: &Value, default: &Value, depth: usize) -> bool {
    let Some(depth) = depth.checked_sub(1) else {
        return true;
    };
    match schema {
        Value::String(name) => match names.get(name.as_str()) {
            Some(definition) => fits(names, definition, default, depth),
            None => fits_primitive(name, default),
        },
        Value::Array(branches) => branches
            .first()
            .is_some_and(|first| fits(names, first, default, depth)),
        Value::Object(map) => fits_complex(names, map, default, depth),
        _ => false,
    }
}

fn fits_primitive(name: &str, default: &Value) -> bool {
    match name {
        "null" => default.is_null(),
        "boolean" => default.is_boolean(),
        "int" => default
            .as_i64()
            .is_some_and(|number| i32::try_from(number).is_ok()),
        "long" => default.is_i64(),
        "float" | "double" => default.is_number(),
        "bytes" => default.as_str().is_some_and(is_bytes),
        "string" => default.is_string(),
        _ => false,
    }
}

fn fits_complex(names: &Names<'_>, map: &Map<String, Value>, default: &Value, depth: usize) -> bool {
    let inner = |key: &str, default: &Value| {
        map.get(key)
            .is_some_and(|inner| fits(names, inner, default, depth))
    };
    match map.get("type").and_then(Value::as_str) {
        Some("array") => default
            .as_array()
            .is_some_and(|items| items.iter().all(|item| inner("items", item))),
        Some("map") => default
            .as_object()
            .is_some_and(|entries| entries.values().all(|value| inner("values", value))),
        Some("enum") => {
            let symbols = map.get("symbols").and_then(Value::as_array);
            default.is_string() && symbols.is_some_and(|symbols| symbols.contains(default))
        }
        Some("fixed") => {
            let size = map
                .get("size")
                .and_then(Value::as_u64)
                .and_then(|size| usize::try_from(size).ok());
            default
                .as_str()
                .is_some_and(|text| is_bytes(text) && Some(text.chars().count()) == size)
        }
        Some("record" | "error") => default.as_object().is_some_and(|given| {
            let mut fields = map.get("fields").and_then(Value::as_array).into_iter().flatten();
            fields.all(|field| {
                let name = field.get("name").and_then(Value::as_str).unwrap_or_default();
                match (given.get(name), field.get("type")) {
                    (Some(value), Some(kind)) => fits(names, kind, value, depth),
                    (None, _) => field.get("default").is_some(),
                    (Some(_), None) => false,
                }
            })
        }),
        Some(_) | None => map
            .get("type")
            .is_some_and(|inner| fits(names, inner, default, depth)),
    }
}

/// JSON spells bytes as characters up to U+00FF.
fn is_bytes(text: &str) -> bool {
    text.chars().all(|character| u32::from(character) <= 0xff)
}
