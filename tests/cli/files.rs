//! Street files of data.police.uk: an excerpt that the project holds, and the real files where they are there.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::support::{Program, Running, skip};

const LSOAS: &str = include_str!("../../schemas/plans/lsoa11.csv");

/// Counts made straight from the files.
#[derive(Debug, Default)]
struct Counted {
    rows: u64,
    asb: u64,
    asb_in_district: u64,
    /// Crimes per (month, ward) of the district.
    crimes: BTreeMap<(String, String), u64>,
    crimes_in_district: u64,
}

fn count(files: &[PathBuf]) -> Counted {
    let wards: BTreeMap<&str, &str> = LSOAS
        .lines()
        .skip(1)
        .filter_map(|line| line.split(',').collect::<Vec<_>>().try_into().ok())
        .map(|[lsoa, ward, _]: [&str; 3]| (lsoa, ward))
        .collect();
    let mut counted = Counted::default();
    // A crime comes again in a later month's file as an amendment; it is one crime.
    let mut crimes: BTreeMap<String, (String, Option<String>)> = BTreeMap::new();
    for file in files {
        let mut reader = csv::Reader::from_path(file).unwrap();
        for (number, row) in reader.records().enumerate() {
            let row = row.unwrap();
            let ward = wards.get(&row[7]).map(|ward| (*ward).to_owned());
            counted.rows += 1;
            if &row[9] == "Anti-social behaviour" {
                counted.asb += 1;
                counted.asb_in_district += u64::from(ward.is_some());
            } else {
                let id = if row[0].is_empty() {
                    format!("{} {number}", &row[1])
                } else {
                    row[0].to_owned()
                };
                crimes.insert(id, (row[1].to_owned(), ward));
            }
        }
    }
    for (month, ward) in crimes.into_values() {
        if let Some(ward) = ward {
            counted.crimes_in_district += 1;
            *counted.crimes.entry((month, ward)).or_default() += 1;
        }
    }
    counted
}

fn up(directory: &Path) -> Running {
    Program::new(["up", "--data-dir", directory.to_str().unwrap()]).start_until("ready")
}

fn push(directory: &Path, feed: &str, file: &Path) -> Value {
    let (directory, file) = (directory.to_str().unwrap(), file.to_str().unwrap());
    let call = ["push", feed, file, "--data-dir", directory, "--format", "json"];
    Program::new(call).json()[0].clone()
}

fn measure(directory: &Path, id: &str, period: &str, by_ward: bool) -> Value {
    let directory = directory.to_str().unwrap();
    let all = [
        "measures",
        "--period",
        period,
        "--measure",
        id,
        "--data-dir",
        directory,
        "--format",
        "json",
    ];
    let by: &[&str] = if by_ward { &["--by", "ward"] } else { &[] };
    Program::new(all.iter().chain(by)).json()
}

/// Pushes the files to both police feeds and compares with the counts, then pushes them again.
fn push_and_compare(files: &[PathBuf], period: &str, months: &[(&str, &str)]) {
    let counted = count(files);
    let directory = tempfile::tempdir().unwrap();
    let running = up(directory.path());
    for round in 0..2 {
        let (mut asb, mut crimes) = (0, 0);
        for file in files {
            let incidents = push(directory.path(), "police-incidents", file);
            asb += incidents["taken"].as_u64().unwrap();
            crimes += push(directory.path(), "recorded-crimes", file)["taken"]
                .as_u64()
                .unwrap();
            assert_eq!(incidents["unreadable"], 0);
        }
        assert_eq!((asb, asb + crimes), (counted.asb, counted.rows), "round {round}");
        let r50 = measure(directory.path(), "R50", period, false);
        assert_eq!(
            r50[0]["value"].as_f64(),
            Some(counted.asb_in_district as f64),
            "round {round}"
        );
        let r02 = measure(directory.path(), "R02", period, false);
        assert_eq!(
            r02[0]["value"].as_f64(),
            Some(counted.crimes_in_district as f64),
            "round {round}"
        );
        for (month, dates) in months {
            let rows = measure(directory.path(), "R02", dates, true);
            let computed: BTreeSet<(String, u64)> = rows
                .as_array()
                .unwrap()
                .iter()
                .map(|row| {
                    (
                        row["ward"].as_str().unwrap().to_owned(),
                        row["value"].as_f64().unwrap() as u64,
                    )
                })
                .collect();
            let of_month = counted.crimes.iter().filter(|((m, _), _)| m == month);
            let expected = of_month.map(|((_, ward), n)| (ward.clone(), *n)).collect();
            assert_eq!(computed, expected, "crimes of {month} by ward, round {round}");
        }
    }
    running.stop();
}

#[test]
fn an_excerpt_of_a_street_file_counts_as_the_file_says_and_only_once() {
    let file = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../tests/fixtures/police.uk/2014-06-kent-street.csv"
    );
    push_and_compare(
        &[file.into()],
        "2014-15/H1",
        &[("2014-06", "2014-06-01..2014-06-30")],
    );
}

#[test]
fn six_months_of_kent_give_the_printed_1306() {
    let Some(folder) = std::env::var_os("QUARTERDAY_DATA").map(PathBuf::from) else {
        return skip("six months of Kent Police", "QUARTERDAY_DATA is not set");
    };
    let files: Vec<PathBuf> = (4..=9)
        .map(|month| folder.join(format!("police.uk/2014-0{month}-kent-street.csv")))
        .collect();
    let missing = files.iter().find(|file| !file.exists());
    assert_eq!(missing, None, "QUARTERDAY_DATA is set, and this is not in it");
    assert_eq!(count(&files).asb_in_district, 1306);
    let months = [
        ("2014-04", "2014-04-01..2014-04-30"),
        ("2014-09", "2014-09-01..2014-09-30"),
    ];
    push_and_compare(&files, "2014-15/H1", &months);
}
