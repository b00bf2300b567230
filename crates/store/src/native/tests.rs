use quarterday_events::{Columns, Decoder, Encoder, RecordType};
use serde_json::json;

use super::*;

#[test]
fn a_block_is_its_columns_one_behind_the_other() {
    let mut block = Columnar::new("t", 3);
    block.add_strings("s", ["a", "", "bc"].into_iter()).unwrap();
    block.add_u32("n", [1, 2, 300].into_iter()).unwrap();
    block.add_coded("c", ["x", "x", "y"].into_iter()).unwrap();
    let Block { sql, head, body } = block.build();
    assert_eq!(
        (sql.as_str(), head),
        ("INSERT INTO t (s, n, c) FORMAT Native", vec![3, 3])
    );
    let mut expected = b"\x01s\x06String\x01a\x00\x02bc\x01n\x06UInt32".to_vec();
    expected.extend([1, 0, 0, 0, 2, 0, 0, 0, 44, 1, 0, 0]);
    expected.extend(b"\x01c\x16LowCardinality(String)");
    for number in [1_u64, 0x600, 2] {
        expected.extend(number.to_le_bytes());
    }
    expected.extend(b"\x01x\x01y");
    expected.extend(3_u64.to_le_bytes());
    expected.extend([0, 0, 1]);
    assert_eq!(body, expected);
}

#[test]
fn positions_are_as_wide_as_the_keys_need() {
    for (keys, width) in [(2, 1), (256, 1), (257, 2), (65_536, 2), (65_537, 4)] {
        let texts: Vec<String> = (0..keys).map(|key| key.to_string()).collect();
        let mut dictionary = Dictionary::new(false);
        texts.iter().for_each(|text| dictionary.add(text));
        let mut out = Vec::new();
        assert_eq!(dictionary.write(&mut out), keys);
        let of_keys: usize = texts.iter().map(|text| text.len() + 1).sum();
        assert_eq!(out.len(), 32 + of_keys + keys * width, "{keys}");
    }
}

#[test]
fn a_column_of_another_length_is_an_error_that_names_it() {
    let mut block = Columnar::new("t", 2);
    let error = block.add_u64("n", [1].into_iter()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "could not build the column block for t, column n"
    );
}

#[test]
fn null_is_the_first_key() {
    let schema = include_str!("../../../../schemas/avro/cctv_incident.avsc");
    let record_type = RecordType::parse("cctv_incident", schema).unwrap();
    let mut rows = Columns::new(&record_type);
    let decoder = Decoder::compile(record_type.schema(), &record_type).unwrap();
    for ward in [json!(null), json!("E05005146"), json!(null)] {
        let record = json!({
            "feed": "f", "partner": "p", "ref": "R", "op": "WITHDRAW", "version": 1, "reason": "ERROR",
            "sent_at": "2015-05-01T12:00:00Z", "ward": ward, "body": null,
        });
        let datum = Encoder::new(&record_type).encode(&record).unwrap();
        decoder.decode(&datum, &mut rows).unwrap();
    }
    let ward = record_type.column_index("ward").unwrap();
    let mut block = Columnar::new("t", 3);
    block
        .add_record_column(&record_type.columns()[ward], rows.column(ward).unwrap())
        .unwrap();
    let body = block.build().body;
    let mut expected = 1_u64.to_le_bytes().to_vec();
    expected.extend(0x600_u64.to_le_bytes());
    expected.extend(2_u64.to_le_bytes());
    expected.extend(b"\x00\x09E05005146");
    expected.extend(3_u64.to_le_bytes());
    expected.extend([0, 1, 0]);
    assert!(body.ends_with(&expected), "{body:?}");
}

#[test]
fn dates_of_an_array_stand_behind_the_ends_of_each_row() {
    let schema = include_str!("../../../../schemas/avro/asb_case.avsc");
    let record_type = RecordType::parse("asb_case", schema).unwrap();
    let mut rows = Columns::new(&record_type);
    let decoder = Decoder::compile(record_type.schema(), &record_type).unwrap();
    let spells = json!([
        {"opened_on": "1970-01-02", "closed_on": "1970-01-04"}, {"opened_on": "1970-02-01", "closed_on": null}
    ]);
    for spells in [spells, json!([])] {
        let record = json!({
            "feed": "f", "partner": "p", "ref": "R", "op": "SUBMIT", "version": 1, "sent_at": "2015-05-01T12:00:00Z",
            "spells": spells, "risk_changes": [{"on": "1970-01-02", "risk": "HIGH"}], "nsir": "PERSONAL",
        });
        let datum = Encoder::new(&record_type).encode(&record).unwrap();
        decoder.decode(&datum, &mut rows).unwrap();
    }
    let written = |name: &str| {
        let column = record_type.column_index(name).unwrap();
        let mut block = Columnar::new("t", 2);
        block
            .add_record_column(&record_type.columns()[column], rows.column(column).unwrap())
            .unwrap();
        block.build().body
    };
    let ends: Vec<u8> = [2_u64, 2].iter().flat_map(|end| end.to_le_bytes()).collect();
    let days = |days: [i32; 2]| days.iter().flat_map(|day| day.to_le_bytes()).collect::<Vec<u8>>();
    let opened = [
        b"\x10spells_opened_on\x0dArray(Date32)".as_slice(),
        &ends,
        &days([1, 31]),
    ]
    .concat();
    assert_eq!(written("spells_opened_on"), opened);
    let closed = [
        b"\x10spells_closed_on\x17Array(Nullable(Date32))".as_slice(),
        &ends,
        &[0, 1],
        &days([3, 0]),
    ]
    .concat();
    assert_eq!(written("spells_closed_on"), closed);
    let risks = [
        b"\x11risk_changes_risk\x0dArray(String)".as_slice(),
        &[1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0],
        b"\x04HIGH\x04HIGH",
    ]
    .concat();
    assert_eq!(written("risk_changes_risk"), risks);
}
