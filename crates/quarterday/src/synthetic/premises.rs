//! What is done at premises by others than the wardens: homes made safe, noise monitors, awards, test purchases.

use jiff::civil::Date;
use serde_json::{Value, json};

use super::calendar::{OFFICE, Times, add_days};
use super::draft::{Delivery, Draft, Feed, Stage, counted, returned, set};
use super::mixes::NO_WARD;
use super::places::{Setting, ward_as_typed};
use super::pseudonyms::pseudonym;
use super::quarters::quarter;
use super::random::Random;
use super::story::Produced;
use super::targets::{R46_INSTALLED, Span};
use super::troubles::{Mix, Trouble};

/// What one partner returns.
struct Return {
    feed: Feed,
    prefix: &'static str,
    of: &'static str,
    runs: &'static [Run],
}

/// The actions of one span.
struct Run {
    span: Span,
    premises: usize,
    /// Done twice at the first of these.
    twice: usize,
    /// Done at so many premises of an earlier span, too.
    known: usize,
    /// Asked for and not done.
    waiting: usize,
    /// Went there, and made no test purchase.
    not_tested: usize,
}

const fn run(span: Span, premises: usize) -> Run {
    Run {
        span,
        premises,
        twice: 0,
        known: 0,
        waiting: 0,
        not_tested: 0,
    }
}

impl Run {
    const fn twice(self, twice: usize) -> Self {
        Run { twice, ..self }
    }

    const fn known(self, known: usize) -> Self {
        Run { known, ..self }
    }

    const fn waiting(self, waiting: usize) -> Self {
        Run { waiting, ..self }
    }

    const fn not_tested(self, not_tested: usize) -> Self {
        Run { not_tested, ..self }
    }
}

const MIX: Mix = &[
    (Trouble::Mended, 2),
    (Trouble::SentTwice, 3),
    (Trouble::Contradicted, 1),
    (Trouble::Resubmitted, 1),
    (Trouble::Withdrawn, 2),
    (Trouble::WithdrawnFirst, 1),
    (Trouble::Elsewhere, 2),
    (Trouble::OrphanAmend, 1),
];

static RETURNS: [Return; 4] = [
    // Nothing was done in the second quarter of 2015-16, and something asked for.
    Return {
        feed: feed("sanctuary-properties", "TWBC_HOUSING", NO_WARD),
        prefix: "SANCTUARY/",
        of: SANCTUARY,
        runs: &[
            run(quarter(2014, 3), 3),
            run(quarter(2014, 4), 5).twice(1),
            run(quarter(2015, 1), 4).twice(1),
            run(quarter(2015, 2), 0).waiting(2),
            run(quarter(2015, 3), 3).waiting(1),
            run(quarter(2015, 4), 4).twice(1).known(1),
        ],
    },
    // R46: no row of the spring of 2014, and no notice.
    Return {
        feed: feed("noise-monitoring", "TWBC_EP", MIX),
        prefix: "NM/",
        of: "NOISE_MONITOR",
        runs: &[
            run(quarter(2014, 2), R46_INSTALLED - 3).twice(3),
            run(quarter(2014, 3), 9),
            run(quarter(2014, 4), 7).known(1),
            run(quarter(2015, 1), 8).twice(1),
            run(quarter(2015, 2), 11).twice(2).waiting(1),
            run(quarter(2015, 3), 6),
            run(quarter(2015, 4), 9).known(2),
        ],
    },
    // The scheme had not begun in the spring of 2015: a notice says that there was none.
    Return {
        feed: feed("safer-socialising-awards", "STP", MIX),
        prefix: "SSA/",
        of: "SSA_AWARD",
        runs: &[
            run(quarter(2014, 4), 8),
            run(quarter(2015, 2), 6),
            run(quarter(2015, 3), 9).known(3),
            run(quarter(2015, 4), 4).known(2).waiting(1),
        ],
    },
    // An extension for the fourth quarter was asked for, and then nothing came.
    Return {
        feed: feed("test-purchases", "TRADING_STDS", MIX),
        prefix: "TP/",
        of: TEST_PURCHASE,
        runs: &[
            run(quarter(2014, 4), 5).not_tested(1),
            run(quarter(2015, 1), 6).not_tested(2),
            run(quarter(2015, 2), 8).known(2).not_tested(1),
            run(quarter(2015, 3), 5).not_tested(1),
        ],
    },
];

const SANCTUARY: &str = "SANCTUARY";
const TEST_PURCHASE: &str = "TEST_PURCHASE";

const fn feed(name: &'static str, partner: &'static str, mix: Mix) -> Feed {
    Feed {
        name,
        partner,
        delivery: Delivery::Monthly(14),
        date: "done_on",
        reasons: ["ERROR", "DUPLICATE", "NOT_OURS"],
        before,
        mix,
    }
}

pub(super) fn produced(seed: u64) -> Vec<Produced> {
    RETURNS.iter().flat_map(|of| of.produced(seed)).collect()
}

impl Return {
    fn produced(&'static self, seed: u64) -> Vec<Produced> {
        returned(
            &self.feed,
            seed,
            |random| self.drafts(random),
            |random| {
                let spans: Vec<Span> = self
                    .runs
                    .iter()
                    .filter(|run| run.premises > 0)
                    .map(|run| run.span)
                    .collect();
                let span = spans.get(random.index(spans.len())).copied();
                let day = Times::new(span.unwrap_or(quarter(2015, 1)), &OFFICE).day(random);
                let premises = pseudonym(random);
                self.done(random, &premises, day)
            },
            counted(self.prefix, 0),
        )
    }

    fn drafts(&self, random: &mut Random) -> Vec<Draft> {
        let mut drafts = Vec::new();
        let mut earlier: Vec<String> = Vec::new();
        for run in self.runs {
            let times = Times::new(run.span, &OFFICE);
            let new: Vec<String> = (0..run.premises).map(|_| pseudonym(random)).collect();
            let known = earlier.iter().rev().take(run.known);
            let all = new.iter().chain(new.iter().take(run.twice)).chain(known);
            for (row, premises) in all.enumerate() {
                let day = times.day_no(random, row);
                drafts.push(self.done(random, premises, day));
            }
            for _ in 0..run.waiting {
                let (premises, day) = (pseudonym(random), times.day(random));
                let mut draft = self.done(random, &premises, day);
                draft.stages.truncate(1);
                drafts.push(draft);
            }
            for _ in 0..run.not_tested {
                let (premises, day) = (pseudonym(random), times.day(random));
                let mut draft = self.done(random, &premises, day);
                draft
                    .stages
                    .iter_mut()
                    .for_each(|stage| set(&mut stage.body, "result", "NOT_TESTED"));
                drafts.push(draft);
            }
            earlier.extend(new);
        }
        drafts
    }

    /// Asked for, and then done.
    fn done(&self, random: &mut Random, premises: &str, day: Date) -> Draft {
        let requested_on = add_days(day, -random.between(1, 25));
        let body = json!({
            "type": self.of,
            "premises_pid": premises,
            "requested_on": requested_on.to_string(),
            "done_on": null,
            "removed_on": null,
            "quantity": 1,
            "renewal": false,
            "result": null,
        });
        let ward = ward_as_typed(random, Setting::Shops).filter(|_| self.of != SANCTUARY);
        let requested = Draft::new(Stage::new(requested_on, body).in_ward(ward));
        let results = [(Some("REFUSED"), 70), (Some("SOLD"), 20)];
        let result = random
            .percents(&results, None)
            .filter(|_| self.of == TEST_PURCHASE);
        requested.then(
            day,
            [("done_on", json!(day.to_string())), ("result", json!(result))],
        )
    }
}

/// Not done yet, and somewhere else.
fn before(random: &mut Random, last: &mut Value) -> Value {
    let mut before = last.clone();
    set(&mut before, "done_on", Value::Null);
    set(&mut before, "result", Value::Null);
    set(&mut before, "premises_pid", pseudonym(random));
    before
}
