//! Random values of the real record types, written by apache-avro, are read as they were; and as apache-avro resolves
//! them when an old schema wrote them.

use proptest::prelude::*;
use proptest::strategy::BoxedStrategy;

use serde_json::Value as Json;

use super::fixtures::record_types;
use super::*;
use crate::record_type::BODY;

/// Any value of a type.
pub(super) fn value_of(schema: &Schema) -> BoxedStrategy<Value> {
    match schema {
        Schema::Null => Just(Value::Null).boxed(),
        Schema::Boolean => any::<bool>().prop_map(Value::Boolean).boxed(),
        Schema::Int => any::<i32>().prop_map(Value::Int).boxed(),
        Schema::Long => any::<i64>().prop_map(Value::Long).boxed(),
        Schema::Double => (-1e12..1e12).prop_map(Value::Double).boxed(),
        Schema::Date => any::<i32>().prop_map(Value::Date).boxed(),
        Schema::TimestampMillis => any::<i64>().prop_map(Value::TimestampMillis).boxed(),
        Schema::String => ".{0,12}".prop_map(Value::String).boxed(),
        Schema::Array(array) => prop::collection::vec(value_of(&array.items), 0..4)
            .prop_map(Value::Array)
            .boxed(),
        Schema::Map(map) => prop::collection::hash_map("[a-z]{0,5}", value_of(&map.types), 0..4)
            .prop_map(Value::Map)
            .boxed(),
        Schema::Enum(symbols) => {
            let symbols = symbols.symbols.clone();
            (0..symbols.len())
                .prop_map(move |index| Value::Enum(u32::try_from(index).unwrap(), symbols[index].clone()))
                .boxed()
        }
        Schema::Union(union) => {
            let branches = union.variants().iter().map(value_of).enumerate();
            let branches = branches.map(|(index, branch)| {
                branch
                    .prop_map(move |value| some(u32::try_from(index).unwrap(), value))
                    .boxed()
            });
            prop::strategy::Union::new(branches).boxed()
        }
        Schema::Record(record) => {
            let names: Vec<String> = record.fields.iter().map(|field| field.name.clone()).collect();
            let values: Vec<_> = record
                .fields
                .iter()
                .map(|field| value_of(&field.schema))
                .collect();
            values
                .prop_map(move |values| Value::Record(names.iter().cloned().zip(values).collect()))
                .boxed()
        }
        other => panic!("no values of {other:?}"),
    }
}

fn all_types() -> Vec<RecordType> {
    let mut all = record_types();
    all.push(testing::incident());
    all
}

fn any_record() -> impl Strategy<Value = (usize, Value)> {
    let types = all_types();
    (0..types.len())
        .prop_flat_map(move |index| value_of(types[index].schema()).prop_map(move |value| (index, value)))
}

/// A schema that an older or another writer could have: fields in another order, without some that have a default, with
/// some that only it has.
fn evolve(schema: &mut Json, seed: u64) {
    let fields = schema["fields"].as_array_mut().unwrap();
    for field in fields.iter_mut() {
        if field["name"] == BODY {
            evolve(&mut field["type"][1], seed.rotate_left(7));
        } else if field["type"]["items"]["type"] == "record" {
            evolve(&mut field["type"]["items"], seed.rotate_left(11));
        }
    }
    fields
        .retain(|field| field.get("default").is_none() || field["name"] == BODY || pick(field, seed, 3) > 0);
    let extra = [
        r#"{"name":"x_text","type":["null","string"]}"#,
        r#"{"name":"x_list","type":{"type":"array","items":["long","string"]}}"#,
        r#"{"name":"x_flag","type":"boolean"}"#,
    ];
    fields.extend(
        extra
            .iter()
            .map(|field| serde_json::from_str(field).unwrap())
            .filter(|f| pick(f, seed, 2) > 0),
    );
    fields.sort_by_key(|field| pick(field, seed, u64::MAX));
}

/// A number below a limit that depends on field and seed alone.
fn pick(field: &Json, seed: u64, limit: u64) -> u64 {
    let name = format!("{seed}{}", field["name"]);
    u64::from_le_bytes(crate::canonical::rabin(name.as_bytes())) % limit
}

fn evolved_record() -> impl Strategy<Value = (usize, Schema, Value)> {
    let types = all_types();
    (0..types.len(), any::<u64>()).prop_flat_map(move |(index, seed)| {
        let mut json = serde_json::to_value(types[index].schema()).unwrap();
        evolve(&mut json, seed);
        let writer = Schema::parse(&json).unwrap();
        value_of(&writer).prop_map(move |value| (index, writer.clone(), value))
    })
}

proptest! {
    #[test]
    fn other_writers_are_resolved_as_apache_avro_does((index, writer, value) in evolved_record()) {
        let record_type = &all_types()[index];
        let bytes = to_avro_datum(&writer, value).unwrap();
        let theirs = from_avro_datum(&writer, &mut bytes.as_slice(), Some(record_type.schema())).unwrap();
        let mut columns = Columns::new(record_type);
        Decoder::compile(&writer, record_type).unwrap().decode(&bytes, &mut columns).unwrap();
        prop_assert_eq!(testing::row(record_type, &columns, 0), theirs);
    }

    #[test]
    fn what_was_written_is_read((index, value) in any_record()) {
        let record_type = &all_types()[index];
        let bytes = to_avro_datum(record_type.schema(), value.clone()).unwrap();
        let decoder = Decoder::compile(record_type.schema(), record_type).unwrap();
        let mut columns = Columns::new(record_type);
        decoder.decode(&bytes, &mut columns).unwrap();
        prop_assert_eq!(testing::row(record_type, &columns, 0), value);
    }

    #[test]
    fn rows_behind_each_other((index, first) in any_record(), cut in any::<prop::sample::Index>()) {
        let record_type = &all_types()[index];
        let bytes = to_avro_datum(record_type.schema(), first).unwrap();
        let decoder = Decoder::compile(record_type.schema(), record_type).unwrap();
        let mut columns = Columns::new(record_type);
        decoder.decode(&bytes, &mut columns).unwrap();
        let one = columns.clone();
        prop_assert!(decoder.decode(&bytes[..cut.index(bytes.len())], &mut columns).is_err());
        prop_assert_eq!(&columns, &one);
        decoder.decode(&bytes, &mut columns).unwrap();
        prop_assert_eq!(testing::row(record_type, &columns, 0), testing::row(record_type, &columns, 1));
    }
}
