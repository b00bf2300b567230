//! Arrays come in blocks; a negative count has the block's size in bytes behind it.

use super::*;

const READER: &str = r#"{"name":"a","type":{"type":"array","items":"string"}}"#;

#[track_caller]
fn read(bytes: &[u8]) -> Result<Vec<String>, String> {
    let json = record(READER);
    let Value::Record(mut fields) = decode_bytes(&schema(&json), &json, bytes)? else {
        panic!()
    };
    let Value::Array(items) = fields.remove(0).1 else {
        panic!()
    };
    Ok(items
        .into_iter()
        .map(|item| {
            if let Value::String(text) = item {
                text
            } else {
                panic!()
            }
        })
        .collect())
}

#[test]
fn several_blocks() {
    assert_eq!(read(&[2, 2, b'x', 4, 2, b'y', 0, 0]).unwrap(), ["x", "y", ""]);
    assert_eq!(read(&[0]).unwrap(), [""; 0]);
}

#[test]
fn a_block_with_its_size() {
    assert_eq!(read(&[3, 8, 2, b'x', 2, b'y', 0]).unwrap(), ["x", "y"]);
}

#[test]
fn a_size_beyond_the_end() {
    assert_eq!(
        read(&[3, 40, 2, b'x', 2, b'y', 0]).unwrap_err(),
        "byte 2, field a: a length of 20 where 5 bytes are left"
    );
    assert_eq!(
        read(&[3, 3, 0]).unwrap_err(),
        "byte 2, field a: a length of -2 where 1 bytes are left"
    );
}

#[test]
fn a_count_beyond_the_end() {
    assert_eq!(
        read(&[40, 2, b'x', 0]).unwrap_err(),
        "byte 1, field a: a length of 20 where 3 bytes are left"
    );
    let huge = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01, 0];
    assert_eq!(
        read(&huge).unwrap_err(),
        "byte 11, field a: a length of 9223372036854775807 where 0 bytes are left"
    );
}

#[test]
fn skipped_blocks_of_nothing_take_no_time() {
    let writer = schema(&record(
        r#"{"name":"x","type":{"type":"array","items":"null"}},{"name":"b","type":"int"}"#,
    ));
    let mut bytes = vec![0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01];
    bytes.extend([0, 14]);
    let read = decode_bytes(&writer, &record(r#"{"name":"b","type":"int"}"#), &bytes);
    assert_eq!(read.unwrap(), fields(&[("b", Value::Int(7))]));
}

#[test]
fn skipped_blocks_with_their_size() {
    let writer = schema(&record(
        r#"{"name":"x","type":{"type":"map","values":"int"}},{"name":"b","type":"int"}"#,
    ));
    let read = decode_bytes(
        &writer,
        &record(r#"{"name":"b","type":"int"}"#),
        &[1, 6, 2, b'k', 8, 0, 14],
    );
    assert_eq!(read.unwrap(), fields(&[("b", Value::Int(7))]));
}
