//! Writes finished batches, in the order that the crate's head describes, and commits their offsets.

use std::future::Future;
use std::sync::Arc;
use std::time::Instant;

use quarterday_kafka::KafkaSettings;
use quarterday_kafka::consumer::{CommitError, GroupConsumer};
use quarterday_kafka::producer::{Delivered, Producer, ProducerOptions};
use quarterday_kafka::quarantine::{self, Quarantine, QuarantineMessage};
use quarterday_store::{Gap, Position, Rejected, Store, Warning, rejected};
use tokio::sync::{Notify, OnceCell, mpsc, watch};
use tokio_util::sync::CancellationToken;

use crate::batch::{Batch, RejectedMessage, WarningNote};
use crate::examiner::Examiner;
use crate::listener::Listener;
use crate::metrics::Metrics;
use crate::retry::{Until, until_done};
use crate::signs::{Part, Signs};
use crate::task::Task;
use crate::worker::Counts;
use crate::{Catalogue, Error, gaps};

/// Where a rejected message lies that is not sent.
const HELD_BACK: Delivered = Delivered {
    partition: rejected::HELD_BACK.0,
    offset: rejected::HELD_BACK.1,
};

/// The largest message that can go to quarantine whole; a larger one leaves a notice there.
const QUARANTINE_LIMIT: usize = 64 << 20;

pub(crate) struct Writer {
    pub(crate) catalogue: Arc<Catalogue>,
    pub(crate) consumer: Arc<GroupConsumer<Listener>>,
    pub(crate) kafka: KafkaSettings,
    /// Made when the first message is rejected: a producer polls all the time.
    pub(crate) quarantine: OnceCell<Quarantine>,
    /// Says what is left in which topic.
    pub(crate) task: Task,
    pub(crate) store: Store,
    pub(crate) counts: watch::Sender<Counts>,
    pub(crate) written: Arc<Notify>,
    pub(crate) metrics: Metrics,
    pub(crate) signs: Arc<Signs>,
    /// Told what was written, to look up what became of it.
    pub(crate) examiner: Examiner,
    /// Ends all terms when the worker is to stop and something is away.
    pub(crate) stop: CancellationToken,
}

impl Writer {
    /// Writes batches until there are no more.
    pub(crate) async fn run(self, mut batches: mpsc::Receiver<Batch>) -> Result<(), Error> {
        let _alive = self.signs.alive(Part::Writing);
        while let Some(mut batch) = batches.recv().await {
            if self.is_over(&batch) || !self.write(&mut batch).await? {
                if self.stop.is_cancelled() {
                    break;
                }
                if batch.events > 0 {
                    self.signs.drop_oldest_batch();
                }
                tracing::info!(
                    events = batch.events,
                    "partitions went before what was taken was written: it is taken anew"
                );
            }
        }
        Ok(())
    }

    /// The consuming thread may not have heard yet that all partitions were lost.
    fn is_over(&self, batch: &Batch) -> bool {
        batch.term.is_cancelled() || self.consumer.is_lost()
    }

    /// Writes one batch. `false` when its term was over, or the worker was told to stop, while something was away: nothing is
    /// committed then.
    async fn write(&self, batch: &mut Batch) -> Result<bool, Error> {
        let began = Instant::now();
        let Some(places) = self.put_aside(batch).await.transpose()? else {
            return Ok(false);
        };
        let put_aside = Instant::now();
        let Some(()) = self.insert(batch).await.transpose()? else {
            return Ok(false);
        };
        let inserted = Instant::now();
        self.metrics.inserted(inserted - put_aside);
        let Some(()) = self.list_rejected(batch, &places).await.transpose()? else {
            return Ok(false);
        };
        let Some(gaps) = self.keep_books(batch).await.transpose()? else {
            return Ok(false);
        };
        let Some(()) = self.note_positions(batch).await.transpose()? else {
            return Ok(false);
        };
        // Whoever has the partitions next begins at the store's positions; the group's offsets are for onlookers.
        batch.on_its_way = None;
        self.metrics.lost(&gaps);
        self.written.notify_one();
        if self.task.commits() {
            self.commit(batch).await?;
        }
        self.report(batch, began, inserted);
        self.metrics.written(batch, began.elapsed());
        if batch.events > 0 {
            self.signs.end_batch(batch.times_ms.1);
        }
        self.examiner.note(&batch.taken);
        Ok(true)
    }

    /// Sends rejected messages that are not there yet to the quarantine topic; gives the places of all, in order.
    async fn put_aside(&self, batch: &Batch) -> Option<Result<Vec<Delivered>, Error>> {
        let new = batch.rejected.iter().filter(|r| r.place.is_none());
        let messages: Vec<_> = new.map(|r| &r.message).collect();
        let placed = if messages.is_empty() {
            Vec::new()
        } else if !self.task.sends() {
            vec![HELD_BACK; messages.len()]
        } else {
            match self.send_to_quarantine(batch, &messages).await? {
                Ok(placed) => placed,
                Err(error) => return Some(Err(error)),
            }
        };
        let mut placed = placed.into_iter();
        let places = batch
            .rejected
            .iter()
            .filter_map(|r| r.place.or_else(|| placed.next()));
        Some(Ok(places.collect()))
    }

    async fn send_to_quarantine(
        &self,
        batch: &Batch,
        messages: &[&QuarantineMessage],
    ) -> Option<Result<Vec<Delivered>, Error>> {
        let quarantine = match self
            .quarantine
            .get_or_try_init(|| async { self.open_quarantine() })
            .await
        {
            Ok(quarantine) => quarantine,
            Err(error) => return Some(Err(error.into())),
        };
        let put = || quarantine.put(messages);
        let done = until_done(
            "quarantine messages",
            self.until(batch),
            quarterday_kafka::Error::is_retryable,
            put,
        )
        .await?;
        Some(done.map_err(Error::from))
    }

    fn open_quarantine(&self) -> Result<Quarantine, quarterday_kafka::Error> {
        let options = ProducerOptions {
            message_limit: QUARANTINE_LIMIT,
            ..ProducerOptions::default()
        };
        let producer = Producer::new(&self.kafka, options)?;
        Ok(Quarantine::new(producer, quarantine::TOPIC))
    }

    async fn insert(&self, batch: &Batch) -> Option<Result<(), Error>> {
        for (feed, rows) in self.catalogue.feeds().iter().zip(&batch.rows) {
            let insert = || self.store.insert_versions(&feed.record_type, rows);
            if let Err(error) = self.to_store(batch, "insert version rows", insert).await? {
                return Some(Err(error));
            }
        }
        Some(Ok(()))
    }

    async fn list_rejected(&self, batch: &Batch, places: &[Delivered]) -> Option<Result<(), Error>> {
        let rows: Vec<Rejected> = batch
            .rejected
            .iter()
            .zip(places)
            .filter_map(|(r, place)| self.rejected_row(r, *place))
            .collect();
        let warnings: Vec<Warning> = batch
            .warnings
            .iter()
            .filter_map(|w| self.warning_row(w))
            .collect();
        if let Err(error) = self
            .to_store(batch, "list rejected messages", || {
                self.store.write_rejected(&rows)
            })
            .await?
        {
            return Some(Err(error));
        }
        self.to_store(batch, "list warnings", || self.store.write_warnings(&warnings))
            .await
    }

    /// Notes replays, decisions and gaps; gives the gaps.
    async fn keep_books(&self, batch: &Batch) -> Option<Result<Vec<Gap>, Error>> {
        let gaps = match gaps::told_apart(&self.kafka, &batch.gaps, self.until(batch)).await? {
            Ok(gaps) => gaps,
            Err(error) => return Some(Err(error)),
        };
        let write = || async {
            self.store.write_replays(&batch.replays).await?;
            self.store.write_decisions(&batch.decisions).await?;
            self.store.write_gaps(&gaps).await
        };
        let kept = self.to_store(batch, "keep the books", write).await?;
        Some(kept.map(|()| gaps))
    }

    async fn note_positions(&self, batch: &Batch) -> Option<Result<(), Error>> {
        let record_type_of = |topic: &str| {
            let feed = self.catalogue.feeds().iter().find(|f| f.feed.topic == topic);
            feed.map(|f| f.feed.record_type.clone()).unwrap_or_default()
        };
        let positions: Vec<Position> = batch
            .next_offsets
            .iter()
            .map(|((topic, partition), next)| Position {
                topic: topic.clone(),
                partition: *partition,
                record_type: record_type_of(topic),
                next_offset: *next,
            })
            .collect();
        self.to_store(batch, "write positions", || {
            self.store.write_positions(&positions)
        })
        .await
    }

    fn until<'t>(&'t self, batch: &'t Batch) -> Until<'t> {
        Until {
            over: &batch.term,
            stop: &self.stop,
        }
    }

    /// Tries a write to the store again while ClickHouse is away. `None`: the term is over.
    async fn to_store<F>(
        &self,
        batch: &Batch,
        what: &str,
        attempt: impl FnMut() -> F,
    ) -> Option<Result<(), Error>>
    where
        F: Future<Output = quarterday_store::Result<()>>,
    {
        let done = until_done(
            what,
            self.until(batch),
            quarterday_store::Error::is_retryable,
            attempt,
        )
        .await?;
        Some(done.map_err(Error::from))
    }

    /// Commits. A refused commit loses nothing: whoever owns the partitions works the same stretch off again.
    async fn commit(&self, batch: &Batch) -> Result<(), Error> {
        let commit = || {
            let (consumer, offsets) = (Arc::clone(&self.consumer), batch.next_offsets.clone());
            async move {
                let blocking = tokio::task::spawn_blocking(move || consumer.commit(&offsets));
                blocking.await.unwrap_or(Ok(()))
            }
        };
        let passes = |e: &CommitError| matches!(e, CommitError::Retryable(_));
        match until_done("commit offsets", self.until(batch), passes, commit).await {
            None | Some(Ok(())) => Ok(()),
            Some(Err(error @ CommitError::Revoked(_))) => {
                tracing::info!(%error, "offsets were not committed; the new owner works them off again");
                Ok(())
            }
            Some(Err(error)) => Err(Error::Commit(error)),
        }
    }

    fn rejected_row(&self, rejected: &RejectedMessage, place: Delivered) -> Option<Rejected> {
        let feed = &self.catalogue.feeds().get(rejected.feed)?.feed;
        let (original, rejection) = (&rejected.message.original, &rejected.message.rejection);
        Some(Rejected {
            topic: original.topic.clone(),
            kafka_partition: original.partition,
            kafka_offset: original.offset,
            kafka_time_ms: original.timestamp_ms.unwrap_or(0),
            feed: feed.name.clone(),
            stage: rejection.stage.as_str().to_owned(),
            reason: rejection.reason.clone(),
            field: rejection.about.field.clone(),
            detail: rejection.detail.clone(),
            partner: rejection.about.partner.clone(),
            reference: rejection.about.reference.clone(),
            bytes: u32::try_from(rejected.message.bytes()).unwrap_or(u32::MAX),
            quarantine_partition: place.partition,
            quarantine_offset: place.offset,
        })
    }

    fn warning_row(&self, note: &WarningNote) -> Option<Warning> {
        let feed = &self.catalogue.feeds().get(note.feed)?.feed;
        Some(Warning {
            topic: feed.topic.clone(),
            partition: note.partition,
            offset: note.offset,
            feed: feed.name.clone(),
            warning: note.check.clone(),
        })
    }

    fn report(&self, batch: &Batch, began: Instant, inserted: Instant) {
        let (accepted, rejected) = (batch.accepted(), batch.rejected.len());
        self.counts.send_modify(|counts| {
            counts.batches += 1;
            counts.accepted += u64::try_from(accepted).unwrap_or(0);
            counts.rejected += u64::try_from(rejected).unwrap_or(0);
        });
        tracing::info!(
            events = batch.events,
            accepted,
            rejected,
            warnings = batch.warnings.len(),
            partitions = batch.next_offsets.len(),
            insert_ms = u64::try_from((inserted - began).as_millis()).unwrap_or(u64::MAX),
            batch_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX),
            "batch written"
        );
    }
}
