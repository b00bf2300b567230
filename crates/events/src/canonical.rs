//! Parsing canonical form and Rabin fingerprint of a schema, as the Avro specification defines them.
//!
//! Own code because apache-avro 0.21 leaves a primitive with a logical type as `{"type":"int"}` where the
//! specification (and Java, Python, C#) says `"int"`: its fingerprints of such schemas match nobody else's. Both
//! spellings are computed, so that messages of Rust writers are found too.

use serde_json::{Map, Value};

/// The 8 bytes that a single-object message carries: the fingerprint, little-endian.
pub type Fingerprint = [u8; 8];

/// How a primitive type with a logical type is spelled in the canonical form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Primitives {
    /// `"int"`, as the specification says.
    Plain,
    /// `{"type":"int"}`, as apache-avro (Rust) has it.
    Wrapped,
}

/// Logical types that apache-avro knows, each on its primitive.
const KNOWN_LOGICAL_TYPES: &[&str] = &[
    "date",
    "time-millis",
    "time-micros",
    "timestamp-millis",
    "timestamp-micros",
    "timestamp-nanos",
    "local-timestamp-millis",
    "local-timestamp-micros",
    "local-timestamp-nanos",
    "uuid",
];

/// The parsing canonical form of a schema's JSON.
pub fn canonical_form(schema: &Value) -> String {
    canonical(schema, Primitives::Plain)
}

/// The fingerprints under which writers of this schema announce it: the specification's, and apache-avro's where
/// that differs.
pub fn fingerprints(schema: &Value) -> Vec<Fingerprint> {
    let mut found = vec![rabin(canonical(schema, Primitives::Plain).as_bytes())];
    let other = rabin(canonical(schema, Primitives::Wrapped).as_bytes());
    if !found.contains(&other) {
        found.push(other);
    }
    found
}

/// The 64-bit Rabin fingerprint (CRC-64-AVRO), little-endian.
pub fn rabin(bytes: &[u8]) -> Fingerprint {
    const EMPTY: u64 = 0xc15d_213a_a4d7_a795;
    let fold = |hash: u64, &byte: &u8| {
        let mut hash = hash ^ u64::from(byte);
        for _ in 0..8 {
            hash = (hash >> 1) ^ (EMPTY & (hash & 1).wrapping_neg());
        }
        hash
    };
    bytes.iter().fold(EMPTY, fold).to_le_bytes()
}

fn canonical(schema: &Value, primitives: Primitives) -> String {
    let mut text = String::new();
    write_schema(schema, "", primitives, &mut text);
    text
}

fn write_schema(schema: &Value, namespace: &str, primitives: Primitives, out: &mut String) {
    match schema {
        Value::String(name) => write_string(&type_name(name, namespace), out),
        Value::Array(branches) => {
            write_list(branches, out, |branch, out| {
                write_schema(branch, namespace, primitives, out)
            });
        }
        Value::Object(map) => write_object(map, namespace, primitives, out),
        _ => {}
    }
}

fn write_object(map: &Map<String, Value>, namespace: &str, primitives: Primitives, out: &mut String) {
    match map.get("type") {
        Some(Value::String(kind)) => match kind.as_str() {
            "record" | "error" | "enum" | "fixed" => write_named(map, namespace, primitives, out),
            "array" => write_container("array", "items", map, (namespace, primitives), out),
            "map" => write_container("map", "values", map, (namespace, primitives), out),
            _ if primitives == Primitives::Wrapped && has_known_logical_type(map) => {
                out.push_str("{\"type\":");
                write_string(kind, out);
                out.push('}');
            }
            _ => write_string(&type_name(kind, namespace), out),
        },
        Some(nested) => write_schema(nested, namespace, primitives, out),
        None => {}
    }
}

fn has_known_logical_type(map: &Map<String, Value>) -> bool {
    map.get("logicalType")
        .and_then(Value::as_str)
        .is_some_and(|name| KNOWN_LOGICAL_TYPES.contains(&name))
}

fn write_container(
    kind: &str,
    key: &str,
    map: &Map<String, Value>,
    (namespace, primitives): (&str, Primitives),
    out: &mut String,
) {
    out.push_str("{\"type\":");
    write_string(kind, out);
    out.push_str(",\"");
    out.push_str(key);
    out.push_str("\":");
    write_schema(map.get(key).unwrap_or(&Value::Null), namespace, primitives, out);
    out.push('}');
}

fn write_named(map: &Map<String, Value>, namespace: &str, primitives: Primitives, out: &mut String) {
    let text = |key: &str| map.get(key).and_then(Value::as_str);
    let name = text("name").unwrap_or_default();
    let full = if name.contains('.') {
        name.to_owned()
    } else {
        full_name(name, text("namespace").unwrap_or(namespace))
    };
    let inner = full.rsplit_once('.').map_or("", |(space, _)| space);
    out.push_str("{\"name\":");
    write_string(&full, out);
    out.push_str(",\"type\":");
    write_string(text("type").unwrap_or_default(), out);
    if let Some(Value::Array(fields)) = map.get("fields") {
        out.push_str(",\"fields\":");
        write_list(fields, out, |field, out| {
            write_field(field, inner, primitives, out)
        });
    }
    if let Some(Value::Array(symbols)) = map.get("symbols") {
        out.push_str(",\"symbols\":");
        write_list(symbols, out, |symbol, out| {
            write_string(symbol.as_str().unwrap_or_default(), out)
        });
    }
    if let Some(size) = map.get("size") {
        out.push_str(",\"size\":");
        out.push_str(&size.as_str().map_or_else(|| size.to_string(), str::to_owned));
    }
    out.push('}');
}

fn write_field(field: &Value, namespace: &str, primitives: Primitives, out: &mut String) {
    out.push_str("{\"name\":");
    write_string(field.get("name").and_then(Value::as_str).unwrap_or_default(), out);
    out.push_str(",\"type\":");
    write_schema(
        field.get("type").unwrap_or(&Value::Null),
        namespace,
        primitives,
        out,
    );
    out.push('}');
}

fn write_list(items: &[Value], out: &mut String, mut write: impl FnMut(&Value, &mut String)) {
    out.push('[');
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        write(item, out);
    }
    out.push(']');
}

/// A primitive as it is, the name of another type with its namespace.
fn type_name(name: &str, namespace: &str) -> String {
    match name {
        "null" | "boolean" | "int" | "long" | "float" | "double" | "bytes" | "string" => name.to_owned(),
        _ if name.contains('.') => name.to_owned(),
        _ => full_name(name, namespace),
    }
}

fn full_name(name: &str, namespace: &str) -> String {
    if namespace.is_empty() {
        name.to_owned()
    } else {
        format!("{namespace}.{name}")
    }
}

fn write_string(text: &str, out: &mut String) {
    out.push('"');
    out.push_str(text);
    out.push('"');
}

#[cfg(test)]
mod tests;
