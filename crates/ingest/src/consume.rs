//! The consuming loop: takes messages, has them judged into the batch being filled, and hands full or old batches over.

use std::sync::Arc;
use std::time::Duration;

use quarterday_kafka::consumer::{GroupConsumer, GroupListener};
use quarterday_kafka::positions::TopicPartition;
use quarterday_kafka::registry::{RegistryError, value_subject};
use quarterday_kafka::{BorrowedMessage, MessageFields};
use tokio::runtime::Handle;
use tokio::sync::mpsc::{Sender, error::TrySendError};
use tokio_util::sync::CancellationToken;

use crate::batch::Batch;
use crate::judge::{Feeds, Missing, Named, Verdict};
use crate::{Error, Parts, WorkerSettings, retry};

/// How long one poll waits for a message.
const POLL: Duration = Duration::from_millis(100);
/// How long the loop waits for the writer before it pauses the partitions instead.
const PATIENCE: Duration = Duration::from_secs(30);

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
}

pub(crate) struct Consume {
    parts: Parts,
    settings: WorkerSettings,
    links: Links,
    feeds: Feeds,
    batch: Batch,
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
            runtime: Handle::current(),
        }
    }

    /// Consumes until told to stop, then hands over what it has.
    pub(crate) fn run(mut self) -> Result<(), Error> {
        let consumer = Arc::clone(&self.links.consumer);
        while !self.links.stop.is_cancelled() {
            match consumer.poll(self.wait()) {
                Ok(Some(message)) => self.take(&message)?,
                Ok(None) => {}
                Err(error) if error.is_retryable() => tracing::debug!(%error, "polling again"),
                Err(error) => return Err(error.into()),
            }
            if self.is_due() && !self.hand_over()? {
                break;
            }
        }
        if !self.batch.is_empty() {
            self.hand_over()?;
        }
        Ok(())
    }

    /// How long a poll may wait without a batch getting too old.
    fn wait(&self) -> Duration {
        let left = self
            .batch
            .started
            .map(|s| self.settings.batch_age().saturating_sub(s.elapsed()));
        left.map_or(POLL, |left| left.min(POLL))
    }

    fn is_due(&self) -> bool {
        let old = || {
            self.batch
                .started
                .is_some_and(|started| started.elapsed() >= self.settings.batch_age())
        };
        // The size in bytes is summed only now and then: it changes little by little.
        let large =
            || self.batch.events.is_multiple_of(1024) && self.batch.bytes() >= self.settings.batch_bytes;
        !self.batch.is_empty() && (self.batch.events >= self.settings.batch_events || large() || old())
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
        self.batch
            .took(message.topic(), message.partition(), message.offset());
        Ok(())
    }

    /// Asks the registry for a writer's schema, for as long as the registry is away. `false`: told to stop meanwhile.
    fn ask_for(&mut self, missing: Missing) -> Result<bool, Error> {
        let asked = match missing.by {
            Named::Id(id) => self.schema_of(id),
            Named::Fingerprint(_) => self.schemas_of(missing.feed),
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

    /// The schema with this id, if there is one. `None`: told to stop meanwhile.
    fn schema_of(&self, id: u32) -> Option<Result<Vec<(u32, String)>, Error>> {
        let registry = self.parts.registry.clone();
        let asked = self.asking("ask for a schema", || {
            let registry = registry.clone();
            async move { registry.schema_by_id(id).await }
        })?;
        Some(match asked {
            Ok(schema) => Ok(vec![(id, schema.to_string())]),
            Err(RegistryError::UnknownId { .. } | RegistryError::NotAvro { .. }) => Ok(Vec::new()),
            Err(error) => Err(error.into()),
        })
    }

    /// All versions under the subject of the feed's topic. `None`: told to stop meanwhile.
    fn schemas_of(&self, feed: usize) -> Option<Result<Vec<(u32, String)>, Error>> {
        let topic = self
            .parts
            .catalogue
            .feeds()
            .get(feed)
            .map(|f| f.feed.topic.as_str());
        let subject = value_subject(topic.unwrap_or_default());
        let registry = self.parts.registry.clone();
        let asked = self.asking("ask for the schemas of a topic", || {
            let (registry, subject) = (registry.clone(), subject.clone());
            async move { registry.versions(&subject).await }
        })?;
        Some(match asked {
            Ok(versions) => Ok(versions.into_iter().map(|v| (v.id, v.schema)).collect()),
            Err(error) => Err(error.into()),
        })
    }

    /// Asks the registry until it answers. `None`: told to stop meanwhile.
    fn asking<T, F>(&self, what: &'static str, ask: impl FnMut() -> F) -> Option<Result<T, RegistryError>>
    where
        F: Future<Output = Result<T, RegistryError>>,
    {
        let stop = &self.links.stop;
        self.runtime
            .block_on(retry::until_done(what, stop, RegistryError::is_retryable, ask))
    }

    /// Gives the batch to the writer and begins a new one. While the writer is busy it waits; when that takes long it
    /// pauses the partitions and polls, so that the group does not take it for dead. `false`: the writer has ended.
    fn hand_over(&mut self) -> Result<bool, Error> {
        let mut batch = std::mem::replace(&mut self.batch, Batch::new(&self.parts.catalogue));
        batch.is_full = batch.events >= self.settings.batch_events;
        let batches = self.links.batches.clone();
        let patient = async { tokio::time::timeout(PATIENCE, batches.reserve()).await };
        match self.runtime.block_on(patient) {
            Ok(Ok(place)) => {
                place.send(batch);
                Ok(true)
            }
            Ok(Err(_closed)) => Ok(false),
            Err(_elapsed) => self.hand_over_paused(batch),
        }
    }

    fn hand_over_paused(&self, mut batch: Batch) -> Result<bool, Error> {
        tracing::warn!("ClickHouse is slow or away: partitions are paused");
        self.links.consumer.pause()?;
        loop {
            match self.links.batches.try_send(batch) {
                Ok(()) => break,
                Err(TrySendError::Closed(_)) => return Ok(false),
                Err(TrySendError::Full(back)) => batch = back,
            }
            // Paused partitions give no messages; polling keeps the membership alive and serves rebalances.
            if let Err(error) = self.links.consumer.poll(POLL)
                && !error.is_retryable()
            {
                return Err(error.into());
            }
        }
        self.links.consumer.resume()?;
        tracing::info!("partitions are resumed");
        Ok(true)
    }
}
