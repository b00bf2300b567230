//! The consuming loop: takes messages, has them judged into the batch being filled, and hands full or old batches over.

mod damage;
mod group;

use std::collections::{BTreeMap, BTreeSet};
use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use quarterday_kafka::consumer::GroupConsumer;
use quarterday_kafka::positions::TopicPartition;
use quarterday_kafka::{BorrowedMessage, MessageFields, read};
use quarterday_store::Gap;
use tokio::runtime::Handle;
use tokio::sync::mpsc::Sender;
use tokio_util::sync::CancellationToken;

use crate::batch::Batch;
use crate::judge::{Feeds, Missing, Verdict};
use crate::listener::Listener;
use crate::partitions::{Once, Outcomes, Partitions, Turn};
use crate::question::Question;
use crate::signs::{Part, Signs};
use crate::{Error, Parts, WorkerSettings, gaps};

/// How long one poll waits for a message.
const POLL: Duration = Duration::from_millis(100);

/// While messages come fast the clock is looked at once in so many.
const LOOK_EVERY: usize = 64;
/// At the end of a burst a batch is handed over early if it has at least this part of a full one.
const WORTH_A_BLOCK: usize = 8;

/// What a poll gave.
enum Came<'c> {
    /// A message that was waiting.
    Message(BorrowedMessage<'c>),
    /// A message that had to be waited for.
    LateMessage(BorrowedMessage<'c>),
    /// Nothing.
    Nothing,
}

/// The consuming loop's way to the rest of the worker.
pub(crate) struct Links {
    /// Where messages come from.
    pub(crate) consumer: Arc<GroupConsumer<Listener>>,
    /// Where finished batches go.
    pub(crate) batches: Sender<Batch>,
    /// Cancelled when the worker is to stop.
    pub(crate) stop: CancellationToken,
    /// What it leaves behind for whoever asks how it is.
    pub(crate) signs: Arc<Signs>,
}

pub(crate) struct Consume {
    parts: Parts,
    settings: WorkerSettings,
    links: Links,
    feeds: Feeds,
    partitions: Partitions,
    /// What earlier workers have left of partitions that have not begun.
    found: BTreeMap<TopicPartition, Outcomes>,
    batch: Batch,
    /// Cancelled when partitions went: what was taken until then and is not written has to be taken anew.
    term: CancellationToken,
    /// When the last batch was handed over.
    handed_over: Option<Instant>,
    runtime: Handle,
}

impl Consume {
    /// A loop that is to run on a thread of its own, beside this runtime.
    pub(crate) fn new(parts: Parts, settings: WorkerSettings, links: Links) -> Self {
        let feeds = Feeds::new(&parts.catalogue, settings.max_event_bytes);
        let term = links.consumer.listener().term();
        let batch = Batch::new(&parts.catalogue, term.clone());
        Consume {
            parts,
            settings,
            links,
            feeds,
            partitions: Partitions::default(),
            found: BTreeMap::new(),
            batch,
            term,
            handed_over: None,
            runtime: Handle::current(),
        }
    }

    /// Consumes until told to stop, then hands over what it has.
    pub(crate) fn run(mut self) -> Result<(), Error> {
        let consumer = Arc::clone(&self.links.consumer);
        let _alive = self.links.signs.alive(Part::Consuming);
        while !self.links.stop.is_cancelled() {
            self.follow_the_group()?;
            self.links.signs.turn();
            let is_due = match self.next(&consumer) {
                Ok(Came::Message(message)) => {
                    self.take(&message)?;
                    self.is_full() || (self.batch.events.is_multiple_of(LOOK_EVERY) && self.is_old())
                }
                Ok(Came::LateMessage(message)) => {
                    self.take(&message)?;
                    self.is_full() || self.is_old()
                }
                Ok(Came::Nothing) => {
                    self.look_behind_the_last_messages()?;
                    self.is_old() || self.is_end_of_burst()
                }
                Err(error) if error.is_damage() => {
                    self.step_over_damage()?;
                    self.is_old()
                }
                Err(error) if error.is_retryable() => {
                    tracing::debug!(%error, "polling again");
                    self.is_old()
                }
                Err(error) => return Err(error.into()),
            };
            if is_due && !self.batch.is_empty() && !self.hand_over()? {
                break;
            }
        }
        if !self.batch.is_empty() {
            self.hand_over()?;
        }
        Ok(())
    }

    /// The next message, or nothing when none comes for a while.
    fn next<'c>(&self, consumer: &'c GroupConsumer<Listener>) -> Result<Came<'c>, quarterday_kafka::Error> {
        if let Some(message) = consumer.poll(Duration::ZERO)? {
            return Ok(Came::Message(message));
        }
        let message = consumer.poll(self.wait())?;
        Ok(message.map_or(Came::Nothing, Came::LateMessage))
    }

    /// How long a poll may wait without a batch getting too old.
    fn wait(&self) -> Duration {
        let left = self
            .batch
            .started
            .map(|s| self.settings.batch_age().saturating_sub(s.elapsed()));
        left.map_or(POLL, |left| left.min(POLL))
    }

    fn is_full(&self) -> bool {
        self.batch.events >= self.settings.batch_events || self.batch.bytes >= self.settings.batch_bytes
    }

    fn is_old(&self) -> bool {
        let started = self.batch.started;
        started.is_some_and(|started| started.elapsed() >= self.settings.batch_age())
    }

    /// Nothing more comes for now, and what is there is worth a block of its own: it is large, or the first for a while, which
    /// somebody may be waiting for.
    fn is_end_of_burst(&self) -> bool {
        let is_first = self
            .handed_over
            .is_none_or(|handed_over| handed_over.elapsed() >= self.settings.batch_age());
        is_first || self.batch.events >= self.settings.batch_events / WORTH_A_BLOCK
    }

    /// Nothing was there to be polled: offsets up to the end of the log may be no messages.
    fn look_behind_the_last_messages(&mut self) -> Result<(), Error> {
        for (place, end) in self.links.consumer.take_ends() {
            if let Some(gap) = self.partitions.missing(&place, end)
                && self.is_empty(&gap)? == Some(true)
            {
                let once = self.partitions.once_in(&gap);
                self.partitions.pass(&gap);
                self.note_gap(gap, once);
            }
        }
        Ok(())
    }

    /// Whether there is no message in what seems to be a gap: asked over a connection of its own, because what was fetched and
    /// dropped looks the same from here. `None`: Kafka did not answer.
    fn is_empty(&self, gap: &Gap) -> Result<Option<bool>, Error> {
        match read::first_or_end(&self.parts.kafka, &gap.topic, gap.partition, gap.first) {
            Ok(first) => Ok(Some(first >= gap.next)),
            // Polling meets damage too, and steps over it.
            Err(error) if error.is_retryable() || error.is_damage() => {
                tracing::debug!(%error, "asking again later");
                Ok(None)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Notes a gap that was in doubt, or goes back to its beginning: the messages that were dropped come again.
    fn resolve(&mut self, gap: &Gap) -> Result<(), Error> {
        if self.is_empty(gap)? == Some(true) {
            self.partitions.settle(gap);
        } else if let Some(outcomes) = self.partitions.stop(&gap.topic, gap.partition) {
            let (topic, partition, offset) = (gap.topic.as_str(), gap.partition, gap.first);
            tracing::info!(
                topic,
                partition,
                offset,
                "going back for messages that were dropped"
            );
            self.found.insert((topic.to_owned(), partition), outcomes);
        }
        Ok(())
    }

    fn take(&mut self, message: &BorrowedMessage<'_>) -> Result<(), Error> {
        let (topic, partition, offset) = (message.topic(), message.partition(), message.offset());
        let mut turn = self.partitions.turn(topic, partition, offset);
        if let Turn::Doubt(gap) = &turn {
            self.resolve(gap)?;
            turn = self.partitions.turn(topic, partition, offset);
        }
        let Turn::Take(gap, known) = turn else {
            return Ok(());
        };
        loop {
            match self.feeds.judge(message, &known, &mut self.batch) {
                Verdict::Taken => break,
                Verdict::Unknown(missing) => {
                    let asked = self.ask_for(missing);
                    if !asked.map_err(|error| error.at(topic, partition, offset))? {
                        return Ok(());
                    }
                }
            }
        }
        if let Some(gap) = gap {
            let once = self.partitions.once_in(&gap);
            self.note_gap(gap, once);
        }
        let bytes = message.payload().map_or(0, <[u8]>::len) + message.key().map_or(0, <[u8]>::len);
        self.batch.took((topic, partition), offset, bytes);
        self.partitions.took(topic, partition, offset);
        let time = message.timestamp().to_millis().unwrap_or(0);
        if self.batch.timed(time) {
            self.links.signs.begin_batch(time);
        }
        Ok(())
    }

    /// Notes a gap, in which there were messages once that lie in quarantine or have a row.
    fn note_gap(&mut self, gap: Gap, once: Once) {
        let aside = once.aside.iter().map(|(offset, _)| *offset);
        let offsets: BTreeSet<i64> = aside.chain(once.accepted).collect();
        for piece in gaps::without(gap.clone(), &offsets) {
            self.batch.note_gap(piece);
        }
        for (offset, aside) in once.aside {
            let place = (gap.topic.as_str(), gap.partition, offset);
            self.batch.rejected.extend(self.feeds.aside(place, aside));
        }
    }

    /// Asks the registry for a writer's schema, for as long as the registry is away. `false`: told to stop meanwhile, or the
    /// writer has ended.
    fn ask_for(&mut self, missing: Missing) -> Result<bool, Error> {
        let question = Question::new(&self.parts, &self.links.stop, missing);
        let mut asking = pin!(question.ask());
        let age = self.settings.batch_age();
        let quick = self
            .runtime
            .block_on(async { tokio::time::timeout(age, asking.as_mut()).await });
        let asked = match quick {
            Ok(asked) => asked,
            Err(_elapsed) => {
                // What was taken before need not wait for the registry.
                if !self.batch.is_empty() && !self.hand_over()? {
                    return Ok(false);
                }
                self.patiently("the schema registry", asking)?
            }
        };
        let Some(found) = asked.transpose()? else {
            return Ok(false);
        };
        for (id, schema) in found {
            self.feeds.learn(missing.feed, id, &schema);
        }
        if !self.feeds.knows(missing) {
            self.feeds.note_unknown(missing);
        }
        Ok(true)
    }

    /// Gives the batch to the writer and begins a new one, as soon as the writer is free. `false`: the writer has ended.
    fn hand_over(&mut self) -> Result<bool, Error> {
        let place = self.patiently(
            "the writer, to ClickHouse and the topic quarantine",
            self.links.batches.clone().reserve_owned(),
        )?;
        let Ok(place) = place else {
            return Ok(false);
        };
        self.parts.observed.metrics.consumed(&self.batch);
        let mut batch = self.begin_batch();
        batch.on_its_way = Some(self.links.consumer.listener().under_way().begin());
        place.send(batch);
        self.handed_over = Some(Instant::now());
        Ok(true)
    }

    /// A new batch instead of the one that is there.
    fn begin_batch(&mut self) -> Batch {
        let new = Batch::new(&self.parts.catalogue, self.term.clone());
        std::mem::replace(&mut self.batch, new)
    }

    /// Waits for `work`. When that takes long it pauses the partitions and polls, so that the group does not take this
    /// member for dead.
    fn patiently<T>(&mut self, whom: &'static str, work: impl Future<Output = T>) -> Result<T, Error> {
        let mut work = pin!(work);
        let mut within = |limit| {
            self.runtime
                .block_on(async { tokio::time::timeout(limit, work.as_mut()).await })
        };
        if let Ok(done) = within(self.settings.patience()) {
            return Ok(done);
        }
        tracing::warn!("{whom} is slow or away: partitions are paused");
        self.links.consumer.pause()?;
        self.links.signs.wait_for(Some(whom));
        let done = loop {
            match within(POLL) {
                Ok(done) => break done,
                Err(_elapsed) => self.keep_membership()?,
            }
        };
        self.links.signs.wait_for(None);
        self.links.consumer.resume()?;
        self.partitions.interrupt();
        tracing::info!("partitions are resumed");
        Ok(done)
    }

    /// Polls, which serves rebalances. Paused partitions give no messages; one that comes all the same goes back.
    fn keep_membership(&self) -> Result<(), Error> {
        self.links.signs.turn();
        match self.links.consumer.poll(Duration::ZERO) {
            Ok(Some(message)) => Ok(self.links.consumer.give_back(&message)?),
            Ok(None) => Ok(()),
            // Damage is met again, since nothing was taken.
            Err(error) if error.is_retryable() || error.is_damage() => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}
