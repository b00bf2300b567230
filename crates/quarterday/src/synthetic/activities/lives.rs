//! The life of one activity: booked or offered, then held, completed or cancelled.

use jiff::civil::Date;
use serde_json::json;

use super::super::calendar::{OFFICE, Times, add_days};
use super::super::draft::{Draft, Stage, set};
use super::super::places::{Setting, ward_as_typed};
use super::super::random::Random;
use super::kinds::{Dates, Kind, Run};

impl Kind {
    pub(super) fn run(&self, random: &mut Random, run: &Run, drafts: &mut Vec<Draft>) {
        let times = Times::new(run.span, &OFFICE);
        let sessions = i64::try_from(run.times).unwrap_or(0).max(run.sessions);
        for (row, sessions) in random
            .shares(sessions, run.times, (1, 40))
            .into_iter()
            .enumerate()
        {
            let feedback = if row < run.fed { self.feedback } else { "NONE" };
            let day = times.day_no(random, row);
            drafts.push(self.activity(random, day, sessions, feedback));
        }
        for _ in 0..run.cancelled {
            let day = times.day(random);
            let mut draft = self.activity(random, day, 1, "NONE");
            draft.stages.truncate(1);
            drafts.push(draft.then(day, [("status", json!("CANCELLED"))]));
        }
        for _ in 0..run.assisted {
            let day = times.day(random);
            let mut draft = self.activity(random, day, 3, self.feedback);
            draft
                .stages
                .iter_mut()
                .for_each(|stage| set(&mut stage.body, "lead", false));
            drafts.push(draft);
        }
    }

    pub(super) fn activity(&self, random: &mut Random, day: Date, sessions: i64, feedback: &str) -> Draft {
        let (held_on, ended_on) = match self.dates {
            Dates::Held(days) => (day, add_days(day, days)),
            Dates::Completed(days) => (add_days(day, -random.between(0, days)), day),
            Dates::Offered => return self.offered(random, day),
        };
        let booked_on = add_days(held_on, -random.between(14, 40));
        let mut booked = self.booked(random, booked_on);
        for stage in &mut booked.stages {
            set(&mut stage.body, "sessions", sessions);
        }
        let [young, adults, professionals] = self.people.map(|most| random.between(most * 2 / 3, most));
        let held = booked.then(
            held_on,
            [
                ("status", json!("HELD")),
                ("held_on", json!(held_on.to_string())),
                ("attended_young", json!(young)),
                ("attended_adult", json!(adults)),
                ("attended_professional", json!(professionals)),
                ("partner_orgs", json!(self.some_organisations(random))),
                ("feedback", json!(feedback)),
            ],
        );
        if matches!(self.dates, Dates::Held(0)) {
            return held;
        }
        held.then(
            ended_on,
            [
                ("status", json!("COMPLETED")),
                ("ended_on", json!(ended_on.to_string())),
            ],
        )
    }

    /// Offered; every other one was held.
    fn offered(&self, random: &mut Random, day: Date) -> Draft {
        let mut offered = self.booked(random, day);
        for stage in &mut offered.stages {
            set(&mut stage.body, "status", "OFFERED");
            set(&mut stage.body, "offered_on", day.to_string());
        }
        let held_on = add_days(day, random.between(7, 40));
        match random.below(10) {
            0..5 => offered.then(
                held_on,
                [
                    ("status", json!("HELD")),
                    ("held_on", json!(held_on.to_string())),
                    ("attended_professional", json!(random.between(5, 20))),
                ],
            ),
            5..7 => offered.then(held_on, [("status", json!("CANCELLED"))]),
            7 => offered.then(held_on, [("status", json!("BOOKED"))]),
            _ => offered,
        }
    }

    fn booked(&self, random: &mut Random, known_on: Date) -> Draft {
        let body = json!({
            "type": self.of,
            "title": self.title,
            "audience": self.audience,
            "offered_on": null,
            "held_on": null,
            "ended_on": null,
            "status": "BOOKED",
            "sessions": 1,
            "attended_young": 0,
            "attended_adult": 0,
            "attended_professional": 0,
            "partner_orgs": self.organisations,
            "feedback": "NONE",
            "delivered_by": self.by,
            "lead": true,
        });
        let ward = ward_as_typed(random, Setting::Everywhere);
        Draft::new(Stage::new(known_on, body).in_ward(ward))
    }

    /// Two of three came, the first always.
    fn some_organisations(&self, random: &mut Random) -> Vec<&'static str> {
        let mut came: Vec<&str> = self.organisations.iter().take(1).copied().collect();
        let others = self.organisations.iter().skip(1);
        came.extend(others.filter(|_| random.percent(66)));
        came
    }
}
