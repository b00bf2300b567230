//! Referrals that other partners than DAVSS and the wardens return: by the Community Safety Unit and to its sub-group, to
//! early help, to KYDIS, to Environmental Protection and to the programme for men. Who refers whom stands in the tables.

mod tables;

use jiff::civil::Date;
use serde_json::{Value, json};

use super::calendar::{OFFICE, Times, add_days};
use super::cohort::{Cohort, Heads, Person, Shares, Sort, drawn};
use super::draft::{Delivery, Draft, Feed, Stage, count, counted, returned, set, text};
use super::places::{Setting, ward_as_typed};
use super::pseudonyms::pseudonym;
use super::random::Random;
use super::story::Produced;
use super::troubles::Mix;

/// What one partner returns.
struct Return {
    feed: Feed,
    prefix: &'static str,
    routes: &'static [Route],
}

/// One way that people are referred.
struct Route {
    to: &'static str,
    from: Shares,
    kind: &'static str,
    repeat: bool,
    sort: Sort,
    /// The field and code of referrals on this way that the measure does not count.
    beside: (&'static str, &'static str),
    heads: &'static [Heads],
}

const fn feed(name: &'static str, partner: &'static str, day: i64, mix: Mix) -> Feed {
    Feed {
        name,
        partner,
        delivery: Delivery::Monthly(day),
        date: "referred_on",
        reasons: ["ERROR", "DUPLICATE", "CONSENT"],
        before,
        mix,
    }
}

pub(super) fn produced(seed: u64) -> Vec<Produced> {
    tables::RETURNS.iter().flat_map(|of| of.produced(seed)).collect()
}

impl Return {
    fn produced(&'static self, seed: u64) -> Vec<Produced> {
        returned(
            &self.feed,
            seed,
            |random| self.drafts(random),
            |random| self.countable(random),
            counted(self.prefix, 40),
        )
    }

    fn drafts(&self, random: &mut Random) -> Vec<Draft> {
        let mut drafts = Vec::new();
        for route in self.routes {
            let mut cohort = Cohort::default();
            for heads in route.heads {
                let people = cohort.next(random, route.sort, heads);
                route.span(random, &people, heads, &mut drafts);
            }
        }
        drafts
    }

    fn countable(&self, random: &mut Random) -> Draft {
        let Some(route) = self.routes.get(random.index(self.routes.len())) else {
            return Draft::new(Stage::new(Date::ZERO, Value::Null));
        };
        let heads = route.heads.get(random.index(route.heads.len()));
        let day = heads.map_or(Date::ZERO, |heads| Times::new(heads.span, &OFFICE).day(random));
        let person = route.sort.stranger(random);
        route.referral(random, Some(&person), day)
    }
}

impl Route {
    fn span(&self, random: &mut Random, people: &[Person], heads: &Heads, drafts: &mut Vec<Draft>) {
        let times = Times::new(heads.span, &OFFICE);
        for (row, person) in people.iter().enumerate() {
            let day = times.day_no(random, row);
            drafts.push(self.referral(random, Some(person), day));
            // The same person again in one quarter is another referral.
            if row > 2 && random.percent(10) && self.to == "ASB_GROUP" {
                let again = times.day(random);
                drafts.push(self.referral(random, Some(person), again));
            }
        }
        for _ in 0..heads.beside {
            let (person, day) = (self.sort.stranger(random), times.day(random));
            let draft = self.referral(random, Some(&person), day);
            drafts.push(with(draft, &[(self.beside.0, json!(self.beside.1))]));
        }
        for _ in 0..heads.unnamed {
            let day = times.day(random);
            drafts.push(self.referral(random, None, day));
        }
        for headcount in heads.tallies {
            let day = times.day(random);
            let draft = self.referral(random, None, day);
            let tally = [("basis", json!("TALLY")), ("headcount", json!(headcount))];
            drafts.push(with(draft, &tally));
        }
    }

    fn referral(&self, random: &mut Random, person: Option<&Person>, day: Date) -> Draft {
        let body = json!({
            "to_service": self.to,
            "from_agency": drawn(random, self.from),
            "basis": "PERSON",
            "subject_pid": person.map(|person| person.pid.clone()),
            "headcount": 1,
            "approximate": false,
            "subject_kind": self.kind,
            "sex": person.map_or("U", |person| person.sex),
            "age_band": person.map_or("UNK", |person| person.age_band),
            "repeat": self.repeat,
            "referred_on": day.to_string(),
            "risk": null,
            "risk_at_dealt": null,
            "risk_tool": "NONE",
            "ticks": null,
            "status": "RECEIVED",
            "dealt_on": null,
            "closed_on": null,
        });
        let ward = ward_as_typed(random, Setting::Streets);
        let draft = Draft::new(Stage::new(day, body).in_ward(ward));
        if random.percent(70) {
            return draft;
        }
        let accepted_on = add_days(day, random.between(10, 60));
        draft.then(accepted_on, [("status", json!("ACCEPTED"))])
    }
}

fn with(mut draft: Draft, news: &[(&str, Value)]) -> Draft {
    for stage in &mut draft.stages {
        for (field, value) in news {
            set(&mut stage.body, field, value.clone());
        }
    }
    draft
}

/// Somebody else, or of a headcount more.
fn before(random: &mut Random, last: &mut Value) -> Value {
    let mut before = last.clone();
    if text(last, "basis") == "TALLY" {
        set(&mut before, "headcount", count(last, "headcount") + 20);
    } else {
        set(&mut before, "subject_pid", pseudonym(random));
    }
    before
}
