//! Going on behind record batches that are damaged in Kafka. Their offsets are gaps of a kind of their own; that messages are lost
//! is said aloud, in the log, in the metrics and in the books.

use quarterday_kafka::damaged::{self, Damage};
use quarterday_store::{Gap, GapKind};

use super::Consume;
use crate::Error;
use crate::partitions::Outcomes;

impl Consume {
    /// Polling met a damaged batch, of which partition is not said: all are asked from where they are. What was fetched beyond
    /// may have been misread, so nothing counts as a run any more.
    pub(super) fn step_over_damage(&mut self) -> Result<(), Error> {
        self.partitions.interrupt();
        // What is fetched beyond the last offset that is wanted would be met again and again.
        self.links.consumer.pause_some(&self.partitions.ended())?;
        let damages = match damaged::find(&self.parts.kafka, &self.partitions.begun()) {
            Ok(damages) => damages,
            Err(error) if error.is_retryable() => {
                tracing::debug!(%error, "looking for damage again");
                return Ok(());
            }
            Err(error) => return Err(error.into()),
        };
        for damage in damages {
            self.pass_over(damage);
        }
        Ok(())
    }

    /// The partition begins anew behind it.
    fn pass_over(&mut self, damage: Damage) {
        let (topic, partition) = (damage.topic.as_str(), damage.partition);
        let Some(mut outcomes) = self.partitions.stop(topic, partition) else {
            return;
        };
        let (first, next) = (damage.first, damage.next);
        tracing::error!(
            topic,
            partition,
            first,
            next,
            "a record batch is damaged in Kafka: what was in it is not counted; mend or replace that copy of the log and rebuild, or have the \
             partner send it again"
        );
        for gap in gaps(&damage, &mut outcomes) {
            let once = outcomes.once_in(&gap);
            self.note_gap(gap, once);
        }
        self.found.insert((damage.topic, damage.partition), outcomes);
    }
}

/// The gaps of it, up to where nothing is taken any more. Offsets in it that an earlier worker has accepted or rejected keep their
/// outcome: the books take a damaged offset for a gap only if it has none.
fn gaps(damage: &Damage, outcomes: &mut Outcomes) -> Vec<Gap> {
    let until = outcomes.until.unwrap_or(i64::MAX);
    let (first, end) = (damage.first.min(until), damage.next.min(until));
    let gap = |first: i64, next: i64, kind| {
        (first < next).then(|| Gap {
            topic: damage.topic.clone(),
            partition: damage.partition,
            first,
            next,
            kind,
        })
    };
    let before = gap(outcomes.next, first, GapKind::Kafka);
    let damaged = gap(first, end, GapKind::Damaged);
    outcomes.next = outcomes.next.max(end);
    before.into_iter().chain(damaged).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ranges(outcomes: &mut Outcomes) -> Vec<(i64, i64, GapKind)> {
        let damage = Damage {
            topic: "t".to_owned(),
            partition: 0,
            first: 5,
            next: 9,
        };
        let gaps = gaps(&damage, outcomes);
        gaps.iter().map(|gap| (gap.first, gap.next, gap.kind)).collect()
    }

    #[test]
    fn what_is_damaged_is_a_gap_as_far_as_it_is_taken() {
        let mut outcomes = Outcomes {
            next: 5,
            ..Outcomes::default()
        };
        assert_eq!(ranges(&mut outcomes), [(5, 9, GapKind::Damaged)]);
        assert_eq!(outcomes.next, 9);
        let mut outcomes = Outcomes {
            next: 3,
            until: Some(8),
            ..Outcomes::default()
        };
        assert_eq!(
            ranges(&mut outcomes),
            [(3, 5, GapKind::Kafka), (5, 8, GapKind::Damaged)]
        );
        assert_eq!(outcomes.next, 8);
        let mut outcomes = Outcomes {
            next: 3,
            until: Some(4),
            ..Outcomes::default()
        };
        assert_eq!(ranges(&mut outcomes), [(3, 4, GapKind::Kafka)]);
        assert_eq!(outcomes.next, 4);
    }
}
