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
        if let First::Damaged(base) = first {
            let from = from.get(&place).copied().unwrap_or(base);
            found.push(extent(&raw, place, from, base)?);
        }
    }
    Ok(found)
}

/// How far the batch reaches that begins at offset `base`. A batch is found by each of its offsets, so the first one that finds another
/// is the end: doubling, then halving.
fn extent(raw: &Raw, place: TopicPartition, from: i64, base: i64) -> Result<Damage, Error> {
    let is_in_it = |offset: i64| Ok::<_, Error>(first_at(raw, &place, offset)? == First::Damaged(base));
    let (mut inside, mut step) = (base.max(from), 1);
    while is_in_it(inside.saturating_add(step))? {
        inside = inside.saturating_add(step);
        step = step.saturating_mul(2);
    }
    let mut next = inside.saturating_add(step);
    while next - inside > 1 {
        let middle = inside + (next - inside) / 2;
        if is_in_it(middle)? {
            inside = middle;
        } else {
            next = middle;
        }
    }
    let (topic, partition) = place;
    Ok(Damage {
        topic,
        partition,
        first: base.max(from),
        next,
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
        if let Some((place, first)) = raw.poll()? {
            // What comes behind is not asked for.
            firsts.entry(place).or_insert(first);
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
