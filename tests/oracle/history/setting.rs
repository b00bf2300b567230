//! What the records of one partner and type have in common, so that they meet: a time, a few people, a few codes.

use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use super::dice::Dice;
use crate::oracle::model::calendar::Quarter;
use crate::oracle::records::{Code, Heads, Kind, Pid};

/// Days on both sides of the ends of the periods that are compared, and of the leap days.
const EDGES: &[Date] = &[
    date(2012, 2, 29),
    date(2012, 9, 30),
    date(2012, 10, 1),
    date(2012, 12, 31),
    date(2013, 1, 1),
    date(2013, 2, 28),
    date(2013, 3, 1),
    date(2013, 3, 31),
    date(2013, 4, 1),
    date(2013, 6, 30),
    date(2013, 7, 1),
    date(2013, 9, 30),
    date(2013, 10, 1),
    date(2013, 12, 31),
    date(2014, 1, 1),
    date(2014, 3, 31),
    date(2014, 4, 1),
    date(2014, 5, 9),
    date(2014, 5, 10),
    date(2014, 6, 30),
    date(2014, 7, 1),
    date(2014, 8, 20),
    date(2014, 8, 21),
    date(2014, 9, 30),
    date(2014, 10, 1),
    date(2014, 12, 31),
    date(2015, 1, 1),
    date(2015, 2, 28),
    date(2015, 3, 31),
    date(2015, 4, 1),
    date(2015, 6, 30),
    date(2015, 7, 1),
    date(2015, 9, 30),
    date(2015, 10, 1),
    date(2015, 12, 31),
    date(2016, 1, 1),
    date(2016, 2, 28),
    date(2016, 2, 29),
    date(2016, 3, 31),
    date(2016, 4, 1),
];

/// Where those of the compared periods begin, but for calendar 2013.
const COMPARED: usize = 11;

/// The evenings whose late hours belong to the next quarter by London clocks.
const SUMMER_ENDS: &[Date] = &[
    date(2013, 6, 30),
    date(2013, 9, 30),
    date(2014, 3, 31),
    date(2014, 6, 30),
    date(2014, 9, 30),
    date(2015, 3, 31),
    date(2015, 6, 30),
    date(2015, 9, 30),
];

/// Minutes of a day by UTC, most of them near a midnight of UTC or London.
const MINUTES: &[i64] = &[0, 1, 30, 59, 60, 720, 1379, 1380, 1410, 1439];

/// Partners who share people are neighbours: with more, everybody would be a repeat of somebody.
const NEIGHBOURS: usize = 8;
const PEOPLE: u16 = 3;

pub struct Setting {
    pub kind: Kind,
    pub partner: usize,
    /// Around which most of it happens.
    anchor: Date,
    /// The codes that most records are about.
    codes: Vec<Code>,
}

impl Setting {
    pub fn draw(dice: &mut Dice, kind: Kind, partner: usize) -> Self {
        let from = if dice.chance(80) { COMPARED } else { 0 };
        let codes = scope_codes(kind);
        let codes = if codes.is_empty() {
            vec![]
        } else {
            let code = dice.pick(codes);
            vec![code, code, dice.pick(codes)]
        };
        Setting {
            kind,
            partner,
            anchor: dice.pick(&EDGES[from..]),
            codes,
        }
    }

    pub fn day(&self, dice: &mut Dice) -> Date {
        let (near, year) = (dice.between(-5, 50), dice.between(-1, 1));
        match dice.below(20) {
            0..3 => dice.pick(EDGES),
            3..11 => self.anchor.saturating_add(near.days()),
            11..14 => self.anchor,
            14..16 => self.anchor.saturating_add(1.year()).saturating_add(year.days()),
            16..19 => self.anchor.saturating_sub(1.year()).saturating_add(year.days()),
            _ => date(2012, 1, 1).saturating_add(dice.between(0, 1580).days()),
        }
    }

    /// A day that may be unknown.
    pub fn maybe_day(&self, dice: &mut Dice, percent: usize) -> Option<Date> {
        dice.maybe(percent, |dice| self.day(dice))
    }

    /// A day not before another.
    pub fn day_from(&self, dice: &mut Dice, from: Date) -> Date {
        let day = self.day(dice);
        let later = from.saturating_add(dice.between(0, 40).days());
        if day >= from { day } else { later }
    }

    pub fn instant(&self, dice: &mut Dice) -> Timestamp {
        if dice.chance(25) {
            return at_minute(dice.pick(SUMMER_ENDS), 23 * 60 + 30);
        }
        let day = self.day(dice);
        let minute = if dice.chance(70) {
            dice.pick(MINUTES)
        } else {
            i64::from(dice.between(0, 1439))
        };
        at_minute(day, minute)
    }

    pub fn quarter(&self, dice: &mut Dice) -> Quarter {
        Quarter::of(self.day(dice))
    }

    /// A code of the scope field: one of the setting's own, or any, of which one is in no filter.
    pub fn code(&self, dice: &mut Dice) -> Code {
        if dice.chance(80) {
            dice.pick(&self.codes)
        } else {
            dice.pick(scope_codes(self.kind))
        }
    }

    pub fn pid(&self, dice: &mut Dice) -> Pid {
        let person = dice.weighted(&[(60, 0), (25, 1), (15, PEOPLE - 1)]);
        if dice.chance(50) {
            Pid::P(person)
        } else {
            let shared = u16::try_from(self.partner / NEIGHBOURS).unwrap();
            Pid::M(shared * PEOPLE + person)
        }
    }

    pub fn heads(&self, dice: &mut Dice) -> Heads {
        let tally = dice.chance(25);
        // A tally may name somebody, and a person may come with a headcount: neither counts.
        let (named, headcount) = if tally { (20, 100) } else { (80, 10) };
        Heads {
            tally,
            pid: dice.maybe(named, |dice| self.pid(dice)),
            headcount: dice.maybe(headcount, |dice| dice.between(1, 5)).unwrap_or(1),
            approximate: dice.chance(if tally { 50 } else { 5 }),
        }
    }
}

fn at_minute(day: Date, minute: i64) -> Timestamp {
    day.to_zoned(TimeZone::UTC).unwrap().timestamp() + minute.minutes()
}

/// The codes of a record type's scope field: all that filters name, and one that none does.
pub fn scope_codes(kind: Kind) -> &'static [Code] {
    match kind {
        Kind::Referral => &[
            "DAVSS",
            "ASB_GROUP",
            "EHPS",
            "YISP",
            "EP",
            "KYDIS",
            "CDAP",
            "SIGNPOST",
        ],
        Kind::Engagement => &[
            "CDAP",
            "ISVA",
            "OSS",
            "HOTSPOT_OUTREACH",
            "KCC_YOUTH_OUTREACH",
            "COMM_PROJECT",
            "EHPS",
            "YISP",
            "SHERWOOD",
            "CRI_STRUCTURED",
            "KCA_YP",
            "WINTER_SHELTER",
            "WINTER_SHELTER",
            "DAVSS_HELPLINE",
            "HATE_LINE",
            "DRUG_HOME_VISIT",
            "DRR_ATR",
            "NO_FILTER_NAMES_THIS",
        ],
        Kind::FamilyCase => &["FAMILIES_FIRST", "SHERWOOD", "NO_FILTER_NAMES_THIS"],
        Kind::Order => &[
            "PUBWATCH_EXCLUSION",
            "PUBWATCH_WARNING",
            "RETAIL_EXCLUSION",
            "CIVIL_INJUNCTION",
            "HOUSING_INJUNCTION",
            "CBO",
            "DIRECTION_S27",
            "DISPERSAL_S35",
            "CPN",
        ],
        Kind::Activity => &[
            "FREEDOM_PROGRAMME",
            "SCHOOL_ED_PROJECT",
            "PED_CYCLE_PROGRAMME",
            "RS_CAMPAIGN",
            "RS_SESSION_YP",
            "RS_CENTRE_SESSION",
            "RSW_PRESENTATION",
            "RSW_ACTIVITY",
            "LICENSING_TRAINING",
            "SAFETY_IN_ACTION",
            "DUST_TRAINING",
            "DOORSTEP_CRIME_TALK",
            "SAFE_PROJECT_SESSION",
            "ACT2014_TRAINING",
            "GREEN_CROSS_TALK",
            "NO_FILTER_NAMES_THIS",
        ],
        Kind::PremisesAction => &[
            "SANCTUARY",
            "NOISE_MONITOR",
            "SSA_AWARD",
            "TEST_PURCHASE",
            "VICTIM_VISIT",
            "SHED_ALARM",
            "NO_FILTER_NAMES_THIS",
        ],
        _ => &[],
    }
}
