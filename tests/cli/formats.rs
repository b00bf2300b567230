//! The same records pushed as JSON, as lines of JSON and as an Avro file; a record of another district is kept and told.

use std::fs;
use std::path::Path;

use quarterday_events::{Encoder, RecordType};
use serde_json::Value;

use crate::support::{Program, cctv_incident};

const SCHEMA: &str = include_str!("../../schemas/avro/cctv_incident.avsc");

/// Two records of the district and one of its neighbour's.
fn records(name: &str) -> Vec<Value> {
    vec![
        cctv_incident(&format!("{name}-1"), "E07000116"),
        cctv_incident(&format!("{name}-2"), "E07000116"),
        cctv_incident(&format!("{name}-3"), "E07000115"),
    ]
}

fn zigzag(number: usize) -> Vec<u8> {
    let (mut rest, mut bytes) = (number * 2, Vec::new());
    while rest >= 0x80 {
        bytes.push((rest & 0x7f) as u8 | 0x80);
        rest >>= 7;
    }
    bytes.push(rest as u8);
    bytes
}

/// An Avro object container file, put together by hand.
fn container(records: &[Value]) -> Vec<u8> {
    let record_type = RecordType::parse("cctv_incident", SCHEMA).unwrap();
    let encoder = Encoder::new(&record_type);
    let data: Vec<u8> = records.iter().flat_map(|r| encoder.encode(r).unwrap()).collect();
    let text = |text: &str| [zigzag(text.len()), text.as_bytes().to_vec()].concat();
    let sync = [7_u8; 16].to_vec();
    [
        b"Obj\x01".to_vec(),
        zigzag(2),
        text("avro.schema"),
        text(SCHEMA),
        text("avro.codec"),
        text("null"),
        vec![0],
        sync.clone(),
        zigzag(records.len()),
        zigzag(data.len()),
        data,
        sync,
    ]
    .concat()
}

fn push(directory: &str, file: &Path) -> Value {
    let file = file.to_str().unwrap();
    Program::new([
        "push",
        "cctv-incidents",
        file,
        "--data-dir",
        directory,
        "--format",
        "json",
    ])
    .json()[0]
        .clone()
}

#[test]
fn json_lines_of_json_and_avro_are_pushed_alike() {
    let directory = tempfile::tempdir().unwrap();
    let data = directory.path().join("data");
    let data = data.to_str().unwrap();
    let running = Program::new(["up", "--data-dir", data]).start_until("ready");
    let lines: Vec<String> = records("LINES").iter().map(Value::to_string).collect();
    for (name, content) in [
        (
            "array.json",
            Value::from(records("ARRAY")).to_string().into_bytes(),
        ),
        ("lines.ndjson", lines.join("\n").into_bytes()),
        ("container.avro", container(&records("AVRO"))),
    ] {
        let file = directory.path().join(name);
        fs::write(&file, content).unwrap();
        let pushed = push(data, &file);
        let told = ["taken", "of_which_elsewhere", "unreadable"].map(|key| pushed[key].as_u64().unwrap());
        assert_eq!(told, [3, 1, 0], "{name}");
    }
    let measures = [
        "measures",
        "--period",
        "2015-16/Q1",
        "--measure",
        "P3.04",
        "--data-dir",
        data,
    ];
    let rows = Program::new(measures.iter().chain(&["--format", "json"])).json();
    assert_eq!(rows[0]["value"], 6.0);
    running.stop();
}
