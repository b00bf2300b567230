//! A case as its spells and risks become known, change by change.

use jiff::civil::Date;
use serde_json::{Value, json};

use super::super::super::draft::{Draft, Stage, set};
use super::super::super::places::{Setting, ward_as_typed};
use super::super::super::pseudonyms::pseudonym;
use super::super::super::random::Random;
use super::{HIGH, STANDARD};

/// A case as it is known so far.
pub(super) struct Case {
    spells: Vec<(Date, Option<Date>)>,
    risks: Vec<(Date, &'static str)>,
    pub(super) draft: Draft,
}

impl Case {
    pub(super) fn opened(random: &mut Random, opened_on: Date, risk: &'static str) -> Self {
        let body = json!({
            "spells": [],
            "risk_changes": [],
            "nsir": random.percents(&[("NUISANCE", 55), ("PERSONAL", 38)], "ENVIRONMENTAL"),
            "victim_pid": random.percent(80).then(|| pseudonym(random)),
            "repeat": random.percent(35),
            "vulnerable": risk == HIGH && random.percent(60),
            "close_reason": null,
        });
        let ward = ward_as_typed(random, Setting::Streets);
        let mut case = Case {
            spells: vec![(opened_on, None)],
            risks: vec![(opened_on, risk)],
            draft: Draft::new(Stage::new(opened_on, body).in_ward(ward)),
        };
        case.draft.stages.iter_mut().for_each(|stage| {
            show(stage, &case.spells, &case.risks);
        });
        case
    }

    pub(super) fn grade(&mut self, on: Date, risk: &'static str) {
        if self.risks.last().is_some_and(|(_, last)| *last == risk) {
            return;
        }
        self.risks.push((on, risk));
        self.next(on);
    }

    pub(super) fn close(&mut self, on: Date) {
        if let Some((_, closed_on)) = self.spells.last_mut() {
            *closed_on = Some(on);
        }
        self.next(on);
    }

    /// More than 28 days after it was closed: a new spell.
    pub(super) fn open_again(&mut self, on: Date) {
        self.spells.push((on, None));
        self.next(on);
    }

    /// Within 28 days: the closing never was.
    pub(super) fn clear(&mut self, on: Date) {
        if let Some((_, closed_on)) = self.spells.last_mut() {
            *closed_on = None;
        }
        self.next(on);
    }

    fn next(&mut self, known_on: Date) {
        let Some(mut stage) = self.draft.stages.last().cloned() else {
            return;
        };
        stage.known_on = known_on;
        show(&mut stage, &self.spells, &self.risks);
        self.draft.stages.push(stage);
    }
}

fn show(stage: &mut Stage, spells: &[(Date, Option<Date>)], risks: &[(Date, &str)]) {
    let spells: Vec<Value> = spells
        .iter()
        .map(|(opened, closed)| {
            json!({"opened_on": opened.to_string(), "closed_on": closed.map(|day| day.to_string())})
        })
        .collect();
    let is_closed = spells.last().is_some_and(|spell| !spell["closed_on"].is_null());
    // Themis says "low" where the partnership says "standard".
    let risks: Vec<Value> = risks
        .iter()
        .map(|(on, risk)| {
            let typed = if *risk == STANDARD { "LOW" } else { risk };
            json!({"on": on.to_string(), "risk": typed})
        })
        .collect();
    set(&mut stage.body, "spells", spells);
    set(&mut stage.body, "risk_changes", risks);
    set(&mut stage.body, "close_reason", is_closed.then_some("RESOLVED"));
}
