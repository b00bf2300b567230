//! What one write takes: accepted rows per feed, rejected messages, and the offsets behind them.

use std::time::Instant;

use quarterday_kafka::consumer::Offsets;
use quarterday_kafka::producer::Delivered;
use quarterday_kafka::quarantine::QuarantineMessage;
use quarterday_store::{Decided, Gap, Replay, VersionRows};
use tokio_util::sync::CancellationToken;

use crate::Catalogue;
use crate::under_way::OnItsWay;

/// A batch of consumed messages, each of which is in exactly one of `rows` and `rejected`.
pub(crate) struct Batch {
    /// Accepted messages, by position of the feed in the catalogue.
    pub(crate) rows: Vec<VersionRows>,
    /// Messages to quarantine.
    pub(crate) rejected: Vec<RejectedMessage>,
    /// Remarks on accepted messages.
    pub(crate) warnings: Vec<WarningNote>,
    /// Which of the messages are replays.
    pub(crate) replays: Vec<Replay>,
    /// What was decided about single messages.
    pub(crate) decisions: Vec<Decided>,
    /// Offsets that are no messages.
    pub(crate) gaps: Vec<Gap>,
    /// Per partition, the offset behind the last message taken.
    pub(crate) next_offsets: Offsets,
    /// What was taken of each partition.
    pub(crate) taken: Vec<Taken>,
    /// Kafka timestamps of the first and the last message taken, milliseconds since 1970.
    pub(crate) times_ms: (i64, i64),
    /// When the first message was taken.
    pub(crate) started: Option<Instant>,
    /// Messages taken.
    pub(crate) events: usize,
    /// Bytes of their values: what is held is about as much.
    pub(crate) bytes: usize,
    /// Cancelled when it is not to be written any more.
    pub(crate) term: CancellationToken,
    /// From when it is handed to the writer until it is in the store.
    pub(crate) on_its_way: Option<OnItsWay>,
}

/// What a batch takes of one partition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Taken {
    pub(crate) topic: String,
    pub(crate) partition: i32,
    /// Offset of the first message, and the one behind the last.
    pub(crate) first: i64,
    pub(crate) next: i64,
    /// Number of messages.
    pub(crate) messages: u64,
}

/// A message on its way to quarantine.
pub(crate) struct RejectedMessage {
    /// Position of its feed in the catalogue.
    pub(crate) feed: usize,
    /// The message, whole, with the reason.
    pub(crate) message: QuarantineMessage,
    /// Where it is in the quarantine topic already, put there by a worker that was cut off.
    pub(crate) place: Option<Delivered>,
}

/// A check of severity warning that an accepted message failed.
pub(crate) struct WarningNote {
    pub(crate) feed: usize,
    pub(crate) partition: u32,
    pub(crate) offset: u64,
    pub(crate) check: String,
}

impl Batch {
    /// An empty one, to be written within this term.
    pub(crate) fn new(catalogue: &Catalogue, term: CancellationToken) -> Self {
        Batch {
            rows: catalogue
                .feeds()
                .iter()
                .map(|f| VersionRows::new(&f.feed.topic, &f.record_type))
                .collect(),
            rejected: Vec::new(),
            warnings: Vec::new(),
            replays: Vec::new(),
            decisions: Vec::new(),
            gaps: Vec::new(),
            next_offsets: Offsets::new(),
            taken: Vec::new(),
            times_ms: (0, 0),
            started: None,
            events: 0,
            bytes: 0,
            term,
            on_its_way: None,
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.next_offsets.is_empty()
    }

    /// Accepted messages.
    pub(crate) fn accepted(&self) -> usize {
        self.rows.iter().map(VersionRows::len).sum()
    }

    /// Takes the newest row of a feed back.
    pub(crate) fn drop_newest_row(&mut self, feed: usize) {
        if let Some(rows) = self.rows.get_mut(feed) {
            rows.pop();
        }
    }

    /// Notes that the message at `offset`, with a key and a value of so many bytes, was taken. Rejected ones are kept with their headers.
    pub(crate) fn took(&mut self, place: (&str, i32), offset: i64, bytes: usize) {
        self.events += 1;
        self.bytes += bytes + self.headers_of_newest(place, offset);
        self.count(place, offset);
        self.reach(place, offset.saturating_add(1));
    }

    fn headers_of_newest(&self, (topic, partition): (&str, i32), offset: i64) -> usize {
        let newest = self.rejected.last().map(|rejected| &rejected.message.original);
        let newest = newest.filter(|newest| newest.topic == topic && newest.partition == partition);
        let headers = newest
            .filter(|newest| newest.offset == offset)
            .map(|newest| &newest.headers);
        let each = headers.into_iter().flatten();
        each.map(|header| header.name.len() + header.value.as_ref().map_or(0, Vec::len))
            .sum()
    }

    /// Notes that there is no message.
    pub(crate) fn note_gap(&mut self, gap: Gap) {
        self.reach((&gap.topic, gap.partition), gap.next);
        self.gaps.push(gap);
    }

    /// Notes that everything below `next_offset` has its outcome.
    pub(crate) fn reach(&mut self, (topic, partition): (&str, i32), next_offset: i64) {
        self.started.get_or_insert_with(Instant::now);
        // A batch meets few partitions but many messages: no key is built for a partition already known.
        match self
            .next_offsets
            .iter_mut()
            .find(|((t, p), _)| *p == partition && t == topic)
        {
            Some((_, next)) => *next = next_offset,
            None => {
                self.next_offsets
                    .insert((topic.to_owned(), partition), next_offset);
            }
        }
    }

    /// Notes when the message taken last was written to Kafka; says whether it is the first of the batch.
    pub(crate) fn timed(&mut self, ms: i64) -> bool {
        let is_first = self.events == 1;
        if is_first {
            self.times_ms.0 = ms;
        }
        self.times_ms.1 = ms;
        is_first
    }

    /// Messages of one partition come in a row, mostly: the newest entry is looked at first.
    fn count(&mut self, (topic, partition): (&str, i32), offset: i64) {
        let is_of = |taken: &Taken| taken.partition == partition && taken.topic == topic;
        match self.taken.iter_mut().rev().find(|taken| is_of(taken)) {
            Some(taken) => {
                taken.next = offset.saturating_add(1);
                taken.messages += 1;
            }
            None => self.taken.push(Taken {
                topic: topic.to_owned(),
                partition,
                first: offset,
                next: offset.saturating_add(1),
                messages: 1,
            }),
        }
    }
}
