//! The partitions that this worker owns, each with the next offset that has no outcome yet, and with what is known of the
//! offsets behind it: outcomes that an earlier worker gave and could not note the position of. They are not given anew, so that
//! a message never gets a second outcome, however feeds, schemas and code lists have changed in between (I1, I2).

use std::collections::{BTreeMap, BTreeSet};

use quarterday_kafka::positions::TopicPartition;
use quarterday_kafka::quarantine::PutAside;
use quarterday_store::{Gap, GapKind};

/// What earlier workers have left of a partition.
#[derive(Debug, Default)]
pub(crate) struct Outcomes {
    /// Every offset below has its outcome.
    pub(crate) next: i64,
    /// What the group has committed.
    pub(crate) committed: Option<i64>,
    /// Nothing from here on is taken.
    pub(crate) until: Option<i64>,
    /// Offsets from there on that have a row in a version log.
    pub(crate) accepted: BTreeSet<i64>,
    /// Offsets from there on that are in the quarantine topic.
    pub(crate) rejected: BTreeMap<i64, PutAside>,
}

/// What is known of messages that the log has lost.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Once {
    /// Those that lie in quarantine, with their offsets.
    pub(crate) aside: Vec<(i64, PutAside)>,
    /// Offsets of those that have a row in a version log.
    pub(crate) accepted: Vec<i64>,
}

/// What is known of a message before it is judged.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Known {
    /// Nothing.
    Nothing,
    /// It has a row in a version log.
    Accepted,
    /// It is in the quarantine topic.
    Rejected(PutAside),
}

/// What to do with a message that was polled.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Turn {
    /// Nothing: it has its outcome, or its partition has not begun and it comes again.
    Pass,
    /// It is the next; before it the log may have a gap.
    Take(Option<Gap>, Known),
    /// Between the last message and this one some are missing, and what was fetched before was dropped: whether it is a gap must be
    /// looked up.
    Doubt(Gap),
}

/// All partitions that are owned now.
#[derive(Default)]
pub(crate) struct Partitions {
    list: Vec<Partition>,
    /// Messages come in runs of one partition.
    latest: usize,
}

struct Partition {
    topic: String,
    number: i32,
    /// `None` until it has begun.
    outcomes: Option<Outcomes>,
    /// The last message of it came in one run with the next.
    is_in_a_run: bool,
}

impl Partitions {
    /// These are owned now.
    pub(crate) fn meet(&mut self, partitions: Vec<TopicPartition>) {
        let new = partitions.into_iter().map(|(topic, number)| Partition {
            topic,
            number,
            outcomes: None,
            is_in_a_run: false,
        });
        self.list.extend(new);
    }

    /// These are not owned any more.
    pub(crate) fn forget(&mut self, partitions: &[TopicPartition]) {
        self.list
            .retain(|p| !partitions.iter().any(|(topic, number)| p.is(topic, *number)));
    }

    /// Those that have not begun.
    pub(crate) fn waiting(&self) -> Vec<TopicPartition> {
        let waiting = self.list.iter().filter(|p| p.outcomes.is_none());
        waiting.map(|p| (p.topic.clone(), p.number)).collect()
    }

    /// The next offset without an outcome of those that have begun and go on.
    pub(crate) fn begun(&self) -> BTreeMap<TopicPartition, i64> {
        let begun = self.list.iter().filter_map(|p| {
            let outcomes = p.outcomes.as_ref()?;
            let goes_on = outcomes.until.is_none_or(|until| outcomes.next < until);
            goes_on.then(|| ((p.topic.clone(), p.number), outcomes.next))
        });
        begun.collect()
    }

    /// Those of which nothing more is taken.
    pub(crate) fn ended(&self) -> Vec<TopicPartition> {
        let ended = self.list.iter().filter(|p| {
            let outcomes = p.outcomes.as_ref();
            outcomes.is_some_and(|o| o.until.is_some_and(|until| o.next >= until))
        });
        ended.map(|p| (p.topic.clone(), p.number)).collect()
    }

    /// A partition begins behind these outcomes.
    pub(crate) fn begin(&mut self, (topic, number): &TopicPartition, outcomes: Outcomes) {
        if let Some(partition) = self.find(topic, *number) {
            partition.outcomes = Some(outcomes);
            partition.is_in_a_run = false;
        }
    }

    /// A partition is to begin anew; gives where.
    pub(crate) fn stop(&mut self, topic: &str, number: i32) -> Option<Outcomes> {
        self.find(topic, number)?.outcomes.take()
    }

    /// All are to begin anew.
    pub(crate) fn stop_all(&mut self) {
        for partition in &mut self.list {
            partition.outcomes = None;
        }
    }

    /// What was fetched before is dropped.
    pub(crate) fn interrupt(&mut self) {
        for partition in &mut self.list {
            partition.is_in_a_run = false;
        }
    }

    /// Whose turn it is when this message was polled.
    pub(crate) fn turn(&mut self, topic: &str, number: i32, offset: i64) -> Turn {
        let Some(partition) = self.find(topic, number) else {
            return Turn::Pass;
        };
        let Some(outcomes) = &mut partition.outcomes else {
            return Turn::Pass;
        };
        if offset < outcomes.next || outcomes.until.is_some_and(|until| offset >= until) {
            return Turn::Pass;
        }
        match gap(topic, number, outcomes.next, offset) {
            Some(gap) if !partition.is_in_a_run => Turn::Doubt(gap),
            gap => Turn::Take(gap, outcomes.known(offset)),
        }
    }

    /// What was in doubt is a gap.
    pub(crate) fn settle(&mut self, gap: &Gap) {
        if let Some(partition) = self.find(&gap.topic, gap.partition) {
            partition.is_in_a_run = true;
        }
    }

    /// The message at this offset is taken.
    pub(crate) fn took(&mut self, topic: &str, number: i32, offset: i64) {
        let Some(partition) = self.find(topic, number) else {
            return;
        };
        partition.is_in_a_run = true;
        if let Some(outcomes) = &mut partition.outcomes {
            outcomes.next = offset.saturating_add(1);
        }
    }

    /// What is missing up to the end of the log.
    pub(crate) fn missing(&mut self, (topic, number): &TopicPartition, end: i64) -> Option<Gap> {
        let outcomes = self.find(topic, *number)?.outcomes.as_ref()?;
        let end = outcomes.until.map_or(end, |until| until.min(end));
        gap(topic, *number, outcomes.next, end)
    }

    /// What is known of the messages that were in this gap once.
    pub(crate) fn once_in(&mut self, gap: &Gap) -> Once {
        let partition = self.find(&gap.topic, gap.partition);
        let outcomes = partition.and_then(|partition| partition.outcomes.as_mut());
        outcomes.map_or_else(Once::default, |outcomes| outcomes.once_in(gap))
    }

    /// There is no message in this gap.
    pub(crate) fn pass(&mut self, gap: &Gap) {
        let partition = self.find(&gap.topic, gap.partition);
        if let Some(outcomes) = partition.and_then(|p| p.outcomes.as_mut()) {
            outcomes.next = outcomes.next.max(gap.next);
        }
    }

    fn find(&mut self, topic: &str, number: i32) -> Option<&mut Partition> {
        let is_latest = self.list.get(self.latest).is_some_and(|p| p.is(topic, number));
        if !is_latest {
            self.latest = self.list.iter().position(|p| p.is(topic, number))?;
        }
        self.list.get_mut(self.latest)
    }
}

impl Partition {
    fn is(&self, topic: &str, number: i32) -> bool {
        self.number == number && self.topic == topic
    }
}

impl Outcomes {
    /// What is known of the messages that were in this gap once.
    pub(crate) fn once_in(&mut self, gap: &Gap) -> Once {
        if gap.first >= gap.next {
            return Once::default();
        }
        let mut behind = self.rejected.split_off(&gap.first);
        let mut rest = behind.split_off(&gap.next);
        self.rejected.append(&mut rest);
        Once {
            aside: behind.into_iter().collect(),
            accepted: self.accepted.range(gap.first..gap.next).copied().collect(),
        }
    }

    fn known(&mut self, offset: i64) -> Known {
        // What lies below was passed over by Kafka or taken: it is asked for once.
        let earlier = self.rejected.remove(&offset);
        // A row counts already, though a member that was thrown out has put the message aside since.
        if self.accepted.remove(&offset) {
            return Known::Accepted;
        }
        earlier.map_or(Known::Nothing, Known::Rejected)
    }
}

/// Which of the two is found out before it is noted.
fn gap(topic: &str, partition: i32, first: i64, next: i64) -> Option<Gap> {
    (first < next).then(|| Gap {
        topic: topic.to_owned(),
        partition,
        first,
        next,
        kind: GapKind::Kafka,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use quarterday_kafka::producer::Delivered;
    use quarterday_kafka::quarantine::{About, Rejection, Stage};

    fn earlier(offset: i64) -> PutAside {
        PutAside {
            rejection: Rejection {
                reason: "undecodable".to_owned(),
                stage: Stage::Decode,
                detail: String::new(),
                about: About::default(),
            },
            place: Delivered { partition: 0, offset },
            timestamp_ms: None,
            bytes: 0,
        }
    }

    fn begun(outcomes: Outcomes) -> Partitions {
        let mut partitions = Partitions::default();
        partitions.meet(vec![("a".to_owned(), 0), ("t".to_owned(), 1)]);
        partitions.begin(&("t".to_owned(), 1), outcomes);
        partitions
    }

    #[test]
    fn what_has_an_outcome_is_passed_over() {
        let mut partitions = begun(Outcomes {
            next: 5,
            ..Outcomes::default()
        });
        assert_eq!(partitions.turn("t", 1, 4), Turn::Pass);
        assert_eq!(partitions.turn("t", 1, 5), Turn::Take(None, Known::Nothing));
        partitions.took("t", 1, 5);
        assert_eq!(partitions.turn("t", 1, 5), Turn::Pass);
    }

    #[test]
    fn an_outcome_that_was_given_is_not_given_anew() {
        let mut partitions = begun(Outcomes {
            next: 5,
            accepted: [6].into(),
            rejected: [(5, earlier(70)), (6, earlier(71))].into(),
            ..Outcomes::default()
        });
        let first = partitions.turn("t", 1, 5);
        assert_eq!(first, Turn::Take(None, Known::Rejected(earlier(70))));
        partitions.took("t", 1, 5);
        let second = partitions.turn("t", 1, 6);
        assert_eq!(second, Turn::Take(None, Known::Accepted));
    }

    #[test]
    fn what_waits_of_a_gap_is_told_once() {
        let mut partitions = begun(Outcomes {
            accepted: [2, 5].into(),
            rejected: [1, 3, 4, 7].map(|offset| (offset, earlier(offset))).into(),
            ..Outcomes::default()
        });
        let gap = gap("t", 1, 2, 5).unwrap();
        let once = partitions.once_in(&gap);
        assert_eq!(once.aside, [3, 4].map(|offset| (offset, earlier(offset))));
        assert_eq!(once.accepted, [2]);
        assert_eq!(partitions.once_in(&gap).aside, []);
        let known = Known::Rejected(earlier(7));
        partitions.settle(&gap);
        let turn = partitions.turn("t", 1, 7);
        assert!(matches!(turn, Turn::Take(Some(_), found) if found == known));
    }

    #[test]
    fn missing_offsets_are_a_gap_in_the_middle_and_at_the_end() {
        let mut partitions = begun(Outcomes::default());
        partitions.took("t", 1, 0);
        let missing = |first, next| gap("t", 1, first, next);
        assert_eq!(
            partitions.turn("t", 1, 3),
            Turn::Take(missing(1, 3), Known::Nothing)
        );
        partitions.took("t", 1, 3);
        let place = ("t".to_owned(), 1);
        assert_eq!(partitions.missing(&place, 4), None);
        let end = partitions.missing(&place, 6);
        assert_eq!(end, missing(4, 6));
        partitions.pass(&end.unwrap());
        assert_eq!(partitions.missing(&place, 6), None);
        assert_eq!(partitions.turn("t", 1, 6), Turn::Take(None, Known::Nothing));
    }

    #[test]
    fn what_is_missing_after_an_interruption_is_in_doubt() {
        let mut partitions = begun(Outcomes::default());
        let doubt = gap("t", 1, 0, 3).unwrap();
        assert_eq!(partitions.turn("t", 1, 3), Turn::Doubt(doubt.clone()));
        partitions.settle(&doubt);
        assert_eq!(
            partitions.turn("t", 1, 3),
            Turn::Take(Some(doubt), Known::Nothing)
        );
        partitions.took("t", 1, 3);
        partitions.interrupt();
        assert_eq!(partitions.turn("t", 1, 4), Turn::Take(None, Known::Nothing));
        partitions.took("t", 1, 4);
        partitions.interrupt();
        let doubt = gap("t", 1, 5, 9).unwrap();
        assert_eq!(partitions.turn("t", 1, 9), Turn::Doubt(doubt));
        let outcomes = partitions.stop("t", 1).unwrap();
        assert_eq!(outcomes.next, 5);
        assert_eq!(partitions.turn("t", 1, 9), Turn::Pass);
    }

    #[test]
    fn nothing_is_taken_from_a_partition_that_has_not_begun_or_is_somebody_elses() {
        let mut partitions = begun(Outcomes::default());
        assert_eq!(partitions.turn("a", 0, 0), Turn::Pass);
        assert_eq!(partitions.waiting(), [("a".to_owned(), 0)]);
        partitions.forget(&[("t".to_owned(), 1)]);
        assert_eq!(partitions.turn("t", 1, 0), Turn::Pass);
    }
}
