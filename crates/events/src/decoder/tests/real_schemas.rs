//! Random values of the real record types, written by apache-avro, are read as they were; and as apache-avro resolves
//! them when an old schema wrote them.

use proptest::prelude::*;
use proptest::strategy::BoxedStrategy;

use super::fixtures::record_types;
use super::*;

/// Any value of a type.
fn value_of(schema: &Schema) -> BoxedStrategy<Value> {
    match schema {
        Schema::Null => Just(Value::Null).boxed(),
        Schema::Boolean => any::<bool>().prop_map(Value::Boolean).boxed(),
        Schema::Int => any::<i32>().prop_map(Value::Int).boxed(),
        Schema::Long => any::<i64>().prop_map(Value::Long).boxed(),
        Schema::Double => (-1e12..1e12).prop_map(Value::Double).boxed(),
        Schema::Date => any::<i32>().prop_map(Value::Date).boxed(),
        Schema::TimestampMillis => any::<i64>().prop_map(Value::TimestampMillis).boxed(),
        Schema::String => ".{0,12}".prop_map(Value::String).boxed(),
        Schema::Array(array) => prop::collection::vec(value_of(&array.items), 0..4).prop_map(Value::Array).boxed(),
        Schema::Enum(symbols) => {
            let symbols = symbols.symbols.clone();
            (0..symbols.len())
                .prop_map(move |index| Value::Enum(u32::try_from(index).unwrap(), symbols[index].clone()))
                .boxed()
        }
        Schema::Union(union) => {
            let branches = union.variants().iter().map(value_of).enumerate();
            let branches = branches.map(|(index, branch)| {
                branch.prop_map(move |value| some(u32::try_from(index).unwrap(), value)).boxed()
            });
            prop::strategy::Union::new(branches).boxed()
        }
        Schema::Record(record) => {
            let names: Vec<String> = record.fields.iter().map(|field| field.name.clone()).collect();
            let values: Vec<_> = record.fields.iter().map(|field| value_of(&field.schema)).collect();
            values.prop_map(move |values| Value::Record(names.iter().cloned().zip(values).collect())).boxed()
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
    (0..types.len()).prop_flat_map(move |index| value_of(types[index].schema()).prop_map(move |value| (index, value)))
}

proptest! {
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
