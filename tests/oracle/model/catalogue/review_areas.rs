//! The Review of 2014/15: what came from published figures of areas. Only those of exactly the period count, and they
//! name their area themselves.

use super::percent;
use crate::oracle::model::calendar::Span;
use crate::oracle::model::count::{Cell, Count, Definition, Rows, Rule};
use crate::oracle::records::{AreaStatistic, Code, Kind};

/// The districts of Kent.
pub const DISTRICTS: [Code; 12] = [
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
/// The county of Kent, without Medway.
pub const KENT: Code = "E10000016";
const TUNBRIDGE_WELLS: Code = "E07000116";

pub fn figures() -> Vec<Definition> {
    let rank = |id, rank| Definition::new(id, Kind::AreaStatistic, &[], Rule::Rank(rank));
    vec![
        rank("R03", |cell| lowest_rate(cell, "ALL_CRIME")),
        percent::<AreaStatistic>("R14", |cell| of_kent(cell, "THSG")),
        rank("R15", |cell| lowest_rate(cell, "THSG")),
        rank("R24", |cell| lowest_rate(cell, "VAP")),
        percent::<AreaStatistic>("R25", |cell| of_kent(cell, "VAP")),
        percent::<AreaStatistic>("R33", |cell| of_kent(cell, "DA_INCIDENTS")),
        rank("R34", |cell| lowest_rate(cell, "DA_INCIDENTS")),
        Definition::new(
            "R37",
            Kind::AreaStatistic,
            &[],
            Rule::Share {
                top: |cell| of_kent(cell, "DA_REPEAT_VICTIMS"),
                bottom: |cell| of_kent(cell, "DA_VICTIMS"),
            },
        ),
        rank("R49", |cell| lowest_rate(cell, "ASB")),
        rank("R55", |cell| highest_rise(cell, "ROAD_CASUALTIES")),
    ]
}

fn reported_for<'w>(cell: &Cell<'w>, measure: Code, area: Code, span: Span) -> Rows<'w, AreaStatistic> {
    cell.rows_anywhere::<AreaStatistic>()
        .filter(|r| r.measure == measure && r.area == area)
        .filter(|r| r.from == span.first && r.to == span.last)
}

fn of_kent(cell: &Cell<'_>, measure: Code) -> Count {
    reported_for(cell, measure, KENT, cell.span).sum(|r| i32::try_from(r.value).unwrap())
}

/// The place of Tunbridge Wells by rate, the lowest first; `None` unless all districts are there.
fn lowest_rate(cell: &Cell<'_>, measure: Code) -> Option<i64> {
    let mut rates = Vec::new();
    for area in DISTRICTS {
        let row = reported_for(cell, measure, area, cell.span).first()?;
        rates.push((area, row.value, row.population));
    }
    // a/b < c/d by whole numbers.
    place(&rates, |(_, a, b), (_, c, d)| a * d < c * b)
}

/// The place of Tunbridge Wells by change in per cent on the year before, the highest first.
fn highest_rise(cell: &Cell<'_>, measure: Code) -> Option<i64> {
    let mut changes = Vec::new();
    for area in DISTRICTS {
        let now = reported_for(cell, measure, area, cell.span).first()?.value;
        let before = cell.span.year_before();
        let then = reported_for(cell, measure, area, before).first()?.value;
        if then == 0 {
            return None;
        }
        changes.push((area, now, then));
    }
    // The rise is greater where now/then is.
    place(&changes, |(_, a, b), (_, c, d)| a * d > c * b)
}

type Placed = (Code, i64, i64);

/// One more than there are better areas: ties share the better place.
fn place(areas: &[Placed], better: impl Fn(Placed, Placed) -> bool) -> Option<i64> {
    let own = *areas.iter().find(|(area, ..)| *area == TUNBRIDGE_WELLS)?;
    let ahead = areas.iter().filter(|other| better(**other, own)).count();
    i64::try_from(ahead + 1).ok()
}
