//! Return notices: of single quarters, at odds with the rows or not, and of whole stretches of quarters.

use jiff::civil::date;

use super::dice::Dice;
use super::setting::{Setting, scope_codes};
use crate::oracle::model::calendar::Quarter;
use crate::oracle::records::{Code, Kind, ReturnNotice};

/// The reference of a notice about a feed: the return that it speaks of.
pub fn reference(covered: Kind, number: usize) -> String {
    format!("{}-N{number}", covered.name().to_uppercase())
}

/// How many single notices there may be of a feed.
pub const SINGLE: usize = 3;

/// A notice about some quarter of the setting's feed.
pub fn draw(dice: &mut Dice, setting: &Setting) -> ReturnNotice {
    let quarter = setting.quarter(dice);
    let says = dice.weighted(&[
        (40, "RETURN"),
        (25, "NIL"),
        (25, "NOT_APPLICABLE"),
        (10, "EXTENSION"),
    ]);
    let scope = scope(dice, setting.kind);
    let full = scope.is_empty() && dice.chance(if says == "RETURN" { 45 } else { 5 });
    ReturnNotice {
        covered: setting.kind,
        year: quarter.year,
        quarter: quarter.number,
        says,
        scope,
        full: full && setting.kind != Kind::Milestone,
        declared: dice.maybe(60, |dice| dice.between(0, 4)),
        received_on: date(2016, 5, 1),
    }
}

fn scope(dice: &mut Dice, covered: Kind) -> Vec<Code> {
    let codes = scope_codes(covered);
    if codes.is_empty() {
        return dice.maybe(10, |_| "CPN").into_iter().collect();
    }
    if dice.chance(55) {
        return vec![];
    }
    // Measures that are about two codes need both.
    const PAIRS: [[Code; 2]; 4] = [
        ["EHPS", "YISP"],
        ["HOTSPOT_OUTREACH", "KCC_YOUTH_OUTREACH"],
        ["DIRECTION_S27", "DISPERSAL_S35"],
        ["SCHOOL_ED_PROJECT", "PED_CYCLE_PROGRAMME"],
    ];
    let mut scope = dice.some_of(codes, 30);
    for pair in PAIRS {
        if pair.iter().all(|code| codes.contains(code)) && dice.chance(40) {
            scope.extend(
                pair.iter()
                    .filter(|code| dice.chance(90) && !scope.contains(code))
                    .copied()
                    .collect::<Vec<_>>(),
            );
        }
    }
    scope
}

/// Notices of two years of quarters, so that changes have both sides.
pub fn stretch(dice: &mut Dice, covered: Kind) -> Vec<ReturnNotice> {
    const BEGINNINGS: [(i16, i8); 4] = [(2011, 4), (2012, 3), (2013, 1), (2014, 1)];
    let (year, number) = dice.pick(&BEGINNINGS);
    let mut quarter = Quarter { year, number };
    let says: &[Code] = dice.pick(&[
        &["RETURN"],
        &["RETURN"],
        &["RETURN", "RETURN", "RETURN", "NIL"],
        &["NIL"],
        &["NIL", "NOT_APPLICABLE"],
        &["NOT_APPLICABLE"],
    ]);
    let mut notices = Vec::new();
    for _ in 0..8 {
        notices.push(ReturnNotice {
            covered,
            year: quarter.year,
            quarter: quarter.number,
            says: dice.pick(says),
            scope: vec![],
            full: false,
            declared: None,
            received_on: date(2016, 5, 1),
        });
        quarter = quarter.next();
    }
    notices
}
