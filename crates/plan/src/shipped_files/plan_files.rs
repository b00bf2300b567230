//! Plan files against schemas and code lists, and each printed figure against the value it is made from.

use std::collections::{BTreeMap, BTreeSet};

use super::{PLANS, codes, feeds, plans, typed};
use crate::plan::{CheckOp, Known, check_ids};

#[test]
fn every_measure_of_the_plan_is_there_in_its_order() {
    let plans = plans();
    let ids: Vec<&str> = plans[0]
        .measures
        .iter()
        .map(|measure| measure.id.as_str())
        .collect();
    assert_eq!(
        ids.join(" "),
        "P1.01a P1.01b P1.01c P1.01d P1.02a P1.02b P1.02c P1.03 P1.04 P1.05 P1.06 P1.07 \
         P2.01a P2.01b P2.02 P2.03a P2.03b P2.03c P2.04 P2.05a P2.05b \
         P3.01 P3.02 P3.03 P3.04 P3.05a P3.05b P3.05c P3.05d P3.06a P3.06b P3.06c P3.07 P3.08 \
         P4.01a P4.01b P4.01c P4.01d P4.02 P4.03a P4.03b P4.03c P4.04a P4.04b P4.05 P4.06a P4.06b P4.07a P4.07b P4.08a P4.08b \
         P4.09 P4.10 P4.11 P4.12a P4.12b P4.13a P4.13b \
         P5.01 P5.02 P5.03a P5.03b P5.04 P5.05a P5.05b P5.05c P5.06a P5.06b P5.06c P5.07 P5.08 P5.09"
    );
    assert_eq!(ids.len(), 72);
    let actions: BTreeSet<&str> = plans[0]
        .measures
        .iter()
        .filter_map(|m| m.action.as_deref())
        .collect();
    assert_eq!(actions.len(), 42);
    check_ids(&plans).unwrap();
}

#[test]
fn every_published_figure_and_milestone_of_the_review_is_there() {
    let review = &plans()[1];
    let figures: Vec<String> = review.figures.iter().map(|figure| figure.id.clone()).collect();
    let all: Vec<String> = (1..=59).map(|number| format!("R{number:02}")).collect();
    assert_eq!(figures, all);
    let milestones: Vec<&str> = review
        .measures
        .iter()
        .map(|measure| measure.id.as_str())
        .collect();
    assert_eq!(milestones, ["M1", "M2", "M3", "M4", "M5"]);
}

/// domain.md, end of section 1; a measure that counts each thing once in its period is `distinct` here, whatever it is called.
#[test]
fn kinds_are_as_often_as_the_catalogue_says() {
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    for measure in &plans()[0].measures {
        *kinds.entry(measure.kind.name()).or_default() += 1;
    }
    let expected = [
        ("attendance", 3),
        ("change", 3),
        ("distinct", 20),
        ("event_count", 27),
        ("flow", 4),
        ("milestone", 3),
        ("repeat", 1),
        ("stock", 4),
        ("sum", 7),
    ];
    assert_eq!(kinds, BTreeMap::from(expected));
}

#[test]
fn plans_fit_schemas_code_lists_and_partners() {
    let (codes, fields, feeds) = (codes(), typed(), feeds());
    let known = Known {
        fields: &fields,
        codes: &codes,
        feeds: &feeds,
    };
    for (plan, text) in plans().iter().zip(PLANS) {
        plan.check(text, known).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(plan.warnings(text), []);
    }
}

#[test]
fn every_published_figure_passes_with_the_value_it_was_made_from() {
    let change = |this: f64, before: f64| 100.0 * (this - before) / before;
    let made_from: BTreeMap<&str, f64> = BTreeMap::from([
        ("R01", change(4998.0, 5150.0)),
        ("R02", 4998.0),
        ("R13", change(1760.0, 2000.0)),
        ("R14", change(30_900.0, 30_000.0)),
        ("R16", change(445.0, 500.0)),
        ("R23", change(1081.0, 940.0)),
        ("R25", change(25_400.0, 20_000.0)),
        ("R32", change(1551.0, 1410.0)),
        ("R33", change(22_200.0, 20_000.0)),
        ("R36", 30_900.0 / 975.0),
        ("R37", 28.1),
        ("R48", change(2300.0, 2527.0)),
        ("R50", 1306.0),
        ("R53", change(441.0, 387.0)),
    ]);
    for figure in &plans()[1].figures {
        // The others are what was printed.
        let value = made_from
            .get(figure.id.as_str())
            .copied()
            .unwrap_or(figure.check.value);
        let derivable = (figure.check.op != CheckOp::None).then_some(true);
        assert_eq!(
            figure.check.passes(Some(value)),
            derivable,
            "{} {value}",
            figure.id
        );
        let far = derivable.map(|_| matches!(figure.id.as_str(), "R30" | "R50"));
        assert_eq!(figure.check.passes(Some(value * 3.0 + 1.0)), far, "{}", figure.id);
    }
}
