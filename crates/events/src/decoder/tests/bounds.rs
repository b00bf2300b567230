//! Hostile bytes: an error, bounded memory, the columns as before; never a panic.

use proptest::prelude::*;

use super::*;

fn incident(text: &str, items: usize) -> Vec<u8> {
    let string = |text: &str| Value::String(text.to_owned());
    let body = fields(&[
        ("occurred_at", Value::TimestampMillis(1_404_172_800_000)),
        ("closed_on", some(1, Value::Date(16251))),
        ("incident_type", string("VIOLENCE")),
        ("monitored", Value::Boolean(true)),
        ("arrests", Value::Int(2)),
        ("camera_area", some(1, string(text))),
        ("subject_pid", some(0, Value::Null)),
        ("score", some(0, Value::Double(0.25))),
        ("serial", Value::Long(-1)),
        ("quantity", Value::Int(1)),
        ("stays", Value::Array(vec![stay(); items])),
        ("strands", Value::Array(vec![string("RACE"); items])),
    ]);
    let value = fields(&[
        ("feed", string("cctv-incidents")),
        ("partner", string("TWBC_CCTV")),
        ("ref", string("L1")),
        ("op", Value::Enum(0, "SUBMIT".to_owned())),
        ("version", Value::Int(1)),
        ("reason", some(0, Value::Null)),
        ("sent_at", Value::TimestampMillis(1_404_172_800_000)),
        ("return_id", string("")),
        ("district", some(1, string("E07000116"))),
        ("ward", some(0, Value::Null)),
        ("body", some(1, body)),
    ]);
    to_avro_datum(testing::incident().schema(), value).unwrap()
}

fn stay() -> Value {
    fields(&[
        ("from_on", Value::Date(16252)),
        ("kind", Value::String("RACE".to_owned())),
        ("until_on", some(1, Value::Date(16260))),
    ])
}

/// Decodes behind a good row, and sees that a failure leaves that row and nothing else.
fn try_decode(bytes: &[u8]) -> Result<Columns, DecodeError> {
    let record_type = testing::incident();
    let decoder = Decoder::compile(record_type.schema(), &record_type).unwrap();
    let mut columns = Columns::new(&record_type);
    decoder
        .decode(&incident("Mount Pleasant", 2), &mut columns)
        .unwrap();
    let before = columns.clone();
    match decoder.decode(bytes, &mut columns) {
        Ok(()) => {
            // Text and item ends come from the message; each value beside them takes at most 17 bytes.
            let limit = before.byte_size() + bytes.len() * 9 + record_type.columns().len() * 17 + 1;
            assert!(columns.byte_size() <= limit, "{} bytes", columns.byte_size());
            Ok(columns)
        }
        Err(error) => {
            assert_eq!(columns, before);
            assert!(error.at <= bytes.len());
            Err(error)
        }
    }
}

#[test]
fn truncated_at_every_length() {
    let whole = incident("Mount Pleasant", 2);
    try_decode(&whole).unwrap();
    for length in 0..whole.len() {
        try_decode(&whole[..length]).unwrap_err();
    }
}

#[test]
fn bytes_behind_the_end() {
    let mut bytes = incident("Mount Pleasant", 2);
    bytes.push(0);
    assert_eq!(
        try_decode(&bytes).unwrap_err().to_string(),
        format!("byte {}: 1 bytes are left after the end", bytes.len() - 1)
    );
}

#[test]
fn lengths_beyond_the_end_and_below_zero() {
    let mut huge = vec![0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01];
    assert_eq!(
        try_decode(&huge).unwrap_err().to_string(),
        "byte 10, field feed: a length of 9223372036854775807 where 0 bytes are left"
    );
    huge[9] = 0x7f;
    assert_eq!(try_decode(&huge).unwrap_err().problem, Problem::Varint);
    assert_eq!(try_decode(&[0x80; 11]).unwrap_err().problem, Problem::Varint);
    assert_eq!(try_decode(&[0x80; 9]).unwrap_err().problem, Problem::Ends);
    assert_eq!(
        try_decode(&[1, 0, 0]).unwrap_err().problem,
        Problem::Length { length: -1, left: 2 }
    );
}

#[test]
fn an_int_of_more_than_32_bits() {
    let json = record(r#"{"name":"a","type":"int"}"#);
    let error = decode_bytes(&schema(&json), &json, &[0x80, 0x80, 0x80, 0x80, 0x20]).unwrap_err();
    assert_eq!(
        error,
        "byte 5, field a: the number 4294967296 does not fit 32 bits"
    );
    let lowest = decode_bytes(&schema(&json), &json, &[0xff, 0xff, 0xff, 0xff, 0x0f]);
    assert_eq!(lowest.unwrap(), fields(&[("a", Value::Int(i32::MIN))]));
}

#[test]
fn a_boolean_of_two() {
    let json = record(r#"{"name":"a","type":"boolean"}"#);
    assert_eq!(
        decode_bytes(&schema(&json), &json, &[2]).unwrap_err(),
        "byte 1, field a: a boolean of 2"
    );
}

#[test]
fn columns_of_another_record_type() {
    let record_type = testing::incident();
    let decoder = Decoder::compile(record_type.schema(), &record_type).unwrap();
    let mut columns = Columns::new(&reader(&record(r#"{"name":"a","type":"int"}"#)));
    let error = decoder.decode(&incident("", 0), &mut columns).unwrap_err();
    assert_eq!(error.problem, Problem::OtherColumns);
}

proptest! {
    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = try_decode(&bytes);
    }

    #[test]
    fn changed_bytes(
        text in ".{0,20}", items in 0usize..4, changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4)
    ) {
        let mut bytes = incident(&text, items);
        for (index, byte) in changes {
            let index = index.index(bytes.len());
            bytes[index] = byte;
        }
        let _ = try_decode(&bytes);
    }

    #[test]
    fn a_huge_length_anywhere(at in any::<prop::sample::Index>(), length in any::<i64>()) {
        let mut bytes = incident("Mount Pleasant", 2);
        let at = at.index(bytes.len());
        let varint = to_avro_datum(&Schema::Long, Value::Long(length)).unwrap();
        bytes.splice(at..at, varint);
        let _ = try_decode(&bytes);
    }

    #[test]
    fn what_apache_avro_reads_is_read_the_same(
        bytes in prop::collection::vec(any::<u8>(), 0..60),
        change in any::<prop::sample::Index>(),
    ) {
        let mut whole = incident("Mount Pleasant", 2);
        let at = change.index(whole.len());
        for (old, new) in whole[at..].iter_mut().zip(&bytes) {
            *old = *new;
        }
        if let Ok(columns) = try_decode(&whole) {
            let record_type = testing::incident();
            let theirs = from_avro_datum(record_type.schema(), &mut whole.as_slice(), None).unwrap();
            prop_assert_eq!(format!("{:?}", testing::row(&record_type, &columns, 1)), format!("{theirs:?}"));
        }
    }
}
