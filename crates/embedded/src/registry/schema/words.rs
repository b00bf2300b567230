//! Checking the names in a schema's JSON before apache-avro's parser sees it: version 0.21 panics on ill-formed names,
//! namespaces and aliases.

use serde_json::{Map, Value};

/// Checks every name in a schema position. Depth does not matter: nothing recurses.
pub(super) fn check(schema: &Value) -> Result<(), String> {
    let mut waiting = vec![schema];
    while let Some(schema) = waiting.pop() {
        match schema {
            Value::String(name) => check_name("type", name)?,
            Value::Array(branches) => waiting.extend(branches),
            Value::Object(map) => {
                check_own(map)?;
                waiting.extend(
                    ["type", "items", "values"]
                        .into_iter()
                        .filter_map(|key| map.get(key)),
                );
                for field in map.get("fields").and_then(Value::as_array).into_iter().flatten() {
                    if let Value::Object(field) = field {
                        check_own(field)?;
                        waiting.extend(field.get("type"));
                    }
                }
            }
            _ => {}
        }
    }
    Ok(())
}

fn check_own(map: &Map<String, Value>) -> Result<(), String> {
    if let Some(Value::String(name)) = map.get("name") {
        check_name("name", name)?;
    }
    if let Some(Value::String(namespace)) = map.get("namespace").filter(|namespace| *namespace != "") {
        check_name("namespace", namespace)?;
    }
    let aliases = map.get("aliases").and_then(Value::as_array).into_iter().flatten();
    aliases
        .filter_map(Value::as_str)
        .try_for_each(|alias| check_name("alias", alias))
}

fn check_name(what: &str, name: &str) -> Result<(), String> {
    let is_word = |word: &str| {
        word.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
            && word
                .chars()
                .all(|character| character.is_ascii_alphanumeric() || character == '_')
    };
    if name.strip_prefix('.').unwrap_or(name).split('.').all(is_word) {
        return Ok(());
    }
    let shown: String = name
        .chars()
        .filter(|character| !character.is_control())
        .take(60)
        .collect();
    Err(format!(
        "{what} '{shown}' is not made of letters, digits and underscores, beginning with no digit"
    ))
}
