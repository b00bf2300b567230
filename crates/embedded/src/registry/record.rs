//! The messages of the registry's topic, in the format of Confluent's registry: key and value are JSON.

use serde::Deserialize;
use serde_json::{Value, json};

use super::compatibility::Level;
use super::schema::AvroSchema;

/// A message understood.
#[derive(Debug)]
pub(super) enum Entry {
    /// A schema under a subject.
    Schema {
        subject: String,
        version: u32,
        id: u32,
        schema: AvroSchema,
        /// Hidden by another registry; it can be read all the same.
        deleted: bool,
    },
    /// A compatibility level, for one subject or all; none takes it back.
    Level {
        subject: Option<String>,
        level: Option<Level>,
    },
    /// All versions of a subject up to this one are hidden.
    DeletedSubject { subject: String, up_to: u32 },
    /// A message that says nothing about schemas.
    Irrelevant,
}

#[derive(Deserialize)]
struct Key {
    keytype: String,
    #[serde(default)]
    subject: Option<String>,
}

#[derive(Deserialize)]
struct SchemaValue {
    subject: String,
    version: u32,
    id: u32,
    schema: String,
    #[serde(default)]
    deleted: bool,
    #[serde(rename = "schemaType", default)]
    kind: Option<String>,
}

#[derive(Deserialize)]
struct ConfigValue {
    #[serde(rename = "compatibilityLevel")]
    level: String,
}

#[derive(Deserialize)]
struct DeletedValue {
    subject: String,
    version: u32,
}

/// Reads a message; the error says what cannot be understood.
pub(super) fn parse(key: &[u8], value: Option<&[u8]>) -> Result<Entry, String> {
    let key: Key = json_of(key)?;
    match (key.keytype.as_str(), value) {
        ("SCHEMA", Some(value)) => schema_entry(json_of(value)?),
        ("CONFIG", value) => {
            let config: Option<ConfigValue> = value.map(json_of).transpose()?;
            let level = config.map(|config| config.level.parse()).transpose();
            Ok(Entry::Level {
                subject: key.subject,
                level: level.map_err(|()| "unknown level".to_owned())?,
            })
        }
        ("DELETE_SUBJECT", Some(value)) => {
            let deleted: DeletedValue = json_of(value)?;
            Ok(Entry::DeletedSubject {
                subject: deleted.subject,
                up_to: deleted.version,
            })
        }
        _ => Ok(Entry::Irrelevant),
    }
}

fn schema_entry(value: SchemaValue) -> Result<Entry, String> {
    if value.kind.as_deref().is_some_and(|kind| kind != "AVRO") {
        return Err("not an Avro schema".to_owned());
    }
    let SchemaValue {
        subject,
        version,
        id,
        deleted,
        ..
    } = value;
    Ok(Entry::Schema {
        subject,
        version,
        id,
        schema: AvroSchema::parse(&value.schema)?,
        deleted,
    })
}

/// Key and value that place a schema.
pub(super) fn schema_message(
    subject: &str,
    version: u32,
    id: u32,
    schema: &AvroSchema,
) -> (Vec<u8>, Vec<u8>) {
    let key = json!({ "keytype": "SCHEMA", "subject": subject, "version": version, "magic": 1 });
    let value = json!({ "subject": subject, "version": version, "id": id, "schema": schema.text(), "deleted": false });
    bytes_of(&key, &value)
}

/// Key and value that set a level for a subject, or for all.
pub(super) fn level_message(subject: Option<&str>, level: Level) -> (Vec<u8>, Vec<u8>) {
    let key = json!({ "keytype": "CONFIG", "subject": subject, "magic": 0 });
    bytes_of(&key, &json!({ "compatibilityLevel": level.to_string() }))
}

fn bytes_of(key: &Value, value: &Value) -> (Vec<u8>, Vec<u8>) {
    (key.to_string().into_bytes(), value.to_string().into_bytes())
}

fn json_of<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Result<T, String> {
    serde_json::from_slice(bytes).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn messages_have_the_format_of_confluents_registry() {
        let schema = AvroSchema::parse(r#""int""#).expect("valid");
        let (key, value) = schema_message("t-value", 2, 7, &schema);
        let expected = r#"{"keytype":"SCHEMA","subject":"t-value","version":2,"magic":1}"#;
        assert_eq!(String::from_utf8_lossy(&key), expected);
        let expected = r#"{"subject":"t-value","version":2,"id":7,"schema":"\"int\"","deleted":false}"#;
        assert_eq!(String::from_utf8_lossy(&value), expected);
        let (key, value) = level_message(None, Level::default());
        assert_eq!(
            String::from_utf8_lossy(&key),
            r#"{"keytype":"CONFIG","subject":null,"magic":0}"#
        );
        assert_eq!(
            String::from_utf8_lossy(&value),
            r#"{"compatibilityLevel":"BACKWARD"}"#
        );
    }

    #[test]
    fn what_is_written_is_read() {
        let schema = AvroSchema::parse(r#""int""#).expect("valid");
        let (key, value) = schema_message("t-value", 2, 7, &schema);
        let Entry::Schema {
            subject,
            version,
            id,
            deleted,
            ..
        } = parse(&key, Some(&value)).expect("ours")
        else {
            panic!("a schema");
        };
        assert_eq!((subject.as_str(), version, id, deleted), ("t-value", 2, 7, false));
        assert!(matches!(
            parse(br#"{"keytype":"NOOP","magic":0}"#, None),
            Ok(Entry::Irrelevant)
        ));
        assert!(matches!(
            parse(br#"{"keytype":"CONFIG","subject":"s","magic":0}"#, None),
            Ok(Entry::Level {
                subject: Some(_),
                level: None
            })
        ));
    }

    proptest! {
        #[test]
        fn any_bytes_are_an_entry_or_an_error(
            key in prop_oneof![Just(br#"{"keytype":"SCHEMA"}"#.to_vec()), proptest::collection::vec(any::<u8>(), 0..60)],
            value in proptest::option::of(proptest::collection::vec(any::<u8>(), 0..60)),
        ) {
            let _ = parse(&key, value.as_deref());
        }
    }
}
