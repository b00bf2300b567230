//! Plan files against schemas and code lists, and each printed figure against the value it is made from.

use std::collections::BTreeMap;

use super::{PLANS, SCHEMAS, codes, fields, known, plans};
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
    assert_eq!(ids(&plans[0]), "P1.01a P1.01b P1.01c P1.01d P3.01 P3.02 P3.04");
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
    let codes = codes();
    for measure in plans().iter().flat_map(Plan::definitions) {
        let filter = measure.filter.as_deref().unwrap_or_default();
        let schema = SCHEMAS
            .iter()
            .find(|(name, _)| *name == measure.record_type)
            .unwrap()
            .1;
        for comparison in filter.split(" AND ").filter(|part| part.contains('\'')) {
            let (field, constant) = comparison.split_once([' ']).unwrap();
            let constant = constant
                .trim_start_matches(['=', '<', '>', ' '])
                .trim_matches('\'');
            let spec = fields(schema)
                .into_iter()
                .find(|spec| spec["name"] == field)
                .unwrap();
            let list = codes.list(spec["codes"].as_str().unwrap()).unwrap();
            assert!(
                list.codes().any(|code| code == constant),
                "{}: {comparison}",
                measure.id
            );
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
