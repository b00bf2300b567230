//! Contacts with services: one row for a person and a day, or a headcount. What each partner returns stands in the
//! tables of the other files.

mod abuse;
mod full;
mod misuse;
mod young;

pub(super) use full::{FEED as FULL_FEED, PARTNER as FULL_PARTNER, declared, sent_at as full_sent_at};

use jiff::civil::Date;
use serde_json::{Value, json};

use super::calendar::{Rhythm, Times};
use super::cohort::{Cohort, Heads, Person, Shares, Sort, drawn};
use super::draft::{Delivery, Draft, Feed, Stage, count, counted, returned, set, text};
use super::places::{Setting, sherwood_as_typed, ward_as_typed};
use super::pseudonyms::pseudonym;
use super::random::Random;
use super::story::Produced;
use super::troubles::Mix;

/// What one partner returns.
struct Return {
    feed: Feed,
    /// Of its references.
    prefix: &'static str,
    services: &'static [Service],
}

/// One service, as it is met.
struct Service {
    code: &'static str,
    provider: &'static str,
    sort: Sort,
    modes: Shares,
    home: Home,
    rhythm: &'static Rhythm,
    /// Contacts with one person in one span, at least and at most.
    contacts: (i64, i64),
    /// What those beside the measure have instead.
    beside: (&'static str, &'static str),
    /// What becomes of a contact.
    goes_on: fn(&mut Random, Draft, Date) -> Draft,
    heads: &'static [Heads],
}

/// Where people live.
#[derive(Clone, Copy)]
enum Home {
    Anywhere,
    Sherwood,
    /// Not asked.
    Unknown,
}

const ANYBODY: Sort = Sort {
    sexes: &[("F", 50), ("M", 48), ("U", 2)],
    ages: &[("25+", 66), ("20-24", 18), ("18-19", 8), ("UNK", 8)],
};

const fn feed(name: &'static str, partner: &'static str, day: i64, mix: Mix) -> Feed {
    Feed {
        name,
        partner,
        delivery: Delivery::Monthly(day),
        date: "contact_on",
        reasons: ["ERROR", "DUPLICATE", "CONSENT"],
        before,
        mix,
    }
}

pub(super) fn produced(seed: u64) -> Vec<Produced> {
    let all = [abuse::RETURNS, young::RETURNS, misuse::RETURNS];
    let mut produced: Vec<Produced> = all
        .into_iter()
        .flatten()
        .flat_map(|of| of.produced(seed))
        .collect();
    full::restate(seed, &mut produced);
    produced
}

impl Return {
    fn produced(&'static self, seed: u64) -> Vec<Produced> {
        returned(
            &self.feed,
            seed,
            |random| self.drafts(random),
            |random| self.countable(random),
            counted(self.prefix, 100),
        )
    }

    fn drafts(&self, random: &mut Random) -> Vec<Draft> {
        let mut drafts = Vec::new();
        for service in self.services {
            let mut cohort = Cohort::default();
            for heads in service.heads {
                let people = cohort.next(random, service.sort, heads);
                service.span(random, &people, heads, &mut drafts);
            }
        }
        drafts
    }

    /// A row that would count in its service's measure.
    fn countable(&self, random: &mut Random) -> Draft {
        let Some(service) = self.services.get(random.index(self.services.len())) else {
            return Draft::new(Stage::new(Date::ZERO, Value::Null));
        };
        let heads = service.heads.get(random.index(service.heads.len()));
        let day = heads.map_or(Date::ZERO, |heads| {
            Times::new(heads.span, service.rhythm).day(random)
        });
        let person = service.sort.stranger(random);
        service.contact(random, Some(&person), day)
    }
}

impl Service {
    fn span(&self, random: &mut Random, people: &[Person], heads: &Heads, drafts: &mut Vec<Draft>) {
        let times = Times::new(heads.span, self.rhythm);
        for (row, person) in people.iter().enumerate() {
            let days = random.between(self.contacts.0, self.contacts.1);
            for contact in 0..days {
                let day = if contact == 0 {
                    times.day_no(random, row)
                } else {
                    times.day(random)
                };
                let draft = self.contact(random, Some(person), day);
                drafts.push((self.goes_on)(random, draft, day));
            }
        }
        for _ in 0..heads.beside {
            let (person, day) = (self.sort.stranger(random), times.day(random));
            let mut draft = self.contact(random, Some(&person), day);
            let (field, code) = self.beside;
            draft
                .stages
                .iter_mut()
                .for_each(|stage| set(&mut stage.body, field, code));
            drafts.push(draft);
        }
        for _ in 0..heads.unnamed {
            let day = times.day(random);
            drafts.push(self.contact(random, None, day));
        }
        for headcount in heads.tallies {
            let day = times.day(random);
            drafts.push(self.tally(random, *headcount, day));
        }
    }

    fn contact(&self, random: &mut Random, person: Option<&Person>, day: Date) -> Draft {
        let stranger = self.sort.stranger(random);
        let shown = person.unwrap_or(&stranger);
        let body = json!({
            "service": self.code,
            "provider": self.provider,
            "basis": "PERSON",
            "subject_pid": person.map(|person| person.pid.clone()),
            "headcount": 1,
            "approximate": false,
            "sex": shown.sex,
            "age_band": shown.age_band,
            "contact_on": day.to_string(),
            "mode": drawn(random, self.modes),
            "attrs": [],
            "outcome": "NONE",
            "outcome_on": null,
        });
        let ward = match self.home {
            Home::Anywhere => ward_as_typed(random, Setting::Everywhere),
            Home::Sherwood => Some(sherwood_as_typed(random)),
            Home::Unknown => None,
        };
        Draft::new(Stage::new(day, body).in_ward(ward))
    }

    /// So many people, of whom nobody knows who they were.
    fn tally(&self, random: &mut Random, headcount: i64, day: Date) -> Draft {
        let mut draft = self.contact(random, None, day);
        for stage in &mut draft.stages {
            let told = [
                ("basis", json!("TALLY")),
                ("headcount", json!(headcount)),
                ("approximate", json!(true)),
                ("sex", json!("U")),
            ];
            for (field, value) in told {
                set(&mut stage.body, field, value);
            }
        }
        draft
    }
}

/// Nothing more is heard of it.
fn as_it_is(_: &mut Random, draft: Draft, _: Date) -> Draft {
    draft
}

/// Somebody else; of a headcount ten times as many.
fn before(random: &mut Random, last: &mut Value) -> Value {
    let mut before = last.clone();
    if text(last, "basis") == "TALLY" {
        set(&mut before, "headcount", count(last, "headcount") * 10);
    } else {
        set(&mut before, "subject_pid", pseudonym(random));
    }
    before
}
