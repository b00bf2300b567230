//! What partners and the public see of a snapshot: no small number of people, nothing that gives one away, and what was shown once is
//! remembered.

use std::fs;
use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};
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
    comment(&directory);
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
    reports_say_what_their_readers_may_know(&directory);
    comments_are_frozen(&directory);
    let said = directory
        .call(&["snapshot", "show", "2016-17/Q2/r1", "--audience", "press"])
        .fails();
    assert!(said.contains("restricted, partners, public"), "{said}");
    running.stop();
}

/// By the lead of the measure, of numbers that are there and of some that will be hidden.
fn comment(directory: &Directory) {
    let say = |more: &[&str]| directory.call(&[&["comment", "S2", "--period"], more].concat());
    let said = say(&["2016-17/Q1", "--text", "The river was high in May."]).json();
    assert_eq!((&said[0]["version"], &said[0]["by"]), (&json!(1), &json!("lead")));
    say(&["2016-17/Q2", "--text", "Three more than a year before."]).json();
    for (text, why) in [
        ("as Zofia says", "`Zofia` may be a name"),
        ("ask lead@example.org", "an e-mail address"),
        ("", "there is no text"),
        (&"long ".repeat(61), "300 characters at most"),
    ] {
        let refused = say(&["2016-17/Q3", "--text", text]).fails();
        assert!(refused.contains(why), "{text}: {refused}");
    }
    let unknown = directory
        .call(&["comment", "S22", "--period", "2016-17/Q1", "--text", "high"])
        .fails();
    assert!(unknown.contains("called S22; did you mean S2?"), "{unknown}");
    let listed = directory.ask(&["comment", "--period", "2016-17/Q1"]);
    assert_eq!(listed[0]["text"], "The river was high in May.");
}

/// Pages and workbooks have what the audience sees and nothing else.
fn reports_say_what_their_readers_may_know(directory: &Directory) {
    let write = |audience: &str, format: &str| {
        let file = directory.0.path().join(format!("{audience}.{format}"));
        let more = [
            "--audience",
            audience,
            "--format",
            format,
            "--output",
            file.to_str().unwrap(),
        ];
        let command = [
            "snapshot",
            "show",
            "2016-17/Q2/r1",
            "--data-dir",
            directory.path(),
        ];
        Program::new(command.iter().copied().chain(more)).text();
        fs::read(&file).unwrap()
    };
    let restricted = String::from_utf8(write("restricted", "html")).unwrap();
    for known in [
        "Three more than a year before.",
        "SHA-256",
        "quarterday snapshot verify 2016-17/Q2/r1",
    ] {
        assert!(restricted.contains(known), "{known}");
    }
    let public = String::from_utf8(write("public", "html")).unwrap();
    assert!(!public.contains("Three more") && !public.contains("SHA-256"));
    assert!(
        public.contains("&lt;5"),
        "the first quarter stands beside the second"
    );
    // Seven of two patrols, three of one in the quarter before, ten of three in the year: the public may see the last only.
    let (analysts, public) = (
        numbers(write("restricted", "xlsx")),
        numbers(write("public", "xlsx")),
    );
    assert!(
        [3.5, 3.0, 3.33].iter().all(|number| analysts.contains(number)),
        "{analysts:?}"
    );
    assert!(public.contains(&3.33), "{public:?}");
    assert!(!public.contains(&3.5) && !public.contains(&3.0), "{public:?}");
    let refused = directory
        .call(&["snapshot", "show", "2016-17/Q2/r1", "--output", "/nowhere/report"])
        .fails();
    assert!(refused.contains("/nowhere/report"), "{refused}");
}

/// What is said later is in the next revision.
fn comments_are_frozen(directory: &Directory) {
    let of = |id: &str| {
        let shown = show(directory, id, "public");
        let values = shown[0]["values"].as_array().unwrap();
        let line = values.iter().find(|line| line["id"] == "S2").unwrap();
        line["comment"].clone()
    };
    assert_eq!(of("2016-17/Q1/r1"), "The river was high in May.");
    assert_eq!(
        of("2016-17/Q2/r1"),
        "",
        "it says by how many, of a number that is hidden"
    );
    directory.ask(&[
        "comment",
        "S2",
        "--period",
        "2016-17/Q1",
        "--text",
        "The river was low.",
    ]);
    assert_eq!(of("2016-17/Q1/r1"), "The river was high in May.");
    let revise = |reason: &str| {
        let take = [
            "snapshot",
            "take",
            "--period",
            "2016-17/Q1",
            "--revise",
            "--reason",
            reason,
        ];
        directory.call(&take)
    };
    assert!(revise("as Zofia says").fails().contains("`Zofia` may be a name"));
    assert_eq!(revise("another comment").json()[0]["id"], "2016-17/Q1/r2");
    assert_eq!(
        revise("another comment").json()[0]["id"],
        "2016-17/Q1/r2",
        "nothing has changed"
    );
    assert_eq!(of("2016-17/Q1/r2"), "The river was low.");
    directory.ask(&["snapshot", "verify", "2016-17/Q1/r2"]);
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
    let table = |audience: &str| {
        let what = ["snapshot", "show", "2016-17/Q1/r1", "--audience", audience];
        Program::new(what.iter().copied().chain(["--data-dir", directory.path()])).text()
    };
    let (analysts, public) = (table("restricted"), table("public"));
    let line = |table: &str| {
        let line = table.lines().find(|line| line.contains(" S2 "));
        line.unwrap_or_else(|| panic!("{table}")).to_owned()
    };
    assert!(
        line(&analysts).contains(" 3 ") && !analysts.contains("<5"),
        "{analysts}"
    );
    assert!(
        public.contains(" <5 ") && !line(&public).contains(" 3 "),
        "{public}"
    );
}

/// The numbers of the workbook's lines about people helped.
fn numbers(workbook: Vec<u8>) -> Vec<f64> {
    let mut workbook = Xlsx::new(Cursor::new(workbook)).unwrap();
    let mut numbers = Vec::new();
    for name in workbook.sheet_names() {
        let range = workbook.worksheet_range(&name).unwrap();
        let lines = range.rows().filter(|row| row.iter().any(|cell| cell == "S2"));
        numbers.extend(lines.flatten().filter_map(|cell| match cell {
            Data::Float(number) => Some(*number),
            _ => None,
        }));
    }
    numbers
}
