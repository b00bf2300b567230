//! Random contents of the record types of the police.

use super::dice::Dice;
use super::setting::Setting;
use crate::oracle::records::{Arrest, Code, PoliceIncident, RecordedCrime};

pub fn recorded_crime(dice: &mut Dice, setting: &Setting) -> RecordedCrime {
    const STRANDS: [Code; 3] = ["RACE", "RELIGION", "DISABILITY"];
    RecordedCrime {
        recorded_on: setting.day(dice),
        ho_group: dice.maybe(85, |dice| dice.pick(&["THSG", "VAP", "BURGLARY"])),
        ho_subgroup: dice.maybe(70, |dice| dice.pick(&["SHOPLIFTING", "OTHER"])),
        hate_strands: dice.some_of(&STRANDS, 25),
        status: dice.pick(&["RECORDED", "RECORDED", "RECLASSIFIED", "CANCELLED"]),
    }
}

pub fn police_incident(dice: &mut Dice, setting: &Setting) -> PoliceIncident {
    PoliceIncident {
        reported_at: setting.instant(dice),
        incident_kind: dice.pick(&["DA", "DA", "ASB"]),
        gang_linked: dice.chance(60),
        victim: dice.maybe(85, |dice| setting.pid(dice)),
    }
}

pub fn arrest(dice: &mut Dice, setting: &Setting) -> Arrest {
    Arrest {
        arrested_on: setting.day(dice),
        alcohol_offence_no: dice.maybe(70, |dice| dice.pick(&[0, 1, 6, 11, 12])),
        gang_nominal: dice.chance(70),
        charged_on: setting.maybe_day(dice, 70),
    }
}
