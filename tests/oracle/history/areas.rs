//! Figures of areas, in groups: what a rank needs is there often, and often a part of it is not.

use jiff::civil::date;

use super::dice::Dice;
use crate::oracle::model::calendar::Span;
use crate::oracle::periods::PERIODS;
use crate::oracle::records::{AreaStatistic, Code};

const DISTRICTS: [Code; 12] = [
    "E07000105",
    "E07000106",
    "E07000107",
    "E07000108",
    "E07000109",
    "E07000110",
    "E07000111",
    "E07000112",
    "E07000113",
    "E07000114",
    "E07000115",
    "E07000116",
];
const RANKED: [Code; 6] = [
    "ALL_CRIME",
    "THSG",
    "VAP",
    "DA_INCIDENTS",
    "ASB",
    "ROAD_CASUALTIES",
];
const OF_KENT: [Code; 5] = ["THSG", "VAP", "DA_INCIDENTS", "DA_VICTIMS", "DA_REPEAT_VICTIMS"];
const KENT: Code = "E10000016";
const MEDWAY: Code = "E06000035";

/// Not a period that is compared.
const OTHER_PERIOD: Span = Span {
    first: date(2014, 1, 1),
    last: date(2014, 6, 30),
};

/// The figures that one partner returns: at most one for an area, a measure and a period.
pub fn draw(dice: &mut Dice) -> Vec<AreaStatistic> {
    let mut figures = Vec::new();
    let period = dice.pick(PERIODS).span;
    let mut measures = dice.some_of(&RANKED, 30);
    if measures.is_empty() {
        measures.push("ROAD_CASUALTIES");
    }
    for measure in measures {
        let spans = if measure == "ROAD_CASUALTIES" {
            vec![period, period.year_before()]
        } else {
            vec![period]
        };
        let lacking = dice.maybe(25, |dice| dice.pick(&DISTRICTS));
        for span in spans {
            let areas = DISTRICTS.into_iter().chain([MEDWAY]);
            for area in areas.filter(|area| Some(*area) != lacking) {
                figures.push(figure(dice, area, measure, span));
            }
        }
    }
    let other = dice.pick(PERIODS).span;
    for measure in dice.some_of(&OF_KENT, 50) {
        for span in [other, other.year_before()] {
            if dice.chance(85) {
                let value = i64::from(dice.between(0, 60));
                figures.push(AreaStatistic {
                    value,
                    ..figure(dice, KENT, measure, span)
                });
            }
        }
    }
    figures
}

/// Few values and populations, so that rates tie. A base of 0 is rare: with twelve districts one is too many.
fn figure(dice: &mut Dice, area: Code, measure: Code, span: Span) -> AreaStatistic {
    let least = if dice.chance(5) { 0 } else { 1 };
    AreaStatistic {
        area,
        measure,
        from: span.first,
        to: span.last,
        value: i64::from(dice.between(least, 6)),
        population: dice.pick(&[1000, 2000, 4000]),
    }
}

/// An amendment: another value, or a period of which there is no rank.
pub fn amended(dice: &mut Dice, figure: &AreaStatistic) -> AreaStatistic {
    let mut amended = figure.clone();
    if dice.chance(80) {
        amended.value = i64::from(dice.between(1, 6));
    } else {
        (amended.from, amended.to) = (OTHER_PERIOD.first, OTHER_PERIOD.last);
    }
    amended
}
