//! What is filled in, by the shipped feeds file and code lists.

use quarterday_plan::feeds::Feeds;

use super::*;

const FEEDS: &str = include_str!("../../../../../schemas/plans/feeds.toml");
const CODES: &str = include_str!("../../../../../schemas/plans/codes.toml");

fn shipped(record_type: &str) -> RecordType {
    let schema = match record_type {
        "hospital_admission" => include_str!("../../../../../schemas/avro/hospital_admission.avsc"),
        _ => include_str!("../../../../../schemas/avro/recorded_crime.avsc"),
    };
    RecordType::parse(record_type, schema).unwrap()
}

/// Judges a body sent to a shipped feed.
fn judged(feed: &str, body: &Value) -> (RecordType, Columns) {
    let feeds = Feeds::parse(FEEDS).unwrap();
    let feed = feeds.feed(feed).unwrap();
    let record_type = shipped(&feed.record_type);
    let record = json!({
        "feed": feed.name, "partner": feed.partner.only(), "ref": "R1", "op": "SUBMIT", "version": 1,
        "sent_at": "2015-07-01T09:00:00Z", "body": body
    });
    let bytes = Encoder::new(&record_type).encode(&record).unwrap();
    let mut rows = Columns::new(&record_type);
    Decoder::compile(record_type.schema(), &record_type)
        .unwrap()
        .decode(&bytes, &mut rows)
        .unwrap();
    let judge = Judge::new(&record_type, feed, &CodeLists::parse(CODES).unwrap()).unwrap();
    judge.judge(&mut rows).unwrap();
    (record_type, rows)
}

fn causes(main: &str, others: &[&str], given: &[&str]) -> Vec<String> {
    let body = json!({
        "admitted_on": "2015-05-01", "icd10_primary": main, "icd10_secondary": others, "causes": given, "age_band": "25+"
    });
    let (record_type, rows) = judged("hospital-admissions", &body);
    let column = record_type.column_index("causes").unwrap();
    rows.list(column, 0).unwrap().map(str::to_owned).collect()
}

#[test]
fn causes_follow_from_diagnoses() {
    let (alcohol, drugs) = ("ALCOHOL_SPECIFIC", "DRUG_SPECIFIC");
    assert_eq!(causes("F10.2", &[], &[]), [alcohol]);
    assert_eq!(causes("F102", &[], &[]), [alcohol]);
    assert_eq!(causes("S06.0", &["K70.3"], &[]), [alcohol]);
    assert_eq!(causes("T43.6", &["f10"], &[]), [alcohol, drugs]);
    assert_eq!(causes("F17.2", &[], &[]), [""; 0]);
    // What the partner says stays.
    assert_eq!(causes("I10", &[], &["drugs"]), [drugs]);
    assert_eq!(causes("F10", &[], &["alcohol"]), [alcohol]);
}

fn groups(
    code: Option<&str>,
    category: Option<&str>,
    group: Option<&str>,
) -> (Option<String>, Option<String>) {
    let body = json!({
        "recorded_on": "2015-05-01", "ho_code": code, "category": category, "ho_group": group, "status": "RECORDED"
    });
    let (record_type, rows) = judged("recorded-crimes", &body);
    let of = |field: &str| {
        let column = record_type.column_index(field).unwrap();
        rows.str(column, 0).map(str::to_owned)
    };
    (of("ho_group"), of("ho_subgroup"))
}

#[test]
fn groups_follow_from_home_office_codes_and_public_categories() {
    let is =
        |group: Option<&str>, subgroup: Option<&str>| (group.map(str::to_owned), subgroup.map(str::to_owned));
    let shoplifting = Some("SHOPLIFTING");
    assert_eq!(groups(Some("46"), None, None), is(Some("THSG"), shoplifting));
    assert_eq!(groups(Some("8n"), None, None), is(Some("VAP"), None));
    assert_eq!(groups(Some("30A"), None, None), is(Some("BURGLARY"), None));
    assert_eq!(groups(Some("66"), None, None), is(None, None));
    assert_eq!(groups(None, Some("shoplifting"), None), is(None, shoplifting));
    assert_eq!(groups(None, Some("Other theft"), None), is(None, None));
    // What the partner says stays.
    assert_eq!(
        groups(Some("46"), None, Some("OTHER")),
        is(Some("OTHER"), shoplifting)
    );
}

#[test]
fn a_derivation_that_does_not_fit_is_told() {
    let lists = CodeLists::parse(&format!(
        "{LISTS}\n[[mapping]]\nname = \"m\"\ntitle = \"t\"\nsource = \"s\"\nversion = \"1\"\n[mapping.values]\n\"A\" = \"THEFT\"\n"
    ))
    .unwrap();
    let mut feed = feed();
    for (field, from, mapping) in [
        ("nothing", "incident_type", "m"),
        ("strands", "arrests", "m"),
        ("arrests", "incident_type", "m"),
        ("strands", "incident_type", "n"),
        ("strands", "incident_type", "m"),
    ] {
        feed.derivations.push(quarterday_plan::feeds::Derivation {
            field: field.to_owned(),
            from: from.to_owned(),
            mapping: mapping.to_owned(),
        });
    }
    let error = Judge::new(&testing::incident(), &feed, &lists).unwrap_err();
    assert_eq!(
        error.problems,
        [
            "what follows for nothing: there is no field nothing",
            "what follows for strands: arrests holds no codes",
            "what follows for arrests: the field can be neither empty nor a set of codes",
            "what follows for strands: there is no mapping n",
            "what follows for strands: the mapping m gives THEFT, which is not on the list strands",
        ]
    );
}
