//! Telling gaps of the log apart: offsets that Kafka itself uses up (control records, aborted transactions, compaction), and
//! messages that retention or erasure took away before they were consumed. The latter lie below the first offset that is there.

use std::collections::{BTreeMap, BTreeSet};

use quarterday_kafka::KafkaSettings;
use quarterday_kafka::positions::{Position, Positions, TopicPartition};
use quarterday_store::{Gap, GapKind};

use crate::Error;
use crate::retry::{Until, until_done};

/// The gaps with their kinds, one that is of both kinds as two. `None`: ended while Kafka was away.
pub(crate) async fn told_apart(
    kafka: &KafkaSettings,
    gaps: &[Gap],
    until: Until<'_>,
) -> Option<Result<Vec<Gap>, Error>> {
    if gaps.is_empty() {
        return Some(Ok(Vec::new()));
    }
    let topics: BTreeSet<String> = gaps.iter().map(|gap| gap.topic.clone()).collect();
    let ask = || {
        let (kafka, topics) = (kafka.clone(), topics.clone());
        async move {
            let read = move || {
                let topics: Vec<&str> = topics.iter().map(String::as_str).collect();
                Positions::new(&kafka, "quarterday-gaps")?.read(&topics)
            };
            let read = tokio::task::spawn_blocking(read).await;
            read.unwrap_or(Err(quarterday_kafka::Error::Stopping))
        }
    };
    let passes = quarterday_kafka::Error::is_retryable;
    let positions = match until_done("ask where logs begin", until, passes, ask).await? {
        Ok(positions) => positions,
        Err(error) => return Some(Err(error.into())),
    };
    Some(Ok(gaps.iter().flat_map(|gap| split(gap, &positions)).collect()))
}

/// The gap in pieces: under these offsets there were messages once, which are gone.
pub(crate) fn without(gap: Gap, offsets: &BTreeSet<i64>) -> Vec<Gap> {
    if gap.kind != GapKind::Kafka {
        return vec![gap];
    }
    let mut pieces = Vec::new();
    let mut first = gap.first;
    let mut piece = |first, next, kind| {
        if first < next {
            pieces.push(Gap {
                first,
                next,
                kind,
                ..gap.clone()
            });
        }
    };
    for offset in offsets {
        let next = offset.saturating_add(1);
        piece(first, *offset, GapKind::Kafka);
        piece(*offset, next, GapKind::Gone);
        first = next;
    }
    piece(first, gap.next, GapKind::Kafka);
    pieces
}

fn split(gap: &Gap, positions: &BTreeMap<TopicPartition, Position>) -> impl Iterator<Item = Gap> {
    let place = (gap.topic.clone(), gap.partition);
    let low = positions.get(&place).map_or(0, |position| position.low);
    let border = low.clamp(gap.first, gap.next);
    let part = |first, next, kind| {
        (first < next).then(|| Gap {
            first,
            next,
            kind,
            ..gap.clone()
        })
    };
    let parts = [
        part(gap.first, border, GapKind::Gone),
        part(border, gap.next, gap.kind),
    ];
    parts.into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_a_message_once_is_no_gap_of_kafkas_own() {
        let gap = Gap {
            topic: "t".to_owned(),
            partition: 0,
            first: 2,
            next: 8,
            kind: GapKind::Kafka,
        };
        let pieces: Vec<_> = without(gap, &[2, 5].into())
            .into_iter()
            .map(|piece| (piece.first, piece.next, piece.kind))
            .collect();
        assert_eq!(
            pieces,
            [
                (2, 3, GapKind::Gone),
                (3, 5, GapKind::Kafka),
                (5, 6, GapKind::Gone),
                (6, 8, GapKind::Kafka)
            ]
        );
    }

    #[test]
    fn what_lies_below_the_beginning_of_the_log_is_gone() {
        let gap = Gap {
            topic: "t".to_owned(),
            partition: 0,
            first: 5,
            next: 9,
            kind: GapKind::Kafka,
        };
        let parts = |low| {
            let position = Position {
                low,
                high: 20,
                committed: None,
            };
            let positions = BTreeMap::from([(("t".to_owned(), 0), position)]);
            let parts = split(&gap, &positions);
            parts
                .map(|part| (part.first, part.next, part.kind))
                .collect::<Vec<_>>()
        };
        assert_eq!(parts(0), [(5, 9, GapKind::Kafka)]);
        assert_eq!(parts(7), [(5, 7, GapKind::Gone), (7, 9, GapKind::Kafka)]);
        assert_eq!(parts(9), [(5, 9, GapKind::Gone)]);
        assert_eq!(parts(15), [(5, 9, GapKind::Gone)]);
    }
}
