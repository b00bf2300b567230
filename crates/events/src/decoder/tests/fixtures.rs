//! Every writer's schema ever seen, `tests/fixtures/avro/<record_type>/*.avsc`, stays decodable to today's record type.

use std::path::{Path, PathBuf};

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
    let parse = |path: PathBuf| RecordType::parse(&stem(&path), &std::fs::read_to_string(&path).unwrap()).unwrap();
    entries(&repository().join("schemas/avro")).into_iter().map(parse).collect()
}

#[test]
fn every_old_schema_still_resolves() {
    let folder = repository().join("tests/fixtures/avro");
    for record_type in record_types() {
        let versions = entries(&folder.join(record_type.name()));
        assert!(!versions.is_empty(), "{} has no old schema", record_type.name());
        for version in versions {
            let writer = schema(&std::fs::read_to_string(&version).unwrap());
            if let Err(error) = Decoder::compile(&writer, &record_type) {
                panic!("{}: {error}", version.display());
            }
        }
    }
}

#[test]
fn no_folder_is_left_of_a_record_type_that_is_gone() {
    let names: Vec<String> = record_types().iter().map(|record_type| record_type.name().to_owned()).collect();
    for folder in entries(&repository().join("tests/fixtures/avro")) {
        assert!(names.contains(&stem(&folder)), "{} is no record type", folder.display());
    }
}
