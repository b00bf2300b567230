//! Writing the names in a schema's JSON in full. The JSON has passed apache-avro's parser; what does not look like a
//! schema all the same is left as it is. Depth is bounded by the JSON parser.

use serde_json::{Map, Value};

use super::Names;

/// Words of Avro itself, which belong to no namespace.
const WORDS: &[&str] = &[
    "null", "boolean", "int", "long", "float", "double", "bytes", "string", "array", "map",
];

/// The same schema with full names and without namespaces.
pub(super) fn resolve(schema: &Value) -> Value {
    in_namespace(schema, "")
}

/// The same JSON with the keys of its objects in order.
pub(super) fn sorted(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(sorted).collect(),
        Value::Object(map) => {
            let mut entries: Vec<(&String, Value)> =
                map.iter().map(|(key, value)| (key, sorted(value))).collect();
            entries.sort_by_key(|(key, _)| *key);
            Value::Object(
                entries
                    .into_iter()
                    .map(|(key, value)| (key.clone(), value))
                    .collect(),
            )
        }
        other => other.clone(),
    }
}

/// The named types in a resolved schema.
pub(super) fn names(schema: &Value) -> Names<'_> {
    let mut names = Names::new();
    let mut waiting = vec![schema];
    while let Some(schema) = waiting.pop() {
        match schema {
            Value::Array(branches) => waiting.extend(branches),
            Value::Object(map) => {
                if is_named(map)
                    && let Some(name) = map.get("name").and_then(Value::as_str)
                {
                    names.insert(name, schema);
                }
                let parts = ["type", "items", "values"]
                    .into_iter()
                    .filter_map(|key| map.get(key));
                waiting.extend(parts.filter(|part| !part.is_string()));
                let fields = map.get("fields").and_then(Value::as_array).into_iter().flatten();
                waiting.extend(fields.filter_map(|field| field.get("type")));
            }
            _ => {}
        }
    }
    names
}

fn in_namespace(schema: &Value, namespace: &str) -> Value {
    match schema {
        Value::String(name) if WORDS.contains(&name.as_str()) => schema.clone(),
        Value::String(name) => full(name, namespace).into(),
        Value::Array(branches) => branches
            .iter()
            .map(|branch| in_namespace(branch, namespace))
            .collect(),
        Value::Object(map) => object(map, namespace),
        other => other.clone(),
    }
}

fn object(map: &Map<String, Value>, namespace: &str) -> Value {
    if let (Some(only), 1) = (map.get("type"), map.len()) {
        return in_namespace(only, namespace);
    }
    let (name, namespace) = if is_named(map) {
        own_name(map, namespace)
    } else {
        (None, namespace.to_owned())
    };
    let mut resolved = Map::new();
    for (key, value) in map {
        let value = match key.as_str() {
            "namespace" if name.is_some() => continue,
            "name" => name.clone().map_or_else(|| value.clone(), Value::from),
            "aliases" if name.is_some() => aliases(value, &namespace),
            "type" if name.is_some() => value.clone(),
            "type" | "items" | "values" => in_namespace(value, &namespace),
            "fields" => fields(value, &namespace),
            _ => value.clone(),
        };
        resolved.insert(key.clone(), value);
    }
    Value::Object(resolved)
}

fn fields(fields: &Value, namespace: &str) -> Value {
    let Value::Array(fields) = fields else {
        return fields.clone();
    };
    let field = |field: &Value| {
        let mut field = field.clone();
        if let Some(kind) = field.get_mut("type") {
            *kind = in_namespace(kind, namespace);
        }
        field
    };
    fields.iter().map(field).collect()
}

fn aliases(aliases: &Value, namespace: &str) -> Value {
    let Value::Array(aliases) = aliases else {
        return aliases.clone();
    };
    aliases
        .iter()
        .map(|alias| {
            alias
                .as_str()
                .map_or_else(|| alias.clone(), |alias| full(alias, namespace).into())
        })
        .collect()
}

fn is_named(map: &Map<String, Value>) -> bool {
    matches!(
        map.get("type").and_then(Value::as_str),
        Some("record" | "error" | "enum" | "fixed")
    )
}

/// The full name, and the namespace for what stands within.
fn own_name(map: &Map<String, Value>, namespace: &str) -> (Option<String>, String) {
    let Some(name) = map.get("name").and_then(Value::as_str) else {
        return (None, namespace.to_owned());
    };
    let own = map.get("namespace").and_then(Value::as_str).unwrap_or(namespace);
    let full = full(name, own);
    let within = full
        .rsplit_once('.')
        .map_or("", |(namespace, _)| namespace)
        .to_owned();
    (Some(full), within)
}

fn full(name: &str, namespace: &str) -> String {
    match name.strip_prefix('.') {
        Some(name) => name.to_owned(),
        None if name.contains('.') || namespace.is_empty() => name.to_owned(),
        None => format!("{namespace}.{name}"),
    }
}
