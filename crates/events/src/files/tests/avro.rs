use apache_avro::types::Value as Avro;
use apache_avro::{Codec, DeflateSettings, Schema, Writer, from_avro_datum};
use proptest::prelude::*;

use super::*;

fn record(reference: &str) -> Value {
    json!({
        "feed": "cctv-incidents", "partner": "TWBC_CCTV", "ref": reference, "op": "SUBMIT", "version": 1,
        "sent_at": "2014-07-01T09:00:00Z", "occurred_at": "2014-06-30T23:30:00Z", "closed_on": "2014-07-01",
        "incident_type": "ASB", "monitored": true, "arrests": 2, "strands": ["RACE"],
        "stays": [{"from_on": "2014-07-01", "kind": "RACE", "until_on": null},
                  {"from_on": "2014-08-01", "kind": "RELIGION", "until_on": "2014-08-02"}]
    })
}

fn file(codec: Codec, references: &[&str]) -> Vec<u8> {
    let record_type = testing::incident();
    let schema = record_type.schema();
    let encoder = Encoder::new(&record_type);
    let mut writer = Writer::with_codec(schema, Vec::new(), codec);
    for reference in references {
        let datum = encoder.encode(&record(reference)).unwrap();
        writer
            .append(from_avro_datum(schema, &mut datum.as_slice(), None).unwrap())
            .unwrap();
    }
    writer.into_inner().unwrap()
}

#[test]
fn both_codecs() {
    let encoder = Encoder::new(&testing::incident());
    for codec in [Codec::Null, Codec::Deflate(DeflateSettings::default())] {
        let found = read(Format::Avro, &file(codec, &["L1", "L2"])).unwrap();
        assert_eq!(found.len(), 2);
        for (row, reference) in found.into_iter().zip(["L1", "L2"]) {
            let row = row.unwrap();
            assert_eq!(
                encoder.encode(&row.record).unwrap(),
                encoder.encode(&record(reference)).unwrap()
            );
        }
    }
}

#[test]
fn records_are_numbered_and_resolved() {
    let schema = testing::INCIDENT.replace(r#"{"name": "serial", "type": "long", "default": 7},"#, "");
    let schema = Schema::parse_str(&schema).unwrap();
    let datum = {
        let record_type = RecordType::parse("old", &serde_json::to_string(&schema).unwrap()).unwrap();
        Encoder::new(&record_type).encode(&record("L1")).unwrap()
    };
    let value: Avro = from_avro_datum(&schema, &mut datum.as_slice(), None).unwrap();
    let mut writer = Writer::new(&schema, Vec::new());
    writer.append(value).unwrap();
    let found = read(Format::Avro, &writer.into_inner().unwrap())
        .unwrap()
        .remove(0)
        .unwrap();
    assert_eq!((found.line, &found.record["body"]["serial"]), (1, &json!(7)));
}

#[test]
fn other_schemas_and_other_files_are_named() {
    let schema =
        Schema::parse_str(r#"{"type":"record","name":"R","fields":[{"name":"a","type":"int"}]}"#).unwrap();
    let mut writer = Writer::new(&schema, Vec::new());
    writer
        .append(Avro::Record(vec![("a".to_owned(), Avro::Int(1))]))
        .unwrap();
    let Err(error) = read(Format::Avro, &writer.into_inner().unwrap()) else {
        panic!()
    };
    assert_eq!(error.to_string(), "the file's own schema does not fit");
    let Err(error) = read(Format::Avro, b"ref,op\n") else {
        panic!()
    };
    assert_eq!(
        error.to_string(),
        "the file is not an Avro container file: it does not begin as an Avro container file does"
    );
}

#[test]
fn a_file_that_is_cut_off_gives_what_is_whole() {
    let whole = file(Codec::Null, &["L1", "L2"]);
    let found = read(Format::Avro, &whole[..whole.len() - 3]).unwrap();
    assert_eq!(found.len(), 1);
    let message = found[0].as_ref().unwrap_err().to_string();
    assert!(
        message.starts_with("row 1: the file cannot be read on"),
        "{message}"
    );
}

#[test]
fn a_block_that_inflates_without_end_is_refused() {
    let zeros = vec![0_u8; 40 << 20];
    let mut deflated = Vec::new();
    let mut encoder = flate2::read::DeflateEncoder::new(zeros.as_slice(), flate2::Compression::fast());
    std::io::Read::read_to_end(&mut encoder, &mut deflated).unwrap();
    let mut bomb = file(Codec::Deflate(DeflateSettings::default()), &[]);
    let marker = bomb[bomb.len() - 16..].to_vec();
    for number in [1, i64::try_from(deflated.len()).unwrap()] {
        bomb.extend(apache_avro::to_avro_datum(&Schema::Long, Avro::Long(number)).unwrap());
    }
    bomb.extend(&deflated);
    bomb.extend(marker);
    let found = read(Format::Avro, &bomb).unwrap();
    let message = found[0].as_ref().unwrap_err().to_string();
    assert_eq!(
        message,
        "row 1: the file cannot be read on: a block has more than 16 MiB"
    );
}

proptest! {
    #[test]
    fn changed_bytes(changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4)) {
        for codec in [Codec::Null, Codec::Deflate(DeflateSettings::default())] {
            let mut bytes = file(codec, &["L1", "L2"]);
            for (index, byte) in &changes {
                let index = index.index(bytes.len());
                bytes[index] = *byte;
            }
            if let Ok(rows) = read(Format::Avro, &bytes) {
                prop_assert!(rows.len() <= bytes.len());
            }
        }
    }
}
