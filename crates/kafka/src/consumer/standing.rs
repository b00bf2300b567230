//! How a member of a group stands, read from librdkafka's statistics. They come every second while the owner polls; an owner
//! that does not poll keeps the last ones.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rdkafka::Statistics;
use rdkafka::statistics::Partition;

/// What librdkafka says of a member of a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Messages in the member's partitions that were not given out yet.
    pub behind: u64,
    /// It is a member, and no rebalance is under way.
    pub has_joined: bool,
    /// Partitions that it owns.
    pub partitions: usize,
    /// For how long no broker has answered anything; none if none ever has.
    pub silent: Option<Duration>,
}

/// Where a member's standing can be read, also once the member is gone; holding it keeps no member in its group.
#[derive(Clone, Debug, Default)]
pub struct StandingReader {
    newest: Arc<Mutex<Option<Standing>>>,
}

impl StandingReader {
    /// As of a second ago; `None` when nothing is known yet.
    pub fn read(&self) -> Option<Standing> {
        *self.newest.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn note(&self, statistics: &Statistics) {
        let standing = Standing::of(statistics);
        *self.newest.lock().unwrap_or_else(PoisonError::into_inner) = Some(standing);
    }
}

impl Standing {
    fn of(statistics: &Statistics) -> Self {
        let group = statistics.cgrp.as_ref();
        let partitions = statistics.topics.values().flat_map(|t| t.partitions.values());
        let idle = statistics
            .brokers
            .values()
            .filter_map(|b| u64::try_from(b.rxidle).ok());
        Standing {
            behind: partitions.filter(|p| p.fetch_state == "active").map(behind).sum(),
            has_joined: group.is_some_and(|group| group.join_state == "steady"),
            partitions: group.map_or(0, |group| usize::try_from(group.assignment_size).unwrap_or(0)),
            silent: idle.min().map(Duration::from_micros),
        }
    }
}

/// Messages of a partition that were not passed on yet. Offsets that are not known are negative.
fn behind(partition: &Partition) -> u64 {
    let next = [
        partition.app_offset,
        partition.committed_offset,
        partition.lo_offset,
    ]
    .into_iter()
    .find(|offset| *offset >= 0);
    let behind = next.map_or(0, |next| partition.hi_offset.saturating_sub(next));
    u64::try_from(behind).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use rdkafka::statistics::{Broker, ConsumerGroup, Topic};

    use super::*;

    fn broker(rxidle: i64) -> Broker {
        Broker {
            rxidle,
            ..Broker::default()
        }
    }

    #[test]
    fn it_is_read_from_the_statistics() {
        let partition = Partition {
            fetch_state: "active".to_owned(),
            app_offset: 3,
            hi_offset: 10,
            ..Partition::default()
        };
        let topic = Topic {
            partitions: [(0, partition)].into(),
            ..Topic::default()
        };
        let group = ConsumerGroup {
            join_state: "steady".to_owned(),
            assignment_size: 1,
            ..ConsumerGroup::default()
        };
        let mut statistics = Statistics {
            topics: [("t".to_owned(), topic)].into(),
            brokers: [
                ("never".to_owned(), broker(-1)),
                ("lately".to_owned(), broker(2_000_000)),
                ("long ago".to_owned(), broker(9_000_000)),
            ]
            .into(),
            cgrp: Some(group),
            ..Statistics::default()
        };
        let standing = Standing::of(&statistics);
        assert_eq!((standing.behind, standing.partitions), (7, 1));
        assert!(standing.has_joined);
        assert_eq!(standing.silent, Some(Duration::from_secs(2)));

        statistics.brokers.clear();
        statistics.cgrp = None;
        let standing = Standing::of(&statistics);
        assert_eq!((standing.has_joined, standing.silent), (false, None));
    }
}
