use std::path::PathBuf;

use apache_avro::types::Value as Avro;
use proptest::prelude::*;
use serde_json::Value;

use super::*;
use crate::avsc;
use crate::columns::Columns;
use crate::decoder::Decoder;
use crate::record_type::RecordType;
use crate::testing;

#[test]
fn frames_are_taken_off_as_they_were_put_on() {
    let message = confluent(258, b"abc");
    assert_eq!(message, [0, 0, 0, 1, 2, b'a', b'b', b'c']);
    assert_eq!(
        parse(&message),
        Ok(Framed::Confluent {
            schema_id: 258,
            payload: b"abc"
        })
    );
    let fingerprint = [1, 2, 3, 4, 5, 6, 7, 8];
    let message = single_object(fingerprint, b"");
    assert_eq!(
        parse(&message),
        Ok(Framed::SingleObject {
            fingerprint,
            payload: b""
        })
    );
}

#[test]
fn what_has_no_frame_is_told_in_plain_words() {
    let text = |message: &[u8]| parse(message).unwrap_err().to_string();
    assert_eq!(
        text(b""),
        "the message is empty; send a record as Avro in Confluent's wire format"
    );
    assert_eq!(
        text(&[0, 0, 0, 0]),
        "the message has 4 bytes, and its header alone needs 5"
    );
    assert_eq!(
        text(&[0xc3]),
        "the message has 1 bytes, and its header alone needs 10"
    );
    assert_eq!(
        text(&[0xc3, 1, 9]),
        "the message has 3 bytes, and its header alone needs 10"
    );
    assert!(text(b"{\"feed\"").starts_with("the message begins with byte 0x7b; it must be Avro"));
    assert!(text(&[1; 20]).contains("by GUID"));
    assert!(text(&[0xc3, 2]).starts_with("the message begins with byte 0xc3"));
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(message in prop::collection::vec(any::<u8>(), 0..16)) {
        let _ = parse(&message);
    }
}

/// A vector's message, decoded with its own schema as writer and reader.
fn decode(schema: &Value, hex: &str) -> Result<Avro, String> {
    let message: Vec<u8> = (0..hex.len() / 2)
        .map(|index| u8::from_str_radix(&hex[index * 2..index * 2 + 2], 16).unwrap())
        .collect();
    let framed = parse(&message).map_err(|error| error.to_string())?;
    let text = schema.to_string();
    let record_type = RecordType::parse("vector", &text).unwrap();
    let decoder = Decoder::compile(&avsc::parse(&text).unwrap().schema, &record_type).unwrap();
    let mut columns = Columns::new(&record_type);
    decoder
        .decode(framed.payload(), &mut columns)
        .map_err(|error| error.to_string())?;
    Ok(testing::row(&record_type, &columns, 0))
}

const HEARTBEAT: &str = r#"{"type":"record","name":"Heartbeat","namespace":"nl.openweb.data",
    "fields":[{"name":"beat","type":"long"}]}"#;

#[test]
fn messages_of_other_clients_decode() {
    let schema: Value = serde_json::from_str(HEARTBEAT).unwrap();
    assert_eq!(
        decode(&schema, "000000000106"),
        Ok(Avro::Record(vec![("beat".to_owned(), Avro::Long(3))]))
    );
    assert_eq!(
        decode(&schema, "0000000001").unwrap_err(),
        "byte 0, field beat: the message ends in the middle of a value"
    );
}

/// The vectors of the data folder; skipped, loudly, where it is not there.
#[test]
fn vectors_of_the_data_folder() {
    let Some(folder) = std::env::var_os("QUARTERDAY_DATA") else {
        eprintln!("SKIPPED: QUARTERDAY_DATA is not set, so the wire vectors were not read");
        return;
    };
    let path = PathBuf::from(folder).join("avro/confluent_wire_vectors.json");
    let file: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let vectors = file["vectors"].as_array().unwrap();
    assert!(!vectors.is_empty());
    for vector in vectors {
        check(vector);
    }
}

fn check(vector: &Value) {
    let hex = vector["hex"].as_str().unwrap();
    let bytes: Vec<u8> = (0..hex.len() / 2)
        .map(|i| u8::from_str_radix(&hex[i * 2..i * 2 + 2], 16).unwrap())
        .collect();
    let parsed = parse(&bytes);
    match (vector.get("schema_id"), &parsed) {
        (Some(id), Ok(Framed::Confluent { schema_id, .. })) => assert_eq!(id, *schema_id, "{vector}"),
        (None, Err(WireError::Guid)) => assert!(vector.get("schema_guid").is_some(), "{vector}"),
        (None, Err(_)) => assert!(vector.get("error").is_some(), "{vector}"),
        (id, parsed) => panic!("{id:?} but {parsed:?}: {vector}"),
    }
    if let Some(payload) = vector.get("payload_hex") {
        let found: String = parsed
            .unwrap()
            .payload()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        assert_eq!(payload, &found);
    }
    // A schema that is no record is none of a record type.
    if let Some(schema) = vector.get("schema").filter(|schema| schema.is_object()) {
        match (decode(schema, hex), vector.get("value")) {
            (Ok(decoded), Some(value)) => {
                assert_eq!(&serde_json::Value::try_from(decoded).unwrap(), value, "{vector}");
            }
            (Err(_), None) => {}
            (decoded, value) => panic!("{decoded:?} but {value:?}: {vector}"),
        }
    }
}
