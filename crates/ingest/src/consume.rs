//! The consuming loop: takes messages, has them judged into the batch being filled, and hands full or old batches over.

use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use quarterday_kafka::consumer::{GroupConsumer, GroupListener};
use quarterday_kafka::positions::TopicPartition;
use quarterday_kafka::registry::{RegistryClient, RegistryError, value_subject};
use quarterday_kafka::{BorrowedMessage, MessageFields};
use tokio::runtime::Handle;
use tokio::sync::mpsc::Sender;
use tokio_util::sync::CancellationToken;

use crate::batch::Batch;
use crate::judge::{Feeds, Missing, Named, Verdict};
use crate::signs::{Part, Signs};
use crate::{Error, Parts, WorkerSettings, retry};

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

/// Logs which partitions come and go. Rows of partitions that went are written all the same: that is harmless (I2).
#[derive(Default)]
pub(crate) struct Listener;

impl GroupListener for Listener {
    fn assigned(&self, partitions: &[TopicPartition]) {
        tracing::info!(partitions = partitions.len(), "partitions assigned");
    }

    fn revoked(&self, partitions: &[TopicPartition], lost: bool) {
        tracing::info!(partitions = partitions.len(), lost, "partitions revoked");
    }
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
    batch: Batch,
    /// When the last batch was handed over.
    handed_over: Option<Instant>,
    runtime: Handle,
}

impl Consume {
    /// A loop that is to run on a thread of its own, beside this runtime.
    pub(crate) fn new(parts: Parts, settings: WorkerSettings, links: Links) -> Self {
        let feeds = Feeds::new(&parts.catalogue, settings.max_event_bytes);
        let batch = Batch::new(&parts.catalogue);
        Consume {
            parts,
            settings,
            links,
            feeds,
            batch,
            handed_over: None,
            runtime: Handle::current(),
        }
    }

    /// Consumes until told to stop, then hands over what it has.
    pub(crate) fn run(mut self) -> Result<(), Error> {
        let consumer = Arc::clone(&self.links.consumer);
        let _alive = self.links.signs.alive(Part::Consuming);
        while !self.links.stop.is_cancelled() {
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
                Ok(Came::Nothing) => self.is_old() || self.is_end_of_burst(),
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

    fn take(&mut self, message: &BorrowedMessage<'_>) -> Result<(), Error> {
        loop {
            match self.feeds.judge(message, &mut self.batch) {
                Verdict::Taken => break,
                Verdict::Unknown(missing) => {
                    if !self.ask_for(missing)? {
                        return Ok(());
                    }
                }
            }
        }
        let bytes = message.payload().map_or(0, <[u8]>::len) + message.key().map_or(0, <[u8]>::len);
        self.batch
            .took((message.topic(), message.partition()), message.offset(), bytes);
        let time = message.timestamp().to_millis().unwrap_or(0);
        if self.batch.timed(time) {
            self.links.signs.begin_batch(time);
        }
        Ok(())
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
        let place = self.patiently("ClickHouse", self.links.batches.clone().reserve_owned())?;
        let Ok(place) = place else {
            return Ok(false);
        };
        self.parts.observed.metrics.consumed(&self.batch);
        place.send(std::mem::replace(
            &mut self.batch,
            Batch::new(&self.parts.catalogue),
        ));
        self.handed_over = Some(Instant::now());
        Ok(true)
    }

    /// Waits for `work`. When that takes long it pauses the partitions and polls, so that the group does not take this
    /// member for dead.
    fn patiently<T>(&self, whom: &str, work: impl Future<Output = T>) -> Result<T, Error> {
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
        let done = loop {
            match within(POLL) {
                Ok(done) => break done,
                Err(_elapsed) => self.keep_membership()?,
            }
        };
        self.links.consumer.resume()?;
        tracing::info!("partitions are resumed");
        Ok(done)
    }

    /// Polls, which serves rebalances. Paused partitions give no messages; one that comes all the same goes back.
    fn keep_membership(&self) -> Result<(), Error> {
        self.links.signs.turn();
        match self.links.consumer.poll(Duration::ZERO) {
            Ok(Some(message)) => Ok(self.links.consumer.give_back(&message)?),
            Ok(None) => Ok(()),
            Err(error) if error.is_retryable() => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

/// A question to the registry about a writer's schema.
struct Question {
    registry: RegistryClient,
    stop: CancellationToken,
    by: Named,
    /// The subject of the feed's topic.
    subject: String,
}

/// Schemas with their ids. `None`: told to stop before the registry answered.
type Found = Option<Result<Vec<(u32, String)>, RegistryError>>;

impl Question {
    fn new(parts: &Parts, stop: &CancellationToken, missing: Missing) -> Self {
        let feed = parts.catalogue.feeds().get(missing.feed);
        Question {
            registry: parts.registry.clone(),
            stop: stop.clone(),
            by: missing.by,
            subject: value_subject(feed.map(|f| f.feed.topic.as_str()).unwrap_or_default()),
        }
    }

    async fn ask(self) -> Found {
        match self.by {
            Named::Id(id) => self.schema_of(id).await,
            Named::Fingerprint(_) => self.all_schemas().await,
        }
    }

    async fn schema_of(&self, id: u32) -> Found {
        let ask = || self.registry.schema_by_id(id);
        Some(match self.until_answered("ask for a schema", ask).await? {
            Ok(schema) => Ok(vec![(id, schema.to_string())]),
            Err(RegistryError::UnknownId { .. } | RegistryError::NotAvro { .. }) => Ok(Vec::new()),
            Err(error) => Err(error),
        })
    }

    async fn all_schemas(&self) -> Found {
        let ask = || self.registry.versions(&self.subject);
        let answer = self.until_answered("ask for the schemas of a topic", ask).await?;
        Some(answer.map(|versions| versions.into_iter().map(|v| (v.id, v.schema)).collect()))
    }

    async fn until_answered<T, F>(
        &self,
        what: &str,
        ask: impl FnMut() -> F,
    ) -> Option<Result<T, RegistryError>>
    where
        F: Future<Output = Result<T, RegistryError>>,
    {
        retry::until_done(what, &self.stop, RegistryError::is_retryable, ask).await
    }
}
