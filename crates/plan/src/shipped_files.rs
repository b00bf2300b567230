//! The files under `schemas/` belong together: feeds, code lists, schemas, plans and examples name each other rightly.

mod feed_files;
mod plan_files;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::{
    codes::CodeLists,
    expression::{Field, FieldType, Fields},
    feeds::Feeds,
    plan::Plan,
};

const CODES: &str = include_str!("../../../schemas/plans/codes.toml");
const FEEDS: &str = include_str!("../../../schemas/plans/feeds.toml");
const LSOAS: &str = include_str!("../../../schemas/plans/lsoa11.csv");
const PLANS: [&str; 2] = [
    include_str!("../../../schemas/plans/tunbridge-wells-2015-16.toml"),
    include_str!("../../../schemas/plans/tunbridge-wells-review-2014-15.toml"),
];
const EXAMPLES: [(&str, &str); 4] = [
    (
        "cctv-incidents",
        include_str!("../../../schemas/examples/cctv-incidents.csv"),
    ),
    (
        "davss-referrals",
        include_str!("../../../schemas/examples/davss-referrals.csv"),
    ),
    (
        "pubwatch-exclusions",
        include_str!("../../../schemas/examples/pubwatch-exclusions.csv"),
    ),
    (
        "warden-visits",
        include_str!("../../../schemas/examples/warden-visits.csv"),
    ),
];

/// Name and text of each file of `schemas/avro`, by name.
fn schemas() -> BTreeMap<String, String> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../schemas/avro");
    let files = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    files
        .map(|file| {
            let name = file.file_stem().unwrap().to_string_lossy().into_owned();
            (name, std::fs::read_to_string(&file).unwrap())
        })
        .collect()
}

fn codes() -> CodeLists {
    CodeLists::parse(CODES).unwrap_or_else(|error| panic!("codes.toml: {error}"))
}

fn feeds() -> Feeds {
    Feeds::parse(FEEDS).unwrap_or_else(|error| panic!("feeds.toml: {error}"))
}

fn plans() -> Vec<Plan> {
    PLANS
        .iter()
        .map(|text| Plan::parse(text).unwrap_or_else(|error| panic!("{error}")))
        .collect()
}

/// The fields of a schema's envelope and body, without `body` itself.
fn fields(schema: &str) -> Vec<Value> {
    let schema: Value = serde_json::from_str(schema).unwrap();
    let (body, mut fields): (Vec<Value>, Vec<Value>) = schema["fields"]
        .as_array()
        .unwrap()
        .iter()
        .cloned()
        .partition(|field| field["name"] == "body");
    fields.extend(body[0]["type"][1]["fields"].as_array().unwrap().iter().cloned());
    fields
}

/// The fields as columns hold them: of an array of records one for each field of the records.
fn columns(schema: &str) -> Vec<Value> {
    let of = |field: Value| match field["type"]["items"]["fields"].as_array() {
        None => vec![field],
        Some(entries) => {
            let column = |entry: &Value| {
                let mut column = entry.clone();
                let name = |field: &Value| field["name"].as_str().unwrap().to_owned();
                column["name"] = format!("{}_{}", name(&field), name(entry)).into();
                column
            };
            entries.iter().map(column).collect()
        }
    };
    fields(schema).into_iter().flat_map(of).collect()
}

fn names(schema: &str) -> Vec<String> {
    columns(schema)
        .iter()
        .map(|field| field["name"].as_str().unwrap().to_owned())
        .collect()
}

/// The names of the fields of every schema, those of lists by the name that they have in plans.
fn known() -> BTreeMap<String, Vec<String>> {
    let names = |fields: Vec<Field>| fields.into_iter().map(|field| field.name).collect();
    typed()
        .into_iter()
        .map(|(name, fields)| (name, names(fields)))
        .collect()
}

/// The fields of every schema as plans may name them.
fn typed() -> Fields {
    let of = |schema: &String| fields(schema).iter().flat_map(plan_fields).collect();
    schemas()
        .iter()
        .map(|(name, schema)| (name.clone(), of(schema)))
        .collect()
}

/// A field, or each field of a list of records.
fn plan_fields(field: &Value) -> Vec<Field> {
    let branches = match &field["type"] {
        Value::Array(branches) => branches.iter().find(|branch| *branch != "null").cloned().unwrap(),
        other => other.clone(),
    };
    let name = field["name"].as_str().unwrap();
    let plain = |holds, codes: &Value| Field {
        name: name.to_owned(),
        holds,
        codes: codes.as_str().map(str::to_owned),
        list: None,
        nullable: field["type"].is_array(),
    };
    let ty = |ty: &Value| {
        ty["logicalType"]
            .as_str()
            .or(ty["type"].as_str())
            .or(ty.as_str())
            .unwrap()
            .to_owned()
    };
    match ty(&branches).as_str() {
        "boolean" => vec![plain(FieldType::Bool, &Value::Null)],
        "int" | "long" | "double" => vec![plain(FieldType::Number, &Value::Null)],
        "date" => vec![plain(FieldType::Date, &Value::Null)],
        "timestamp-millis" => vec![plain(FieldType::Instant, &Value::Null)],
        "array" if branches["items"] == "string" => vec![plain(FieldType::Texts, &field["codes"])],
        "array" => {
            let entries = branches["items"]["fields"].as_array().unwrap();
            let entry = |entry: &Value| {
                let inner = plan_fields(entry).remove(0);
                let holds = if inner.holds == FieldType::Date {
                    FieldType::Dates
                } else {
                    FieldType::Texts
                };
                Field {
                    name: format!("{name}_{}", inner.name),
                    holds,
                    list: Some(name.to_owned()),
                    ..inner
                }
            };
            entries.iter().map(entry).collect()
        }
        _ => vec![plain(FieldType::Text, &field["codes"])],
    }
}

#[test]
fn schemas_name_lists_that_exist_and_every_list_is_used() {
    let codes = codes();
    // Of partners and of people who discard a message; the others are of fields.
    let mut used: BTreeSet<String> = BTreeSet::from(["partner".to_owned(), "discard_reason".to_owned()]);
    for (name, schema) in schemas() {
        for field in columns(&schema) {
            if let Some(list) = field["codes"].as_str() {
                assert!(codes.list(list).is_some(), "{name}.{}: {list}", field["name"]);
                used.insert(list.to_owned());
            }
        }
    }
    assert_eq!(
        codes
            .lists()
            .map(|list| list.name().to_owned())
            .collect::<BTreeSet<_>>(),
        used
    );
}

#[test]
fn every_field_says_what_it_is() {
    for (name, schema) in schemas() {
        for field in fields(&schema).into_iter().chain(columns(&schema)) {
            assert!(
                field["doc"].as_str().is_some_and(|doc| doc.ends_with('.')),
                "{name}.{}",
                field["name"]
            );
        }
    }
}

#[test]
fn the_envelope_is_the_same_everywhere() {
    let envelopes: BTreeSet<String> = schemas()
        .values()
        .map(|schema| format!("{:?}", &fields(schema)[..10]))
        .collect();
    assert_eq!(envelopes.len(), 1);
    let envelope = &names(&schemas()["cctv_incident"])[..10];
    assert_eq!(
        envelope.join(" "),
        "feed partner ref op version reason sent_at return_id district ward"
    );
}

#[test]
fn from_agencies_include_every_partner() {
    let codes = codes();
    let agencies: Vec<&str> = codes.list("from_agency").unwrap().codes().collect();
    for partner in codes.list("partner").unwrap().codes() {
        assert!(agencies.contains(&partner), "{partner}");
    }
}

#[test]
fn spellings_from_real_life_are_known() {
    let codes = codes();
    for (list, spelling, code) in [
        ("ward", "St. James", Some("E05005144")),
        ("ward", "St James's", Some("E05005144")),
        ("ward", "Cranbrook", Some("E05005130")),
        ("ward", "Southboro", Some("E05005147")),
        ("ward", "Pantiles & St Marks", Some("E05005140")),
        ("ward", "High Brooms", Some("E05005147")),
        ("ward", "e05005146", Some("E05005146")),
        ("ward", "Tonbridge", None),
        ("risk", "Med", Some("MEDIUM")),
        ("risk", "M", Some("MEDIUM")),
        ("risk", "Very high", None),
        ("risk", "Low", None),
        (
            "police_uk_category",
            "Criminal damage and arson",
            Some("CRIMINAL_DAMAGE_AND_ARSON"),
        ),
        ("police_uk_category", "criminal-damage-arson", None),
    ] {
        assert_eq!(
            codes.list(list).unwrap().normalise(spelling),
            code,
            "{list}: {spelling}"
        );
    }
}

#[test]
fn there_are_twenty_wards_and_each_has_lsoas() {
    let codes = codes();
    let wards: BTreeSet<&str> = codes.list("ward").unwrap().codes().collect();
    assert_eq!(wards.len(), 20);
    let mut lines = LSOAS.lines();
    assert_eq!(lines.next(), Some("lsoa,ward,district"));
    let rows: Vec<Vec<&str>> = lines.map(|line| line.split(',').collect()).collect();
    assert_eq!(rows.iter().map(|row| row[0]).collect::<BTreeSet<_>>().len(), 68);
    assert_eq!(rows.iter().map(|row| row[1]).collect::<BTreeSet<_>>(), wards);
    assert!(rows.iter().all(|row| row[2] == "E07000116"));
}
