//! Sends a probe now and then, and waits until the measures' watermark covers it. A probe may be worked off by any worker of the
//! group: it is known again by its place in the log.

use std::sync::Weak;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use quarterday_events::{Encoder, wire};
use quarterday_kafka::consumer::GroupConsumer;
use quarterday_kafka::producer::{Delivered, Producer, ProducerOptions, Record};
use quarterday_kafka::record_key;
use quarterday_kafka::registry::value_subject;
use tokio::sync::watch;
use tokio::time::{MissedTickBehavior, interval, sleep};
use tokio_util::sync::CancellationToken;

use super::{NAME, PARTNER, REFERENCE, SCHEMA, TOPIC};
use crate::Parts;
use crate::health::Health;
use crate::listener::Listener;

/// How often it is looked whether the worker has joined its group, and whether others have refreshed.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// The longest pause between two looks.
const LOOK_AT_LEAST_EVERY: Duration = Duration::from_secs(15);
/// A probe that cannot be sent fails after so long, and the next is tried.
const DELIVERY_LIMIT: Duration = Duration::from_secs(30);

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// The probing task of one worker.
pub(crate) struct Probing {
    pub(crate) parts: Parts,
    /// Weak: a probe keeps no worker in its group.
    pub(crate) consumer: Weak<GroupConsumer<Listener>>,
    /// Changes with every refresh of this worker.
    pub(crate) refreshed: watch::Receiver<()>,
    pub(crate) health: Health,
    pub(crate) every: Duration,
}

impl Probing {
    /// Sends probes until told to stop.
    pub(crate) async fn run(self, stop: CancellationToken) {
        tokio::select! {
            () = stop.cancelled() => {}
            () = self.probe_for_ever() => {}
        }
    }

    async fn probe_for_ever(&self) {
        // Before, it would be the start of the worker that is measured.
        while !self.has_joined() {
            sleep(LOOK_EVERY).await;
        }
        let mut producer = None;
        let mut due = interval(self.every);
        due.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            due.tick().await;
            let pushed = Instant::now();
            self.health.signs.probe_pushed(pushed);
            let place = self.push_until_sent(&mut producer).await;
            self.arrive(place).await;
            self.parts.observed.metrics.probed(pushed.elapsed());
            self.health.signs.probe_arrived();
        }
    }

    fn has_joined(&self) -> bool {
        let standing = self.health.standing.read();
        standing.is_some_and(|standing| standing.has_joined)
    }

    /// While Kafka or the registry is away the probe counts as waiting.
    async fn push_until_sent(&self, producer: &mut Option<Producer>) -> Delivered {
        loop {
            match self.push(producer).await {
                Ok(place) => return place,
                Err(error) => tracing::warn!(%error, "a probe could not be sent, trying again"),
            }
            // Some errors a producer does not get over.
            *producer = None;
            sleep(LOOK_EVERY).await;
        }
    }

    async fn push(&self, producer: &mut Option<Producer>) -> Result<Delivered, Failure> {
        let producer = match producer {
            Some(producer) => producer,
            None => {
                let options = ProducerOptions {
                    delivery_limit: DELIVERY_LIMIT,
                    ..ProducerOptions::default()
                };
                producer.insert(Producer::new(&self.parts.kafka, options)?)
            }
        };
        let schema_id = self
            .parts
            .registry
            .register(&value_subject(TOPIC), SCHEMA)
            .await?;
        let datum = Encoder::new(&super::record_type()?).encode(&super::record(Timestamp::now()))?;
        let key = record_key(NAME, PARTNER, REFERENCE);
        let mut record = Record::new(TOPIC, key, wire::confluent(schema_id, &datum));
        record.partition = self.own_partition();
        Ok(producer.send(record).await?)
    }

    /// A partition that this worker takes, so that it measures its own way; of a worker that has none the key decides.
    fn own_partition(&self) -> Option<i32> {
        let owned = self.consumer.upgrade()?.assignment().ok()?;
        owned
            .into_iter()
            .find_map(|(topic, partition)| (topic == TOPIC).then_some(partition))
    }

    /// Waits until the measures cover a place. Asks after each refresh of this worker, and now and then for those of others.
    async fn arrive(&self, place: Delivered) {
        let mut refreshed = self.refreshed.clone();
        refreshed.mark_unchanged();
        let mut pause = LOOK_EVERY;
        loop {
            // Whoever refreshes has ended when the channel is closed; then this task is about to end too.
            let _ = tokio::time::timeout(pause, refreshed.changed()).await;
            pause = (pause * 2).min(LOOK_AT_LEAST_EVERY);
            match self.parts.store.covered(NAME, TOPIC, place.partition).await {
                Ok(next) if i64::try_from(next).is_ok_and(|next| next > place.offset) => return,
                Ok(_) => {}
                Err(error) => tracing::debug!(%error, "whether a probe has arrived is not known"),
            }
        }
    }
}
