//! A record before it is told: what the partner knew of it, stage by stage.

use jiff::Timestamp;
use jiff::civil::{Date, time};
use serde_json::Value;

use super::calendar::{instant, next_monday, next_month};
use super::places::BOROUGH;
use super::random::Random;
use super::story::Produced;
use super::troubles::{Mix, lost, tell_all};

/// A feed as its rows are drawn and told.
#[derive(Debug)]
pub(super) struct Feed {
    pub(super) name: &'static str,
    pub(super) partner: &'static str,
    pub(super) delivery: Delivery,
    /// The body's field that puts a record in its place in time.
    pub(super) date: &'static str,
    /// Why the partner takes records back.
    pub(super) reasons: [&'static str; 3],
    /// What a record may have said before it was mended, given what it says in the end; another figure would come out.
    /// May mark the end as mended.
    pub(super) before: fn(&mut Random, &mut Value) -> Value,
    /// How many records meet which trouble.
    pub(super) mix: Mix,
}

/// When a partner delivers what it knows.
#[derive(Debug, Clone, Copy)]
pub(super) enum Delivery {
    /// Every Monday at seven.
    Weekly,
    /// On that day of the next month at nine.
    Monthly(i64),
}

/// What is known of a record at one time.
#[derive(Debug, Clone)]
pub(super) struct Stage {
    /// The day from which the partner knew it.
    pub(super) known_on: Date,
    /// As sent; partners of one district leave it out.
    pub(super) district: Option<&'static str>,
    /// As sent, so perhaps a name.
    pub(super) ward: Option<&'static str>,
    pub(super) body: Value,
}

/// A record: what was known of it, oldest first; the last stage is the truth.
#[derive(Debug, Clone)]
pub(super) struct Draft {
    pub(super) reference: String,
    pub(super) stages: Vec<Stage>,
    /// Whether the record stands in the end. What does not stand is drawn beyond the figures.
    pub(super) stands: bool,
}

impl Stage {
    /// Of the borough, in no known ward.
    pub(super) fn new(known_on: Date, body: Value) -> Self {
        Stage {
            known_on,
            district: Some(BOROUGH),
            ward: None,
            body,
        }
    }

    pub(super) fn in_ward(self, ward: Option<&'static str>) -> Self {
        Stage { ward, ..self }
    }
}

impl Draft {
    /// A record of one stage.
    pub(super) fn new(stage: Stage) -> Self {
        Draft {
            reference: String::new(),
            stages: vec![stage],
            stands: true,
        }
    }

    /// Goes on: from that day on it says this too.
    pub(super) fn then<const N: usize>(mut self, known_on: Date, news: [(&str, Value); N]) -> Self {
        if let Some(mut next) = self.stages.last().cloned() {
            next.known_on = next.known_on.max(known_on);
            for (field, value) in news {
                set(&mut next.body, field, value);
            }
            self.stages.push(next);
        }
        self
    }

    /// The same, to be lost on the way.
    pub(super) fn lost(self) -> Self {
        Draft {
            stands: false,
            ..self
        }
    }
}

impl Delivery {
    /// When the delivery that carries news of a day begins.
    pub(super) fn begins(self, known_on: Date) -> Timestamp {
        let (day, hour) = match self {
            Delivery::Weekly => (next_monday(known_on), 7),
            Delivery::Monthly(number) => (next_month(known_on, number), 9),
        };
        instant(day.to_datetime(time(hour, 0, 0, 0)))
    }
}

/// Gives each record its reference by `name`, in the order of their dates; within a day by chance.
pub(super) fn number(
    feed: &Feed,
    random: &mut Random,
    drafts: &mut [Draft],
    mut name: impl FnMut(&mut Random, &Value) -> String,
) {
    random.shuffle(drafts);
    let placed = |draft: &Draft| Some(draft.stages.last()?.body.get(feed.date)?.as_str()?.to_owned());
    drafts.sort_by_cached_key(placed);
    for draft in drafts {
        if let Some(stage) = draft.stages.last() {
            draft.reference = name(random, &stage.body);
        }
    }
}

/// All of a feed: what is drawn, and beside it as many countable records as get lost on the way, numbered by `name`.
pub(super) fn returned(
    feed: &Feed,
    seed: u64,
    draw: impl FnOnce(&mut Random) -> Vec<Draft>,
    countable: impl Fn(&mut Random) -> Draft,
    name: impl FnMut(&mut Random, &Value) -> String,
) -> Vec<Produced> {
    let random = &mut Random::new(seed, feed.name);
    let mut drafts = draw(random);
    for _ in 0..lost(feed.mix) {
        drafts.push(countable(random).lost());
    }
    number(feed, random, &mut drafts, name);
    tell_all(feed, random, drafts)
}

/// Names by a running number with gaps, as systems give them.
pub(super) fn counted(prefix: &'static str, from: i64) -> impl FnMut(&mut Random, &Value) -> String {
    let mut last = from;
    move |random, _| {
        last += random.between(1, 3);
        format!("{prefix}{last:05}")
    }
}

/// Sets a field of a body.
pub(super) fn set(body: &mut Value, field: &str, value: impl Into<Value>) {
    if let Some(fields) = body.as_object_mut() {
        fields.insert(field.to_owned(), value.into());
    }
}

/// A text of a body; empty if it has none.
pub(super) fn text<'b>(body: &'b Value, field: &str) -> &'b str {
    body.get(field).and_then(Value::as_str).unwrap_or_default()
}

/// A number of a body; 0 if it has none.
pub(super) fn count(body: &Value, field: &str) -> i64 {
    body.get(field).and_then(Value::as_i64).unwrap_or_default()
}
