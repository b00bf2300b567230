//! Every writer's schema ever seen, `tests/fixtures/avro/<record_type>/*.avsc`, stays decodable to today's record type.

use std::path::{Path, PathBuf};

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;

use super::real_schemas::value_of;
use super::*;

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    paths
}

fn stem(path: &Path) -> String {
    path.file_stem().unwrap().to_string_lossy().into_owned()
}

/// The record types of `schemas/avro`.
pub(super) fn record_types() -> Vec<RecordType> {
    let parse =
        |path: PathBuf| RecordType::parse(&stem(&path), &std::fs::read_to_string(&path).unwrap()).unwrap();
    entries(&repository().join("schemas/avro"))
        .into_iter()
        .map(parse)
        .collect()
}

/// Sample values of a writer's schema, the same on every run.
fn samples(writer: &Schema) -> Vec<Value> {
    let mut runner = TestRunner::deterministic();
    let strategy = value_of(writer);
    (0..20)
        .map(|_| strategy.new_tree(&mut runner).unwrap().current())
        .collect()
}

#[test]
fn every_old_schema_is_read_as_apache_avro_resolves_it() {
    let folder = repository().join("tests/fixtures/avro");
    for record_type in record_types() {
        let versions = entries(&folder.join(record_type.name()));
        assert!(!versions.is_empty(), "{} has no old schema", record_type.name());
        for version in versions {
            let writer = schema(&std::fs::read_to_string(&version).unwrap());
            let decoder = Decoder::compile(&writer, &record_type)
                .unwrap_or_else(|error| panic!("{}: {error}", version.display()));
            for value in samples(&writer) {
                let bytes = to_avro_datum(&writer, value).unwrap();
                let theirs =
                    from_avro_datum(&writer, &mut bytes.as_slice(), Some(record_type.schema())).unwrap();
                let mut columns = Columns::new(&record_type);
                decoder.decode(&bytes, &mut columns).unwrap();
                assert_eq!(
                    testing::row(&record_type, &columns, 0),
                    theirs,
                    "{}",
                    version.display()
                );
            }
        }
    }
}

#[test]
fn no_folder_is_left_of_a_record_type_that_is_gone() {
    let names: Vec<String> = record_types()
        .iter()
        .map(|record_type| record_type.name().to_owned())
        .collect();
    for folder in entries(&repository().join("tests/fixtures/avro"))
        .into_iter()
        .filter(|path| path.is_dir())
    {
        assert!(
            names.contains(&stem(&folder)),
            "{} is no record type",
            folder.display()
        );
    }
}
