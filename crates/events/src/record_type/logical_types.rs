//! Refuses logical types that a column does not know, in the schema's JSON.

use serde_json::Value;

use super::Fault;

/// Finds the first logical type that is not allowed, or that stands beside a field's type instead of in it.
pub(super) fn check(schema: &Value) -> Result<(), Fault> {
    check_type(schema, "")
}

fn check_type(schema: &Value, path: &str) -> Result<(), Fault> {
    match schema {
        Value::Array(branches) => branches.iter().try_for_each(|branch| check_type(branch, path)),
        Value::Object(map) => {
            if let Some(logical) = map.get("logicalType") {
                check_logical(logical.as_str().unwrap_or("?"), map.get("type"), path)?;
            }
            for key in ["type", "items", "values"] {
                map.get(key).map_or(Ok(()), |inner| check_type(inner, path))?;
            }
            let fields = map.get("fields").and_then(Value::as_array);
            fields
                .into_iter()
                .flatten()
                .try_for_each(|field| check_field(field, path))
        }
        _ => Ok(()),
    }
}

fn check_field(field: &Value, outer: &str) -> Result<(), Fault> {
    let name = field.get("name").and_then(Value::as_str).unwrap_or("?");
    let path = if outer.is_empty() {
        name.to_owned()
    } else {
        format!("{outer}.{name}")
    };
    if field.get("logicalType").is_some() {
        return Err(Fault::new(
            &path,
            "logicalType stands beside the type; put it inside, {\"type\":…,\"logicalType\":…}",
        ));
    }
    field
        .get("type")
        .map_or(Ok(()), |schema| check_type(schema, &path))
}

fn check_logical(logical: &str, carrier: Option<&Value>, path: &str) -> Result<(), Fault> {
    let carrier = carrier.and_then(Value::as_str).unwrap_or_default();
    match (logical, carrier) {
        ("date", "int") | ("timestamp-millis", "long") => Ok(()),
        ("date", _) => Err(Fault::new(path, "a date must be an int")),
        ("timestamp-millis", _) => Err(Fault::new(path, "a timestamp-millis must be a long")),
        _ => Err(Fault::new(
            path,
            "the only logical types are date and timestamp-millis",
        )),
    }
}
