//! Figures of areas to compare with: the twelve districts of Kent, Medway, and the county without Medway.
//!
//! The borough's row is the partner's own figure. The county's is the sum of its districts; some are given better than
//! the borough, and the others share what is left. Medway, which is no part of the county, would spoil most ranks.

mod figures;
mod tables;

use jiff::civil::{Date, date};
use serde_json::{Value, json};

use figures::{Figure, police_figures, road_figures};
use tables::{KENT, MEDWAY, PEOPLE, PEOPLE_OF_MEDWAY};

use super::draft::{Delivery, Draft, Feed, Stage, returned, set, text};
use super::mixes::PLACELESS;
use super::random::Random;
use super::story::Produced;
use super::targets::Span;

const POLICE: Feed = feed("police-statistics", "KPOL");
const ROADS: Feed = feed("road-statistics", "KCC_RS");

const fn feed(name: &'static str, partner: &'static str) -> Feed {
    Feed {
        name,
        partner,
        delivery: Delivery::Monthly(15),
        date: "period_to",
        reasons: ["ERROR", "DUPLICATE", "ERROR"],
        before,
        mix: PLACELESS,
    }
}

pub(super) fn police(seed: u64) -> Vec<Produced> {
    returned(
        &POLICE,
        seed,
        |random| drafts(random, &police_figures()),
        lost_police,
        name(),
    )
}

pub(super) fn roads(seed: u64) -> Vec<Produced> {
    returned(
        &ROADS,
        seed,
        |random| drafts(random, &road_figures()),
        lost_road,
        name(),
    )
}

fn drafts(random: &mut Random, figures: &[Figure]) -> Vec<Draft> {
    figures.iter().map(|figure| draft(random, figure)).collect()
}

/// A district's figure of another source, taken back.
fn lost_police(random: &mut Random) -> Draft {
    let first = date(2014, 4, 1).saturating_add(jiff::Span::new().months(random.between(0, 8)));
    lost_figure(random, "VAP", first)
}

fn lost_road(random: &mut Random) -> Draft {
    let first = date(2013, 4, 1).saturating_add(jiff::Span::new().months(random.between(0, 8)));
    lost_figure(random, "KSI", first)
}

fn lost_figure(random: &mut Random, measure: &'static str, first: Date) -> Draft {
    let span = Span::new(first, first.last_of_month());
    let (area, _) = random.pick(&PEOPLE);
    let value = random.between(5, 90);
    draft(
        random,
        &Figure {
            area,
            measure,
            span,
            value,
        },
    )
}

fn draft(random: &mut Random, figure: &Figure) -> Draft {
    let people = match figure.area {
        MEDWAY => PEOPLE_OF_MEDWAY,
        KENT => PEOPLE.iter().map(|(_, people)| people).sum(),
        area => PEOPLE
            .iter()
            .find(|(of, _)| *of == area)
            .map_or(0, |(_, people)| *people),
    };
    let body = json!({
        "area": figure.area,
        "measure": figure.measure,
        "period_from": figure.span.first.to_string(),
        "period_to": figure.span.last.to_string(),
        "value": f64::from(i32::try_from(figure.value).unwrap_or_default()),
        "population": people,
        "population_year": 2014,
    });
    let published_on = figure
        .span
        .last
        .saturating_add(jiff::Span::new().days(random.between(30, 90)));
    Draft::new(Stage::new(published_on, body))
}

/// Those that get lost are of one month each, and may be of one area: they are told apart by a number.
fn name() -> impl FnMut(&mut Random, &Value) -> String {
    let mut months = 0;
    move |_, body| {
        let [area, measure, from, until] =
            ["area", "measure", "period_from", "period_to"].map(|field| text(body, field));
        if from.get(..7) != until.get(..7) {
            return format!("{area}/{measure}/{from}/{until}");
        }
        months += 1;
        format!("{area}/{measure}/{from}/{months}")
    }
}

/// A rate in place of the count, of the people of another year.
fn before(_: &mut Random, last: &mut Value) -> Value {
    let mut before = last.clone();
    set(&mut before, "value", 43.2);
    set(&mut before, "population_year", 2011);
    before
}
