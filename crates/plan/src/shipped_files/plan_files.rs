//! Plan files against schemas and code lists, and each printed figure against the value it is made from.

use std::collections::BTreeMap;

use super::{PLANS, codes, fields, known, plans, schemas};
use crate::plan::{Plan, check_ids};

#[test]
fn the_ids_asked_for_are_there() {
    let plans = plans();
    let ids = |plan: &Plan| {
        plan.definitions()
            .map(|m| m.id.clone())
            .collect::<Vec<_>>()
            .join(" ")
    };
    assert_eq!(
        ids(&plans[0]),
        "P1.01a P1.01b P1.01c P1.01d P1.02a P1.02b P1.03 P1.04 P1.05 P1.06 P1.07 \
         P2.01a P2.01b P2.02 P2.03a P2.03b P2.03c P2.05a P2.05b \
         P3.01 P3.02 P3.03 P3.04 P3.05a P3.05b P3.05c P3.05d P3.06a P3.06b P3.06c P3.07 \
         P4.02 P4.03a P4.03b P4.03c P4.04a P4.04b P4.05 P4.06a P4.06b P4.07b P4.08b P4.09 P4.10 \
         P4.12a P4.13a P4.13b \
         P5.01 P5.02 P5.03a P5.03b P5.04 P5.05a P5.05b P5.05c P5.06a P5.06b P5.06c P5.07 P5.09"
    );
    assert_eq!(
        ids(&plans[1]),
        "R01 R02 R04 R05 R06 R07 R08 R09 R13 R16 R17 R18 R19 R20 R23 R28 R29 R48 R50"
    );
    check_ids(&plans).unwrap();
}

#[test]
fn plans_name_fields_and_partners_that_exist() {
    let (codes, known) = (codes(), known());
    let partners: Vec<&str> = codes.list("partner").unwrap().codes().collect();
    for (plan, text) in plans().iter().zip(PLANS) {
        plan.check_fields(text, &known)
            .unwrap_or_else(|error| panic!("{error}"));
        for measure in plan.definitions() {
            assert!(
                measure
                    .returned_by
                    .iter()
                    .all(|code| partners.contains(&code.as_str())),
                "{}",
                measure.id
            );
        }
    }
}

#[test]
fn the_constants_of_filters_are_canonical_codes() {
    let (schemas, codes) = (schemas(), codes());
    for measure in plans().iter().flat_map(Plan::definitions) {
        let specs = fields(&schemas[&measure.record_type]);
        let mut list = None;
        let pieces = measure.filter.as_deref().unwrap_or_default().split('\'');
        for (i, piece) in pieces.enumerate() {
            if i.is_multiple_of(2) {
                // A constant belongs to the last field named before it.
                let mut words = piece
                    .split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
                    .rev();
                let named = words.find_map(|word| specs.iter().find(|spec| spec["name"] == word));
                if let Some(spec) = named {
                    list = spec["codes"].as_str().and_then(|name| codes.list(name));
                }
            } else {
                assert!(
                    list.is_some_and(|list| list.codes().any(|code| code == piece)),
                    "{}: {piece}",
                    measure.id
                );
            }
        }
    }
}

#[test]
fn every_published_figure_passes_with_the_value_it_was_made_from() {
    let made_from: BTreeMap<&str, f64> = BTreeMap::from([
        ("R01", 100.0 * (4998.0 - 5150.0) / 5150.0),
        ("R02", 4998.0),
        ("R04", 50.0),
        ("R05", 210.0),
        ("R06", 175.0),
        ("R07", 43.0),
        ("R08", 47.0),
        ("R09", 43.0),
        ("R13", 100.0 * (1760.0 - 2000.0) / 2000.0),
        ("R16", 100.0 * (445.0 - 500.0) / 500.0),
        ("R17", 43.0),
        ("R18", 4.0),
        ("R19", 90.0),
        ("R20", 91.0),
        ("R23", 100.0 * (1081.0 - 940.0) / 940.0),
        ("R28", 87.0),
        ("R29", 32.0),
        ("R48", 100.0 * (2300.0 - 2527.0) / 2527.0),
        ("R50", 1306.0),
    ]);
    for figure in &plans()[1].figures {
        let value = made_from[figure.id.as_str()];
        assert_eq!(
            figure.check.passes(Some(value)),
            Some(true),
            "{} {value}",
            figure.id
        );
        assert_eq!(
            figure.check.passes(Some(value * 3.0 + 1.0)),
            Some(figure.id == "R50"),
            "{}",
            figure.id
        );
    }
}
