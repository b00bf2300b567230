//! Courses, talks, campaigns, sessions and trainings: booked, held, completed or cancelled; some together with another
//! partner, whose row does not count. What each partner returns stands in the tables of the other files.

mod kinds;
mod lives;
mod others;
mod roads;

use jiff::civil::Date;
use serde_json::Value;

use super::calendar::{OFFICE, Times};
use super::draft::{Delivery, Draft, Feed, Stage, count, counted, returned, set};
use super::random::Random;
use super::story::Produced;
use super::troubles::Mix;
use kinds::{Dates, Kind, kind, run};

/// What one partner returns.
struct Return {
    feed: Feed,
    prefix: &'static str,
    /// The first is the one that rows are drawn of that get lost.
    kinds: &'static [Kind],
}

const fn feed(name: &'static str, partner: &'static str, mix: Mix) -> Feed {
    Feed {
        name,
        partner,
        delivery: Delivery::Monthly(12),
        date: "held_on",
        reasons: ["ERROR", "DUPLICATE", "ERROR"],
        before,
        mix,
    }
}

pub(super) fn produced(seed: u64) -> Vec<Produced> {
    let all = [roads::RETURNS, others::RETURNS];
    all.into_iter()
        .flatten()
        .flat_map(|of| of.produced(seed))
        .collect()
}

impl Return {
    fn produced(&'static self, seed: u64) -> Vec<Produced> {
        returned(
            &self.feed,
            seed,
            |random| self.drafts(random),
            |random| self.countable(random),
            counted(self.prefix, 0),
        )
    }

    fn drafts(&self, random: &mut Random) -> Vec<Draft> {
        let mut drafts = Vec::new();
        for kind in self.kinds {
            for run in kind.runs {
                kind.run(random, run, &mut drafts);
            }
        }
        drafts
    }

    fn countable(&self, random: &mut Random) -> Draft {
        let run = self.kinds.first().and_then(|kind| {
            let run = kind.runs.get(random.index(kind.runs.len()))?;
            Some((kind, run.span))
        });
        match run {
            Some((kind, span)) => {
                let day = Times::new(span, &OFFICE).day(random);
                kind.activity(random, day, 2, kind.feedback)
            }
            None => Draft::new(Stage::new(Date::ZERO, Value::Null)),
        }
    }
}

/// Somebody else led it, and the number of people was in the wrong column.
fn before(_: &mut Random, last: &mut Value) -> Value {
    let mut before = last.clone();
    set(&mut before, "lead", false);
    set(&mut before, "sessions", count(last, "sessions") + 15);
    before
}
