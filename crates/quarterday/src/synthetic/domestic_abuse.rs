//! Incidents of domestic abuse and their victims: who was a victim before, and when, decides R35 and R36.

use jiff::Span as Lapse;
use jiff::civil::{Date, DateTime, date};
use serde_json::json;

use super::calendar::{ANY_TIME, Times, add_days, edges, instant};
use super::draft::{Draft, Stage};
use super::places::{NEIGHBOURS, Setting, ward_code};
use super::pseudonyms::pseudonym;
use super::random::Random;
use super::targets::{
    DA_INCIDENTS, DA_INCIDENTS_BEFORE, DA_REPEAT_VICTIMS, DA_VICTIMS, HALF_AFTER, PLAN_FIRST, PLAN_SECOND,
    Span, YEAR, YEAR_BEFORE,
};

/// Victims whose one incident of the year follows one of the year before.
const AFTER_THE_YEAR_BEFORE: usize = 70;
/// Victims whose one incident of the year follows one in another district.
const AFTER_ANOTHER_DISTRICT: usize = 6;
/// Victims of an earlier incident that is more than twelve months away.
const TOO_LONG_AGO: usize = 40;
/// Victims of one incident that two people reported at the same instant: none was earlier.
const REPORTED_TWICE: usize = 2;
/// Other victims of the year before.
const VICTIMS_BEFORE: usize = 900;
/// In no figure.
const AFTERWARDS: [(Span, usize); 3] = [(HALF_AFTER, 100), (PLAN_FIRST, 40), (PLAN_SECOND, 40)];

/// What is drawn, and the victims of one incident in the first half of the year: a later one of theirs that counted
/// would make them repeat victims.
pub(super) struct Incidents {
    pub(super) drafts: Vec<Draft>,
    pub(super) once: Vec<(String, Date)>,
}

pub(super) fn incidents(random: &mut Random) -> Incidents {
    let mut all = Incidents {
        drafts: Vec::new(),
        once: Vec::new(),
    };
    all.first_victims(random);
    all.repeat_victims(random);
    all.year_before(random);
    for (span, incidents) in AFTERWARDS {
        let times = Times::new(span, &ANY_TIME);
        for _ in 0..incidents {
            let (victim, at) = (pseudonym(random), times.draw(random));
            all.happened(random, &victim, at);
        }
    }
    all
}

impl Incidents {
    fn happened(&mut self, random: &mut Random, victim: &str, at: DateTime) {
        self.drafts.push(incident(random, victim, at));
    }

    /// Victims who are no repeat victims.
    fn first_victims(&mut self, random: &mut Random) {
        let times = Times::new(YEAR, &ANY_TIME);
        let late = Times::new(Span::new(date(2014, 1, 1), YEAR.last), &ANY_TIME);
        let mut edges = edges(YEAR).into_iter();
        for number in 0..DA_VICTIMS - DA_REPEAT_VICTIMS {
            let victim = pseudonym(random);
            if number < TOO_LONG_AGO {
                let now = late.draw(random);
                self.too_long_ago(random, &victim, now, number == 0);
                continue;
            }
            let at = edges.next().unwrap_or_else(|| times.draw(random));
            self.happened(random, &victim, at);
            if number < TOO_LONG_AGO + REPORTED_TWICE {
                self.happened(random, &victim, at);
            } else if at.date() < date(2014, 4, 1) {
                self.once.push((victim, at.date()));
            }
        }
    }

    /// The year-long look back just misses the earlier one.
    fn too_long_ago(&mut self, random: &mut Random, victim: &str, now: DateTime, by_a_day: bool) {
        let days = if by_a_day { 1 } else { random.between(2, 60) };
        let earlier = add_days(now.date().saturating_sub(Lapse::new().years(1)), -days);
        self.happened(random, victim, earlier.to_datetime(now.time()));
        self.happened(random, victim, now);
    }

    fn repeat_victims(&mut self, random: &mut Random) {
        let others = AFTER_THE_YEAR_BEFORE + AFTER_ANOTHER_DISTRICT;
        let first = DA_VICTIMS - DA_REPEAT_VICTIMS + REPORTED_TWICE;
        let incidents = i64::try_from(DA_INCIDENTS - first - others).unwrap_or_default();
        let times = Times::new(YEAR, &ANY_TIME);
        for times_hurt in random.shares(incidents, DA_REPEAT_VICTIMS - others, (2, 9)) {
            let victim = pseudonym(random);
            for _ in 0..times_hurt {
                let at = times.draw(random);
                self.happened(random, &victim, at);
            }
        }
        let spring = Times::new(Span::new(date(2013, 1, 1), YEAR_BEFORE.last), &ANY_TIME);
        for number in 0..others {
            let victim = pseudonym(random);
            let earlier = spring.draw(random);
            let now = within_twelve_months(random, earlier, number == 0);
            self.happened(random, &victim, earlier);
            self.happened(random, &victim, now);
            if number >= AFTER_THE_YEAR_BEFORE {
                let district = random.pick(&NEIGHBOURS);
                let earlier = self.drafts.len() - 2;
                for stage in self
                    .drafts
                    .get_mut(earlier)
                    .into_iter()
                    .flat_map(|draft| &mut draft.stages)
                {
                    stage.district = Some(district);
                    stage.ward = None;
                }
            }
        }
    }

    /// The rest of the year before.
    fn year_before(&mut self, random: &mut Random) {
        let incidents = DA_INCIDENTS_BEFORE - AFTER_THE_YEAR_BEFORE - TOO_LONG_AGO;
        let incidents = i64::try_from(incidents).unwrap_or_default();
        let times = Times::new(YEAR_BEFORE, &ANY_TIME);
        for times_hurt in random.shares(incidents, VICTIMS_BEFORE, (1, 6)) {
            let victim = pseudonym(random);
            for _ in 0..times_hurt {
                let at = times.draw(random);
                self.happened(random, &victim, at);
            }
        }
    }
}

/// A moment of the year for who was a victim in the year before; or the one that is a year later, to the day.
fn within_twelve_months(random: &mut Random, earlier: DateTime, to_the_day: bool) -> DateTime {
    let least = earlier
        .date()
        .until(YEAR.first)
        .map_or(1, |lapse| i64::from(lapse.get_days()))
        .max(1);
    let days = random.between(least, 360);
    let now = if to_the_day {
        earlier.date().saturating_add(Lapse::new().years(1))
    } else {
        add_days(earlier.date(), days)
    };
    // Later in the day: the day decides, not the hour.
    now.to_datetime(jiff::civil::time(23, 15, 0, 0).max(earlier.time()))
}

pub(super) fn incident(random: &mut Random, victim: &str, at: DateTime) -> Draft {
    let body = json!({
        "reported_at": instant(at).to_string(),
        "kind": "DA",
        "nsir": null,
        "category": null,
        "gang_linked": false,
        "victim_pid": victim,
        "crime_ref": null,
    });
    let ward = ward_code(random, Setting::Everywhere);
    Draft::new(Stage::new(at.date(), body).in_ward(ward))
}
