//! Priority 3, violent crime.

use jiff::civil::date;

use super::{change, counted, in_force, led, orders};
use crate::oracle::model::count::{Cell, Count, Definition, Form, Rows};
use crate::oracle::records::{
    Activity, Arrest, CctvIncident, Order, PatrolShift, PoliceIncident, PremisesAction, RecordedCrime,
};

pub fn measures() -> Vec<Definition> {
    vec![
        counted::<Order>("P3.01", &["PUBWATCH_EXCLUSION"], |cell| {
            orders(cell, "PUBWATCH_EXCLUSION").on_last_day(in_force).count()
        })
        .at_end(),
        counted::<CctvIncident>("P3.02", &[], |cell| {
            monitored(cell)
                .filter(|r| r.instigated_by == "PUBWATCH_RADIO")
                .count()
        }),
        counted::<RecordedCrime>("P3.03", &[], |cell| {
            crimes(cell).filter(|r| !r.hate_strands.is_empty()).count()
        }),
        counted::<CctvIncident>("P3.04", &[], |cell| {
            monitored(cell).filter(|r| r.incident_type == "VIOLENCE").count()
        }),
        counted::<PatrolShift>("P3.05a", &[], |cell| shifts(cell).sum(|r| r.people_engaged)),
        counted::<PatrolShift>("P3.05b", &[], |cell| shifts(cell).sum(|r| r.ambulances_called)),
        counted::<PatrolShift>("P3.05c", &[], |cell| shifts(cell).sum(|r| r.police_callouts)),
        counted::<PatrolShift>("P3.05d", &[], |cell| shifts(cell).sum(|r| r.statements_given)),
        counted::<Arrest>("P3.06a", &[], |cell| gang(cell).on(|r| r.arrested_on).count()),
        counted::<Arrest>("P3.06b", &[], |cell| gang(cell).on(|r| r.charged_on).count()),
        // The flag did not exist before the plan's first year.
        change::<PoliceIncident>("P3.06c", Form::Delta, Some(date(2015, 4, 1)), gang_linked_asb),
        counted::<PremisesAction>("P3.07", &["SSA_AWARD"], |cell| {
            cell.rows::<PremisesAction>()
                .filter(|r| r.action_type == "SSA_AWARD")
                .on(|r| r.done_on)
                .count()
        }),
        counted::<Activity>("P3.08", &["LICENSING_TRAINING"], |cell| {
            led(cell, &["LICENSING_TRAINING"])
                .filter(|r| r.delivered_by.contains(&"KPOL"))
                .on(|r| r.offered_on.or(r.held_on))
                .count()
        }),
    ]
}

/// Incidents that the control room monitored.
pub fn monitored<'w>(cell: &Cell<'w>) -> Rows<'w, CctvIncident> {
    cell.rows::<CctvIncident>()
        .filter(|r| r.monitored)
        .at(|r| r.occurred_at)
}

/// Crimes that were not cancelled since.
pub fn crimes<'w>(cell: &Cell<'w>) -> Rows<'w, RecordedCrime> {
    cell.rows::<RecordedCrime>()
        .filter(|r| r.status != "CANCELLED")
        .on(|r| r.recorded_on)
}

fn shifts<'w>(cell: &Cell<'w>) -> Rows<'w, PatrolShift> {
    cell.rows::<PatrolShift>().at(|r| r.started_at)
}

fn gang<'w>(cell: &Cell<'w>) -> Rows<'w, Arrest> {
    cell.rows::<Arrest>().filter(|r| r.gang_nominal)
}

fn gang_linked_asb(cell: &Cell<'_>) -> Count {
    cell.rows::<PoliceIncident>()
        .filter(|r| r.incident_kind == "ASB" && r.gang_linked)
        .at(|r| r.reported_at)
        .count()
}
