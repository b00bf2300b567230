//! The feeds file and the CSV examples against schemas and code lists.

use super::{EXAMPLES, codes, columns, feeds, known, names, schemas};
use crate::{
    codes::normal_form,
    feeds::{DistrictRule, Rule},
};

#[test]
fn feeds_name_record_types_partners_and_fields_that_exist() {
    let (codes, known) = (codes(), known());
    for feed in feeds().feeds {
        let fields = known
            .get(&feed.record_type)
            .unwrap_or_else(|| panic!("{}: no schema", feed.name));
        let is_partner = |partner: &str| codes.list("partner").unwrap().codes().any(|code| code == partner);
        assert!(feed.partner.only().is_none_or(is_partner), "{:?}", feed.partner);
        for field in feed.csv.columns.values() {
            assert!(fields.contains(field), "{}: column of {field}", feed.name);
        }
        for check in &feed.checks {
            for field in check.fields() {
                assert!(
                    fields.iter().any(|known| known == field),
                    "{}: {} names {field}",
                    feed.name,
                    check.id
                );
            }
        }
    }
}

#[test]
fn every_field_of_a_record_has_a_header() {
    let schemas = schemas();
    let filled_in = ["feed", "partner", "return_id"];
    for feed in feeds().feeds {
        let schema = &schemas[&feed.record_type];
        for field in names(schema)
            .iter()
            .filter(|name| !filled_in.contains(&name.as_str()))
        {
            assert!(
                feed.csv.columns.values().any(|known| known == field),
                "{}: {field}",
                feed.name
            );
        }
    }
}

#[test]
fn no_header_is_another_fields_name() {
    let known = known();
    for feed in feeds().feeds {
        for (header, field) in &feed.csv.columns {
            let meant = known[&feed.record_type]
                .iter()
                .find(|name| normal_form(name) == normal_form(header));
            assert!(
                meant.is_none_or(|name| name == field),
                "{}: {header} is read as {field}",
                feed.name
            );
        }
    }
}

#[test]
fn partners_of_several_districts_must_say_which() {
    let with = |rule: &DistrictRule| -> Vec<String> {
        let feeds = feeds().feeds.into_iter();
        feeds.filter(|f| f.district == *rule).map(|f| f.name).collect()
    };
    assert_eq!(
        with(&DistrictRule::Optional),
        ["return-notices", "davss-helpline-calls"]
    );
    assert_eq!(
        with(&DistrictRule::Required),
        [
            "cctv-incidents",
            "davss-referrals",
            "cdap-referrals",
            "cdap-contacts",
            "isva-contacts",
            "one-stop-shop-contacts",
            "hate-line-calls",
            "marac-cases",
            "davss-activities",
        ]
    );
}

#[test]
fn conditions_name_canonical_codes() {
    let schemas = schemas();
    let codes = codes();
    for feed in feeds().feeds {
        let schema = &schemas[&feed.record_type];
        for check in &feed.checks {
            for when in &check.when {
                let spec = columns(schema)
                    .into_iter()
                    .find(|spec| spec["name"] == when.field.as_str())
                    .unwrap();
                let Some(list) = spec["codes"].as_str() else {
                    continue;
                };
                let list = codes.list(list).unwrap();
                let single = when.values.iter().filter(|value| !value.starts_with("list:"));
                for value in single {
                    assert!(list.codes().any(|code| code == value), "{}: {value}", check.id);
                }
            }
        }
    }
}

#[test]
fn scopes_are_fields_with_codes() {
    let schemas = schemas();
    let mut scoped = Vec::new();
    for (record_type, rules) in &feeds().record_types {
        let Some(scope) = &rules.scope else { continue };
        let spec = columns(&schemas[record_type])
            .into_iter()
            .find(|spec| spec["name"] == scope.as_str())
            .unwrap_or_else(|| panic!("{record_type}: no field {scope}"));
        assert!(
            spec["type"] == "string" && codes().list(spec["codes"].as_str().unwrap()).is_some(),
            "{record_type}: {scope}"
        );
        scoped.push(record_type.clone());
    }
    assert_eq!(
        scoped,
        [
            "activity",
            "engagement",
            "family_case",
            "order",
            "premises_action",
            "referral"
        ]
    );
}

#[test]
fn every_partner_can_give_notice() {
    let feeds = feeds();
    for partner in codes().list("partner").unwrap().codes() {
        let feed = feeds.feed_of(partner, "return_notice").unwrap();
        assert_eq!(feed.name, "return-notices");
    }
}

#[test]
fn the_examples_have_headers_of_their_feed() {
    let feeds = feeds();
    for (feed, csv) in EXAMPLES {
        let feed = feeds.feed(feed).unwrap();
        let headers: Vec<&str> = csv.lines().next().unwrap().split(',').collect();
        for header in &headers {
            assert!(feed.csv.columns.contains_key(*header), "{}: {header}", feed.name);
        }
        assert!((7..=11).contains(&csv.lines().count()), "{}", feed.name);
        assert!(
            csv.lines()
                .skip(1)
                .all(|line| line.split(',').count() == headers.len()),
            "{}",
            feed.name
        );
        assert!(
            csv.contains(",AMEND,2,") && csv.contains(",WITHDRAW,"),
            "{}",
            feed.name
        );
    }
}

#[test]
fn the_codes_and_pseudonyms_of_the_examples_are_known() {
    let schemas = schemas();
    let (feeds, codes) = (feeds(), codes());
    for (name, csv) in EXAMPLES {
        let feed = feeds.feed(name).unwrap();
        let schema = &schemas[&feed.record_type];
        let specs = columns(schema);
        let headers: Vec<&str> = csv.lines().next().unwrap().split(',').collect();
        for (header, value) in csv
            .lines()
            .skip(1)
            .flat_map(|line| headers.iter().zip(line.split(',')))
        {
            let field = feed.csv.columns[*header].as_str();
            let spec = specs.iter().find(|spec| spec["name"] == field).unwrap();
            let list = spec["codes"].as_str().map(|list| codes.list(list).unwrap());
            let is_code = list.is_none_or(|list| list.normalise(value).is_some());
            let is_pid = !field.ends_with("_pid") || (value.starts_with("P1-") && value.len() == 35);
            assert!(
                value.is_empty() || (is_code && is_pid),
                "{name}: {header}: {value}"
            );
        }
    }
}

/// What the shipped check takes for a diagnosis, and the mapping beside it for alcohol's.
#[test]
fn diagnoses_as_hospitals_write_them() {
    let feeds = feeds();
    let checks = &feeds.record_types["hospital_admission"].checks;
    let check = checks
        .iter()
        .find(|check| check.id == "main_diagnosis_is_a_code")
        .unwrap();
    let Rule::Matches { pattern, .. } = &check.rule else {
        panic!("{:?}", check.rule)
    };
    let form = Rule::regex(pattern).unwrap();
    let codes = codes();
    let causes = codes.mapping("icd10_cause").unwrap();
    for code in [
        "F10.2", "F102", "f10.2", "F10", "F10.-", "T51.0", "T510X", "X45", "K85.2", "K85.2+", "G31.2",
        "G312D", "R78.0",
    ] {
        assert!(form.is_match(code), "{code}");
        assert_eq!(causes.value_of(code), Some("ALCOHOL_SPECIFIC"), "{code}");
    }
    for code in ["E10.4\u{2020}", "G63.2*", "I10X", "U07.1", "Z99"] {
        assert!(form.is_match(code), "{code}");
        assert_eq!(causes.value_of(code), None, "{code}");
    }
    for text in ["drunk", "F1", "10.2", "F10.2 alcohol", "alcohol dependence"] {
        assert!(!form.is_match(text), "{text}");
    }
}

#[test]
fn references_with_several_words_are_remarked_on() {
    let feeds = feeds();
    let checks = &feeds.record_types["arrest"].checks;
    let check = checks
        .iter()
        .find(|check| check.id == "reference_without_words")
        .unwrap();
    let Rule::Matches { pattern, .. } = &check.rule else {
        panic!("{:?}", check.rule)
    };
    let form = Rule::regex(pattern).unwrap();
    for reference in ["A-1", "CAD 0417", "M&S-12", "0417", "12/2015 A", "46/1234/15"] {
        assert!(form.is_match(reference), "{reference}");
    }
    for reference in ["Mr Smith", "SMITH, JOHN 12", "John van Smith"] {
        assert!(!form.is_match(reference), "{reference}");
    }
}
