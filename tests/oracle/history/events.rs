//! Random contents of the record types about events, except those of the police.

use super::dice::Dice;
use super::setting::Setting;
use crate::oracle::records::{
    Activity, CctvIncident, Code, HospitalAdmission, Milestone, PatrolShift, PremisesAction, RoadCasualty,
};

pub fn cctv_incident(dice: &mut Dice, setting: &Setting) -> CctvIncident {
    CctvIncident {
        occurred_at: setting.instant(dice),
        incident_type: dice.pick(&["VIOLENCE", "SHOPLIFTING", "DRUGS"]),
        instigated_by: dice.pick(&["PUBWATCH_RADIO", "CCTV_OPERATOR", "POLICE"]),
        monitored: dice.chance(75),
        arrests: dice.between(0, 4),
    }
}

pub fn road_casualty(dice: &mut Dice, setting: &Setting) -> RoadCasualty {
    RoadCasualty {
        collision_on: setting.day(dice),
        severity: dice.between(1, 3),
        age: dice.pick(&[-1, 0, 7, 15, 16, 40]),
    }
}

pub fn hospital_admission(dice: &mut Dice, setting: &Setting) -> HospitalAdmission {
    HospitalAdmission {
        admitted_on: setting.day(dice),
        causes: dice.some_of(&["ALCOHOL_SPECIFIC", "DRUG_SPECIFIC"], 60),
    }
}

pub fn activity(dice: &mut Dice, setting: &Setting) -> Activity {
    // Some begin with the letter of a pseudonym, which they are not.
    const ORGANISATIONS: [Code; 4] = ["PROBATION", "MARAC_WK", "SCHOOL", "KPOL"];
    Activity {
        activity_type: setting.code(dice),
        offered_on: setting.maybe_day(dice, 50),
        held_on: setting.maybe_day(dice, 85),
        ended_on: setting.maybe_day(dice, 75),
        status: dice.pick(&["HELD", "COMPLETED", "COMPLETED", "OFFERED", "CANCELLED"]),
        sessions: dice.between(0, 4),
        attended_young: dice.between(0, 30),
        attended_professional: dice.between(0, 12),
        partner_orgs: dice.some_of(&ORGANISATIONS, 40),
        feedback: dice.pick(&["NONE", "PROVIDED", "RECEIVED"]),
        delivered_by: dice.some_of(&["KPOL", "STP"], 60),
        lead: dice.chance(80),
    }
}

pub fn patrol_shift(dice: &mut Dice, setting: &Setting) -> PatrolShift {
    PatrolShift {
        started_at: setting.instant(dice),
        people_engaged: dice.between(0, 40),
        ambulances_called: dice.between(0, 2),
        police_callouts: dice.between(0, 2),
        statements_given: dice.between(0, 1),
    }
}

pub fn premises_action(dice: &mut Dice, setting: &Setting) -> PremisesAction {
    PremisesAction {
        action_type: setting.code(dice),
        premises: setting.pid(dice),
        requested_on: setting.maybe_day(dice, 60),
        done_on: setting.maybe_day(dice, 85),
        removed_on: setting.maybe_day(dice, 20),
        quantity: dice.between(0, 6),
        result: dice.maybe(70, |dice| dice.pick(&["REFUSED", "SOLD", "NOT_TESTED"])),
    }
}

pub fn milestone(dice: &mut Dice, setting: &Setting) -> Milestone {
    const ACTIONS: [Code; 8] = [
        "P2.04", "P4.11", "P5.08", "2014.M1", "2014.M2", "2014.M3", "2014.M4", "2014.M5",
    ];
    Milestone {
        action_id: dice.pick(&ACTIONS),
        number: dice.between(1, 3),
        done_on: setting.maybe_day(dice, 80),
        status: dice.pick(&["DONE", "DONE", "DONE", "ON_TRACK", "DROPPED"]),
    }
}
