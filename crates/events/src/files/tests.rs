mod avro;
mod csv;
mod json;

use std::io::Cursor;

use quarterday_plan::feeds::Feeds;
use serde_json::{Value, json};

use super::*;
use crate::encoder::Encoder;
use crate::testing;

const FEEDS: &str = r#"
[[record_type]]
name = "incident"
date_format = "dd/mm/yyyy"
[record_type.columns]
"Log no" = "ref"
"Date and time" = "occurred_at"
"Closed" = "closed_on"
"Type of incident" = "incident_type"
"Monitored" = "monitored"
"Arrests" = "arrests"
"Camera area" = "camera_area"

[[feed]]
name = "cctv-incidents"
title = "t"
partner = "TWBC_CCTV"
record_type = "incident"
district = "required"
"#;

fn feed() -> Feed {
    Feeds::parse(FEEDS).unwrap().feeds.remove(0)
}

fn sent_at() -> Timestamp {
    "2014-07-05T10:00:00Z".parse().unwrap()
}

fn read(format: Format, bytes: &[u8]) -> Result<Vec<Result<Row, RowError>>, FileError> {
    let (record_type, feed) = (testing::incident(), feed());
    let context = Context {
        record_type: &record_type,
        feed: &feed,
        sent_at: sent_at(),
    };
    Ok(rows(format, Cursor::new(bytes.to_vec()), context)?.collect())
}

/// The rows as `line: field` or the text of their error.
#[track_caller]
fn summary(format: Format, text: &str, field: &str) -> Vec<String> {
    read(format, text.as_bytes())
        .unwrap()
        .into_iter()
        .map(|row| match row {
            Ok(row) => format!("{}: {}", row.line, row.record[field]),
            Err(error) => error.to_string(),
        })
        .collect()
}

#[test]
fn the_format_is_in_the_name() {
    assert_eq!(Format::of_name("a/b.CSV"), Some(Format::Csv));
    assert_eq!(Format::of_name("b.jsonl"), Some(Format::NdJson));
    assert_eq!(Format::of_name("b.tar.avro"), Some(Format::Avro));
    assert_eq!(Format::of_name("b.json"), Some(Format::Json));
    assert_eq!((Format::of_name("b.xlsx"), Format::of_name("json")), (None, None));
}

#[test]
fn utf_16_is_named() {
    for format in [Format::Csv, Format::Json, Format::NdJson] {
        let Err(error) = read(format, &[0xff, 0xfe, b'a', 0]) else {
            panic!()
        };
        assert_eq!(
            error.to_string(),
            "the file is not UTF-8: it is UTF-16; save it again as UTF-8"
        );
    }
}

#[test]
fn what_rows_leave_out_comes_from_the_context() {
    let rows = read(
        Format::NdJson,
        b"{\"ref\": \"L1\", \"partner\": \"\"}\n{\"feed\": \"other\"}",
    )
    .unwrap();
    let first = &rows[0].as_ref().unwrap().record;
    assert_eq!(
        (&first["feed"], &first["partner"]),
        (&json!("cctv-incidents"), &json!("TWBC_CCTV"))
    );
    assert_eq!(first["sent_at"], json!("2014-07-05T10:00:00Z"));
    assert_eq!(first.get("version"), None);
    assert_eq!(rows[1].as_ref().unwrap().record["feed"], json!("other"));
}
