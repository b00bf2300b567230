//! Record batches that are damaged where a broker keeps them: their checksum does not fit any more. A client that checks it
//! (`check.crcs`) gives an error in their place, and may stay there for ever. So whoever meets one asks here how far it reaches,
//! and goes on behind it: what was in it cannot be read any more, and nobody may take it for something else.

mod raw;

use std::collections::BTreeMap;
use std::time::Instant;

use crate::positions::TopicPartition;
use crate::read::STALL_LIMIT;
use crate::{Error, KafkaSettings};
use raw::{First, Raw};

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
/// a connection of its own; blocks.
///
/// # Errors
/// Kafka does not answer.
pub fn find(settings: &KafkaSettings, from: &BTreeMap<TopicPartition, i64>) -> Result<Vec<Damage>, Error> {
    let raw = Raw::new(settings)?;
    let mut found = Vec::new();
    for (place, first) in first_of_each(&raw, from)? {
        let next = match first {
            First::Message(_) | First::Nothing => continue,
            First::Damaged(base) => end_of_batch(&raw, &place, base)?,
            First::Foreign(base) => next_readable(&raw, &place, base)?,
        };
        let (First::Damaged(base) | First::Foreign(base)) = first else {
            continue;
        };
        let from = from.get(&place).copied().unwrap_or(base);
        let (topic, partition) = place;
        found.push(Damage {
            topic,
            partition,
            first: base.max(from),
            next: next.max(base.max(from).saturating_add(1)),
        });
    }
    Ok(found)
}

/// How far the batch reaches that begins at offset `base`: it is found by each of its offsets. Nothing is asked for beyond the end of
/// the log: a client would begin at the log's first message instead.
fn end_of_batch(raw: &Raw, place: &TopicPartition, base: i64) -> Result<i64, Error> {
    let (mut inside, mut next) = (base, raw.end(place)?);
    while next - inside > 1 {
        let middle = inside + (next - inside) / 2;
        if first_at(raw, place, middle)? == First::Damaged(base) {
            inside = middle;
        } else {
            next = middle;
        }
    }
    Ok(next)
}

/// A batch of which not even the version is known is passed over by the client when it is asked for a later offset: what comes then
/// is behind it.
fn next_readable(raw: &Raw, place: &TopicPartition, base: i64) -> Result<i64, Error> {
    let (end, next) = (raw.end(place)?, base.saturating_add(1));
    if next >= end {
        return Ok(end);
    }
    Ok(match first_at(raw, place, next)? {
        First::Message(offset) | First::Damaged(offset) | First::Foreign(offset) => offset.max(next),
        First::Nothing => end,
    })
}

fn first_at(raw: &Raw, place: &TopicPartition, offset: i64) -> Result<First, Error> {
    let from = BTreeMap::from([(place.clone(), offset)]);
    let mut firsts = first_of_each(raw, &from)?;
    Ok(firsts.remove(place).unwrap_or(First::Nothing))
}

/// What each of these partitions gives first from its offset on.
fn first_of_each(
    raw: &Raw,
    from: &BTreeMap<TopicPartition, i64>,
) -> Result<BTreeMap<TopicPartition, First>, Error> {
    raw.assign(from)?;
    let mut firsts = BTreeMap::new();
    let began = Instant::now();
    while let Some(((topic, partition), offset)) = from.iter().find(|(place, _)| !firsts.contains_key(*place))
    {
        if let Some((place, first)) = raw.poll()?
            && from.contains_key(&place)
            && !firsts.contains_key(&place)
        {
            // What comes behind is not asked for.
            raw.pause(&place)?;
            firsts.insert(place, first);
        } else if began.elapsed() > STALL_LIMIT {
            return Err(Error::Stalled {
                topic: topic.clone(),
                partition: *partition,
                offset: *offset,
                waited: STALL_LIMIT,
            });
        }
    }
    Ok(firsts)
}
