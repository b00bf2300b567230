use std::io::Cursor;
use std::path::{Path, PathBuf};

use serde_json::json;

use super::*;
use crate::encoder::Encoder;
use crate::record_type::RecordType;

const HEADER: &str = "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Crime type,\
                      Last outcome category,Context";
const PLACES: &str = "lsoa,ward,district\nE01024787,E05005130,E07000116\n";

/// Rows in the shape of a street file: two the same to the letter, one without a place, one of another force.
const ROWS: &str = "\
,2014-06,Kent Police,Kent Police,0.9,51.2,On or near X,E01024787,Tunbridge Wells 013A,Anti-social behaviour,,\r\n\
,2014-06,Kent Police,Kent Police,0.9,51.2,On or near X,E01024787,Tunbridge Wells 013A,Anti-social behaviour,,\r\n\
4c11,2014-06,Kent Police,Kent Police,0.9,51.2,On or near X,E01024787,Tunbridge Wells 013A,Shoplifting,,\r\n\
ab12,2014-06,Kent Police,Kent Police,,,No Location,,,Burglary,,\r\n\
,2014-06,British Transport Police,British Transport Police,,,X,E01024787,Tunbridge Wells 013A,Other theft,,\r\n\
,2014-06,Kent Police,Kent Police,0.9,51.2,X,E01023987,Ashford 001B,Anti-social behaviour,,\r\n";

fn feed(name: &str) -> Feed {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../schemas/plans/feeds.toml");
    let feeds = quarterday_plan::feeds::Feeds::parse(&std::fs::read_to_string(path).unwrap()).unwrap();
    feeds.feed(name).unwrap().clone()
}

fn read(text: &str, feed: &Feed, places: &Places) -> Result<Vec<Result<StreetRow, RowError>>, FileError> {
    let sent_at = "2014-07-30T00:00:00Z".parse().unwrap();
    Ok(street_rows(Cursor::new(text.as_bytes().to_vec()), feed, places, sent_at)?.collect())
}

#[track_caller]
fn taken(rows: Vec<Result<StreetRow, RowError>>) -> Vec<(Row, bool)> {
    rows.into_iter()
        .filter_map(|row| match row.unwrap() {
            StreetRow::Taken { row, is_elsewhere } => Some((row, is_elsewhere)),
            _ => None,
        })
        .collect()
}

fn file(rows: &str) -> String {
    format!("{HEADER}\r\n{rows}")
}

#[test]
fn anti_social_behaviour_goes_to_police_incidents() {
    let (feed, places) = (feed("police-incidents"), Places::parse(PLACES).unwrap());
    let rows = read(&file(ROWS), &feed, &places).unwrap();
    let others = |which: &StreetRow| rows.iter().filter(|row| row.as_ref() == Ok(which)).count();
    assert_eq!(
        (others(&StreetRow::OtherFeed), others(&StreetRow::OtherForce)),
        (2, 1)
    );
    let rows = taken(rows);
    let references: Vec<_> = rows
        .iter()
        .map(|(row, _)| row.record["ref"].as_str().unwrap())
        .collect();
    assert_eq!(
        references,
        [
            "2014-06/KENT/000001",
            "2014-06/KENT/000002",
            "2014-06/KENT/000006"
        ]
    );
    let expected = json!({
        "feed": "police-incidents", "partner": "KPOL", "ref": "2014-06/KENT/000001", "op": "SUBMIT",
        "version": 201_406, "sent_at": "2014-07-30T00:00:00Z", "district": "E07000116", "ward": "E05005130",
        "body": {
            "reported_at": "2014-06-01T11:00:00Z", "kind": "ASB", "nsir": null, "category": "Anti-social behaviour",
            "gang_linked": false, "victim_pid": null, "crime_ref": null
        }
    });
    assert_eq!(
        rows[0].0,
        Row {
            line: 2,
            record: expected
        }
    );
    assert_eq!(
        (&rows[2].0.record["district"], rows[2].1),
        (&json!("E99999999"), true)
    );
}

#[test]
fn crimes_go_to_recorded_crimes() {
    let (feed, places) = (feed("recorded-crimes"), Places::parse(PLACES).unwrap());
    let rows = taken(read(&file(ROWS), &feed, &places).unwrap());
    assert_eq!(rows.len(), 2);
    let body = |index: usize| &rows[index].0.record["body"];
    assert_eq!(rows[0].0.record["ref"], json!("4C11"));
    assert_eq!(
        (&body(0)["recorded_on"], &body(0)["category"]),
        (&json!("2014-06-01"), &json!("Shoplifting"))
    );
    assert_eq!(body(1)["category"], json!("Burglary"));
    assert_eq!(
        (&rows[1].0.record["district"], &rows[1].0.record["ward"]),
        (&json!("E99999999"), &json!(null))
    );
}

#[test]
fn records_fit_the_schemas() {
    let places = Places::parse(PLACES).unwrap();
    for name in ["police-incidents", "recorded-crimes"] {
        let feed = feed(name);
        let path = format!("../../schemas/avro/{}.avsc", feed.record_type);
        let schema = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap();
        let encoder = Encoder::new(&RecordType::parse(&feed.record_type, &schema).unwrap());
        for (row, _) in taken(read(&file(ROWS), &feed, &places).unwrap()) {
            encoder.encode(&row.record).unwrap();
        }
    }
}

#[test]
fn other_districts_by_name() {
    let names = "name,district\nAshford,E07000105\n";
    let places = Places::parse(PLACES).unwrap().with_districts(names).unwrap();
    assert_eq!(places.find("E01023987", "Ashford 001B"), ("E07000105", None));
    assert_eq!(places.find("", ""), ("E99999999", None));
    assert_eq!(
        places.find("E01024787", "whatever"),
        ("E07000116", Some("E05005130"))
    );
    let error = Places::parse("lsoa,ward\n").unwrap_err();
    assert_eq!(
        error.to_string(),
        "the list of places, line 1: is not the header of the list"
    );
    assert_eq!(Places::parse("lsoa,ward,district\na,b\n").unwrap_err().line, 2);
}

#[test]
fn rows_that_are_wrong_are_told_with_their_line() {
    let (feed, places) = (feed("police-incidents"), Places::default());
    let rows = "\
,June,Kent Police,Kent Police,,,X,,,Anti-social behaviour,,\n\
,2014-06,Kent Police\n\
,2014-06,Kent Police,Kent Police,,,X,,,,,\n\
,2014-06,Kent Police,Kent Police,,,X,,,Anti-social behaviour,,\n";
    let found = read(&file(rows), &feed, &places).unwrap();
    let messages: Vec<_> = found
        .iter()
        .filter_map(|row| row.as_ref().err())
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        messages,
        [
            "row 2: the month is \"June\", and must be like 2014-06",
            "row 3: has fewer cells than the header",
            "row 4: the crime type is empty"
        ]
    );
    assert!(matches!(found[3], Ok(StreetRow::Taken { .. })));
}

#[test]
fn other_files_and_feeds_are_refused() {
    assert!(is_header(&format!("\u{feff}{HEADER}\r\n")) && !is_header("ref,op"));
    let places = Places::default();
    let Err(error) = read("ref,op\n", &feed("police-incidents"), &places) else {
        panic!()
    };
    assert!(
        error
            .to_string()
            .contains("has a column \"Crime ID\", this one has not"),
        "{error}"
    );
    let Err(error) = read(&file(ROWS), &feed("cctv-incidents"), &places) else {
        panic!()
    };
    assert!(
        error
            .to_string()
            .contains("feed cctv-incidents takes no street files"),
        "{error}"
    );
}

#[test]
fn a_forces_name_becomes_a_slug() {
    assert_eq!(record::slug("Kent Police"), "KENT");
    assert_eq!(
        record::slug("Avon and Somerset Constabulary"),
        "AVON-AND-SOMERSET"
    );
}

/// The real files of April to September 2014; skipped, loudly, where they are not there.
#[test]
fn the_real_files_of_kent() {
    let Some(folder) = std::env::var_os("QUARTERDAY_DATA").map(PathBuf::from) else {
        eprintln!("SKIPPED: QUARTERDAY_DATA is not set, so no real street files were read");
        return;
    };
    let list = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../schemas/plans/lsoa11.csv");
    let places = Places::parse(&std::fs::read_to_string(list).unwrap()).unwrap();
    let (incidents, crimes) = (feed("police-incidents"), feed("recorded-crimes"));
    let (mut in_district, mut all) = (0, 0);
    for month in 4..=9 {
        let path = folder.join(format!("police.uk/2014-{month:02}-kent-street.csv"));
        let text = std::fs::read_to_string(path).unwrap();
        let rows = taken(read(&text, &incidents, &places).unwrap());
        in_district += rows.iter().filter(|(_, is_elsewhere)| !is_elsewhere).count();
        all += rows.len() + taken(read(&text, &crimes, &places).unwrap()).len();
    }
    assert_eq!((in_district, all), (1306, 85_635));
}
