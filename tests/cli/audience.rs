//! What partners and the public see of a snapshot: no small number of people, nothing that gives one away, and what was shown once is
//! remembered.

use std::fs;

use serde_json::{Value, json};

use super::directory::Directory;
use super::plan::settle;
use crate::support::{Program, http};

/// Day, and how many people were helped out of the water.
const PATROLS: [(&str, u32); 4] = [
    ("2016-05-02", 3),
    ("2016-07-10", 5),
    ("2016-08-11", 2),
    ("2016-10-12", 0),
];

fn push(directory: &Directory) {
    let lines = PATROLS.iter().zip(1..).map(|((day, rescued), number)| {
        json!({
            "feed": "river-patrols", "partner": "RIVER_WATCH", "ref": format!("L{number}"), "op": "SUBMIT", "version": 1,
            "sent_at": "2017-07-01T12:00:00Z", "body": { "walked_on": day, "bank": "NORTH", "rescued": rescued },
        })
        .to_string()
    });
    let file = directory.0.path().join("patrols.ndjson");
    fs::write(&file, lines.collect::<Vec<_>>().join("\n")).unwrap();
    let pushed = directory.ask(&["push", "river-patrols", file.to_str().unwrap()]);
    assert_eq!(pushed[0]["taken"], 4, "{pushed}");
}

fn show(directory: &Directory, id: &str, audience: &str) -> Value {
    directory.ask(&["snapshot", "show", id, "--audience", audience])
}

/// People helped in the period, in the year to date, and what is hidden.
fn helped(shown: &Value) -> (Value, Value, Value) {
    let values = shown[0]["values"].as_array().unwrap();
    let line = values.iter().find(|line| line["id"] == "S2").unwrap();
    (
        line["numerator"].clone(),
        line["year_to_date"]["numerator"].clone(),
        line["hidden"].clone(),
    )
}

#[test]
fn small_numbers_of_people_are_for_the_analysts_only() {
    let directory = Directory(tempfile::tempdir().unwrap());
    settle(directory.0.path(), "[snapshots]\nschedule = 'off'\n");
    let running = directory.up();
    push(&directory);
    for quarter in ["2016-17/Q1", "2016-17/Q2", "2016-17/Q3"] {
        directory.ask(&["snapshot", "take", "--period", quarter]);
    }
    let all = helped(&show(&directory, "2016-17/Q2/r1", "restricted"));
    assert_eq!((all.0, all.1), (json!(7.0), json!(10.0)));
    let all = helped(&show(&directory, "2016-17/Q2/r1", "partners"));
    assert_eq!(
        all,
        (json!(7.0), json!(10.0), json!([])),
        "nothing is hidden from partners"
    );

    let small = |field| json!({ "field": field, "mark": "small" });
    let first = helped(&show(&directory, "2016-17/Q1/r1", "public"));
    assert_eq!(
        first,
        (
            Value::Null,
            Value::Null,
            json!([small("numerator"), small("year_to_date_numerator")])
        )
    );
    // The three would be known from the seven and the ten.
    let second = helped(&show(&directory, "2016-17/Q2/r1", "public"));
    let withheld = json!([{ "field": "numerator", "mark": "withheld" }]);
    assert_eq!(second, (Value::Null, json!(10.0), withheld));
    let third = helped(&show(&directory, "2016-17/Q3/r1", "public"));
    assert_eq!(third, (json!(0.0), json!(10.0), json!([])), "zero is shown");

    says_no_more(&directory);
    tells_bi_tools_the_same(&directory);
    let said = directory
        .call(&["snapshot", "show", "2016-17/Q2/r1", "--audience", "press"])
        .fails();
    assert!(said.contains("restricted, partners, public"), "{said}");
    running.stop();
}

/// The user of an audience reads what the audience sees, and nothing else.
fn tells_bi_tools_the_same(directory: &Directory) {
    let numbers = |user: &str, database: &str| {
        let sql = format!(
            "SELECT groupArray((revision, is_latest, status, numerator, year_to_date.numerator, hidden.field)) \
             FROM {database}.snapshot_values WHERE id = 'S2' AND period LIKE '2016-17/Q%' FORMAT TSV"
        );
        ask(directory, user, &sql)
    };
    assert_eq!(
        numbers("bi_public", "quarterday_public"),
        Ok(
            "[(1,1,'suppressed',NULL,NULL,['numerator','year_to_date_numerator']),(1,1,'suppressed',NULL,10,['numerator']),\
             (1,1,'final',0,10,[])]"
                .to_owned()
        )
    );
    assert_eq!(
        numbers("bi_partners", "quarterday_partners"),
        Ok("[(1,1,'final',3,3,[]),(1,1,'final',7,10,[]),(1,1,'final',0,10,[])]".to_owned())
    );
    let taken = "SELECT count(), sum(is_latest) FROM quarterday_public.snapshots FORMAT TSV";
    assert_eq!(ask(directory, "bi_public", taken), Ok("3\t3".to_owned()));
    for closed in [
        "quarterday.snapshot_values",
        "quarterday.measures",
        "quarterday_partners.snapshot_values",
        "quarterday_stores.shown_values",
        "quarterday_stores.snapshot_values",
    ] {
        let refused = ask(directory, "bi_public", &format!("SELECT count() FROM {closed}"));
        assert!(refused.is_err(), "{closed}: {refused:?}");
    }
}

fn ask(directory: &Directory, user: &str, sql: &str) -> Result<String, String> {
    let endpoints = directory.endpoints();
    let clickhouse = endpoints["clickhouse"].as_str().unwrap();
    let query = sql.replace('%', "%25").replace(' ', "%20").replace('\'', "%27");
    let (status, text) = http::get(clickhouse, &format!("/?user={user}&query={query}")).unwrap();
    let text = text.trim().to_owned();
    if status == 200 { Ok(text) } else { Err(text) }
}

/// Neither offsets nor hashes, from which hidden ones could be found by trying, nor records.
fn says_no_more(directory: &Directory) {
    let shown = show(directory, "2016-17/Q2/r1", "public");
    let told: Vec<&String> = shown[0].as_object().unwrap().keys().collect();
    let expected = [
        "audience",
        "first",
        "id",
        "last",
        "period",
        "provisional",
        "reason",
        "revision",
        "taken_at",
        "values",
    ];
    let mut told: Vec<&str> = told.iter().map(|key| key.as_str()).collect();
    told.sort_unstable();
    assert_eq!(told, expected);
    let table = Program::new([
        "snapshot",
        "show",
        "2016-17/Q1/r1",
        "--audience",
        "public",
        "--data-dir",
        directory.path(),
    ])
    .text();
    assert!(table.contains("<5"), "{table}");
    assert!(!table.contains("suppressed  3"), "{table}");
}
