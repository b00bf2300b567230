//! A data directory with a system of its own, whose code lists the test can change.

use std::fs;
use std::path::Path;

use quarterday_kafka::KafkaSettings;
use quarterday_kafka::producer::{Producer, ProducerOptions, Record};
use serde_json::Value;

use crate::support::{Program, Running};

pub(super) const HEADER: &str = "Log no,Action,Version,Reason for withdrawal,District,Ward,Date and time,Type of incident,Instigated by,\
                      Monitored,Arrests,Camera area\n";

pub(super) struct Directory(pub(super) tempfile::TempDir);

impl Directory {
    pub(super) fn path(&self) -> &str {
        self.0.path().to_str().unwrap()
    }

    pub(super) fn up(&self) -> Running {
        Program::new(["up", "--data-dir", self.path()]).start_until("ready")
    }

    pub(super) fn call(&self, command: &[&str]) -> Program {
        let behind = ["--format", "json", "--data-dir", self.path()];
        Program::new(command.iter().copied().chain(behind))
    }

    pub(super) fn ask(&self, command: &[&str]) -> Value {
        self.call(command).json()
    }

    pub(super) fn push(&self, rows: &str) -> Program {
        let file = self.0.path().join("rows.csv");
        fs::write(&file, HEADER.to_owned() + rows).unwrap();
        self.call(&["push", "cctv-incidents", file.to_str().unwrap()])
    }

    pub(super) fn endpoints(&self) -> Value {
        let endpoints = fs::read(self.0.path().join("endpoints.json")).unwrap();
        serde_json::from_slice(&endpoints).unwrap()
    }

    /// Produces bytes as a partner's program would.
    pub(super) fn produce(&self, value: &[u8]) {
        let endpoints = self.endpoints();
        let kafka = KafkaSettings::new(endpoints["kafka"].as_str().unwrap());
        let producer = Producer::new(&kafka, ProducerOptions::default()).unwrap();
        let record = Record::new("returns.cctv-incidents", "k", value);
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(producer.send(record)).unwrap();
    }

    pub(super) fn incidents(&self) -> Value {
        let call = ["measures", "--period", "2014-15/H1", "--measure", "R19"];
        self.ask(&call)[0]["numerator"].clone()
    }
}

/// A directory whose code lists the test can mend.
pub(super) fn directory() -> Directory {
    let directory = tempfile::tempdir().unwrap();
    let codes = include_str!("../../schemas/plans/codes.toml");
    fs::write(directory.path().join("codes.toml"), codes).unwrap();
    fs::write(
        directory.path().join("quarterday.toml"),
        "[plan]\ncodes = \"codes.toml\"\n",
    )
    .unwrap();
    Directory(directory)
}

/// What the list of incident types has of a spelling that the shipped one does not have.
pub(super) const AFFRAY: &str = "\"Affray\" = \"VIOLENCE\"\n";

/// Adds that spelling to the list.
pub(super) fn mend_codes(directory: &Path) {
    let alias = "\"Violent incident\" = \"VIOLENCE\"\n";
    change_codes(directory, alias, &format!("{alias}{AFFRAY}"));
}

pub(super) fn change_codes(directory: &Path, from: &str, to: &str) {
    let file = directory.join("codes.toml");
    let codes = fs::read_to_string(&file).unwrap();
    let changed = codes.replace(from, to);
    assert_ne!(changed, codes);
    fs::write(file, changed).unwrap();
}

pub(super) fn row(reference: &str, action: &str, version: u32, kind: &str) -> String {
    format!("{reference},{action},{version},,E07000116,Park,08/04/2014 14:20,{kind},CCTV,yes,0,TC-05\n")
}
