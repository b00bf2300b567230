//! Priority 2, road safety.

use super::{counted, held, led, milestones};
use crate::oracle::model::calendar::{Span, year_start};
use crate::oracle::model::count::{Cell, Count, Definition, Rows};
use crate::oracle::records::{Activity, Code, Milestone};

pub fn measures() -> Vec<Definition> {
    const PROJECTS: &[Code] = &["SCHOOL_ED_PROJECT", "PED_CYCLE_PROGRAMME"];
    vec![
        counted::<Activity>("P2.01a", PROJECTS, |cell| completed(cell, PROJECTS).count()),
        counted::<Activity>("P2.01b", PROJECTS, |cell| {
            completed(cell, PROJECTS)
                .filter(|r| r.feedback == "PROVIDED")
                .count()
        }),
        counted::<Activity>("P2.02", &["RS_CAMPAIGN"], |cell| {
            held(cell, "RS_CAMPAIGN").count()
        }),
        counted::<Activity>("P2.03a", &["RS_SESSION_YP"], |cell| {
            held(cell, "RS_SESSION_YP").sum(|r| r.sessions)
        }),
        counted::<Activity>("P2.03b", &["RS_CENTRE_SESSION"], |cell| {
            held(cell, "RS_CENTRE_SESSION").sum(|r| r.sessions)
        }),
        counted::<Activity>("P2.03c", &["RS_CENTRE_SESSION"], |cell| {
            held(cell, "RS_CENTRE_SESSION")
                .filter(|r| r.feedback == "RECEIVED")
                .sum(|r| r.sessions)
        }),
        milestones("P2.04", 2, |cell| milestones_done(cell, "P2.04")),
        counted::<Activity>("P2.05a", &["RSW_PRESENTATION"], |cell| {
            held(cell, "RSW_PRESENTATION").count()
        }),
        counted::<Activity>("P2.05b", &["RSW_ACTIVITY"], |cell| {
            held(cell, "RSW_ACTIVITY").count()
        }),
    ]
}

fn completed<'w>(cell: &Cell<'w>, types: &[Code]) -> Rows<'w, Activity> {
    led(cell, types)
        .filter(|r| r.status == "COMPLETED")
        .on(|r| r.ended_on)
}

/// Milestones done since the financial year of the period's last day began: a number counts once. Milestones have no
/// place.
pub fn milestones_done(cell: &Cell<'_>, action: Code) -> Count {
    let since = Span {
        first: year_start(cell.span.last),
        last: cell.span.last,
    };
    cell.at(since)
        .rows_anywhere::<Milestone>()
        .of_last_quarter()
        .filter(|r| r.action_id == action && r.status == "DONE")
        .on(|r| r.done_on)
        .distinct_numbers(|r| r.number)
}
