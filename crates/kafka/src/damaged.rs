//! Record batches that are damaged where a broker keeps them: their checksum does not fit any more. A client that checks it
//! (`check.crcs`) gives an error in their place, and may stay there for ever. So whoever meets one asks here how far it reaches,
//! and goes on behind it: what was in it cannot be read any more, and nobody may take it for something else.

mod raw;

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use crate::positions::TopicPartition;
use crate::read::STALL_LIMIT;
use crate::{Error, KafkaSettings};
use raw::{First, Raw};

/// How long a client must have said nothing of an offset that it has asked a broker for.
const SILENCE: Duration = Duration::from_secs(5);

/// Offsets whose messages cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Damage {
    /// The topic.
    pub topic: String,
    /// The partition.
    pub partition: i32,
    /// The first of them.
    pub first: i64,
    /// The first offset behind them.
    pub next: i64,
}

/// Of these partitions those at whose offsets, or at the first that there is behind, a damaged batch begins or goes on. Asks over
/// connections of its own; blocks.
///
/// # Errors
/// Kafka does not answer.
pub fn find(settings: &KafkaSettings, from: &BTreeMap<TopicPartition, i64>) -> Result<Vec<Damage>, Error> {
    let mut batches = Vec::new();
    for (place, first) in first_of_each(settings, from)? {
        let (base, is_foreign) = match first {
            First::Message(_) | First::Nothing => continue,
            First::Damaged(base) => (base, false),
            First::Foreign(base) => (base, true),
        };
        let next = Raw::new(settings)?.end(&place)?;
        batches.push(Batch {
            place,
            base,
            is_foreign,
            inside: base,
            next,
            stride: 1,
        });
    }
    narrow(settings, &mut batches)?;
    let damage = |batch: Batch| {
        let first = from
            .get(&batch.place)
            .copied()
            .map_or(batch.base, |from| from.max(batch.base));
        let (topic, partition) = batch.place;
        Damage {
            topic,
            partition,
            first,
            next: batch.next.max(first.saturating_add(1)),
        }
    };
    Ok(batches.into_iter().map(damage).collect())
}

/// Asks until it is known of each batch where it ends: all are asked about at once.
fn narrow(settings: &KafkaSettings, batches: &mut [Batch]) -> Result<(), Error> {
    loop {
        let questions: BTreeMap<_, _> = batches
            .iter()
            .filter_map(|batch| Some((batch.place.clone(), batch.question()?)))
            .collect();
        if questions.is_empty() {
            return Ok(());
        }
        let (foreign, others): (Vec<&Batch>, Vec<&Batch>) =
            batches.iter().partition(|batch| batch.is_foreign);
        let of = |batches: &[&Batch]| -> BTreeMap<TopicPartition, i64> {
            let asked = batches
                .iter()
                .filter_map(|batch| questions.get_key_value(&batch.place));
            asked.map(|(place, offset)| (place.clone(), *offset)).collect()
        };
        let mut answers = first_of_each(settings, &of(&others))?;
        answers.extend(first_or_silence(settings, &of(&foreign), &foreign)?);
        for batch in &mut *batches {
            if let (Some(asked), Some(answer)) = (questions.get(&batch.place), answers.get(&batch.place)) {
                batch.answered(*asked, *answer);
            }
        }
    }
}

/// The answers about batches of a foreign version. From their second offset on a client says nothing of them: silence means that the offset
/// is still in the batch, if the same broker speaks of its first offset at the same time.
fn first_or_silence(
    settings: &KafkaSettings,
    questions: &BTreeMap<TopicPartition, i64>,
    batches: &[&Batch],
) -> Result<BTreeMap<TopicPartition, First>, Error> {
    if questions.is_empty() {
        return Ok(BTreeMap::new());
    }
    let mut answers = first_within(settings, questions, SILENCE)?;
    let silent = batches.iter().filter(|batch| !answers.contains_key(&batch.place));
    let bases: BTreeMap<TopicPartition, i64> =
        silent.map(|batch| (batch.place.clone(), batch.base)).collect();
    for (place, first) in first_of_each(settings, &bases)? {
        answers.insert(place, first);
    }
    Ok(answers)
}

/// A batch that cannot be read, and what is known of its end.
struct Batch {
    place: TopicPartition,
    /// Its first offset.
    base: i64,
    /// Not even its version is known.
    is_foreign: bool,
    /// The last offset that is known to be of it.
    inside: i64,
    /// The first offset that is known not to be of it; the end of the log at first.
    next: i64,
    /// How far to look at most: a batch is short, and the log may be long.
    stride: i64,
}

impl Batch {
    /// The offset to ask for next; none when its end is known. Nothing is asked for beyond the end of the log: a client would begin at the
    /// log's first message instead.
    fn question(&self) -> Option<i64> {
        let unknown = self.next - self.inside;
        (unknown > 1).then_some(self.inside + self.stride.min(unknown / 2))
    }

    /// A batch that cannot be read is found by each of its offsets.
    fn answered(&mut self, asked: i64, first: First) {
        match first {
            First::Damaged(base) | First::Foreign(base) if base == self.base => {
                self.inside = asked;
                self.stride = self.stride.saturating_mul(2);
            }
            _ => self.next = asked,
        }
    }
}

/// What each of these partitions gives first from its offset on. Each question is asked by a client of its own: one that begins a
/// paused partition anew may lose the answer, and librdkafka says that a partition ends only once.
fn first_of_each(
    settings: &KafkaSettings,
    from: &BTreeMap<TopicPartition, i64>,
) -> Result<BTreeMap<TopicPartition, First>, Error> {
    let firsts = first_within(settings, from, STALL_LIMIT)?;
    match from.iter().find(|(place, _)| !firsts.contains_key(*place)) {
        None => Ok(firsts),
        Some(((topic, partition), offset)) => Err(Error::Stalled {
            topic: topic.clone(),
            partition: *partition,
            offset: *offset,
            waited: STALL_LIMIT,
        }),
    }
}

/// The same of those that say something within a time.
fn first_within(
    settings: &KafkaSettings,
    from: &BTreeMap<TopicPartition, i64>,
    limit: Duration,
) -> Result<BTreeMap<TopicPartition, First>, Error> {
    let mut firsts = BTreeMap::new();
    if from.is_empty() {
        return Ok(firsts);
    }
    let raw = Raw::new(settings)?;
    raw.assign(from)?;
    let began = Instant::now();
    while firsts.len() < from.len() && began.elapsed() < limit {
        if let Some((place, first)) = raw.poll()?
            && from.contains_key(&place)
            && !firsts.contains_key(&place)
        {
            // What comes behind is not asked for.
            raw.pause(&place)?;
            firsts.insert(place, first);
        }
    }
    Ok(firsts)
}
