//! Starting and stopping a worker.

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use quarterday_kafka::KafkaSettings;
use quarterday_kafka::consumer::{ConsumerOptions, GroupConsumer};
use quarterday_kafka::decisions;
use quarterday_kafka::registry::RegistryClient;
use quarterday_store::Store;
use tokio::sync::{Notify, OnceCell, mpsc, oneshot, watch};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::consume::{Consume, Links};
use crate::examiner::Examiner;
use crate::health::Health;
use crate::listener::Listener;
use crate::observed::Observed;
use crate::probe::Probing;
use crate::refresher::Refresher;
use crate::signs::Signs;
use crate::task::Task;
use crate::watermarks::Teller;
use crate::writer::Writer;
use crate::{Catalogue, Error, WorkerSettings, task};

/// How long a stopping worker goes on trying to write its last batch while something is away.
const LAST_BATCH_LIMIT: Duration = Duration::from_secs(20);

/// What a worker works with.
#[derive(Clone)]
pub struct Parts {
    /// Feeds, schemas and code lists.
    pub catalogue: Arc<Catalogue>,
    /// Where the log is.
    pub kafka: KafkaSettings,
    /// Where the writers' schemas are.
    pub registry: RegistryClient,
    /// Where rows go.
    pub store: Store,
    /// What is kept about the worker for others to read.
    pub observed: Observed,
    /// What it is there for.
    pub task: Task,
}

/// What a worker has done since it started.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Batches written.
    pub batches: u64,
    /// Messages that became version rows.
    pub accepted: u64,
    /// Messages that went to quarantine.
    pub rejected: u64,
}

/// A running worker. Dropping it stops nothing gracefully: call [`Worker::stop`].
pub struct Worker {
    stop: CancellationToken,
    give_up: CancellationToken,
    counts: watch::Receiver<Counts>,
    health: Health,
    /// [`Worker::ended`] has told how it ended.
    is_over: bool,
    consuming: oneshot::Receiver<Result<(), Error>>,
    writing: JoinHandle<Result<(), Error>>,
    /// Told when another store was put in force.
    replaced: CancellationToken,
    /// None where nothing is shown.
    refreshing: Option<JoinHandle<()>>,
}

impl Worker {
    /// Joins the group and starts working. The feeds' topics, the quarantine topic and the schema must exist.
    ///
    /// # Errors
    /// Settings that librdkafka refuses.
    pub fn start(parts: Parts, settings: &WorkerSettings) -> Result<Self, Error> {
        let (stop, give_up) = (CancellationToken::new(), CancellationToken::new());
        let consumer = join_group(&parts, settings, &give_up)?;
        let (batches, batches_in) = mpsc::channel(1);
        let (counts, counts_out) = watch::channel(Counts::default());
        let written = Arc::new(Notify::new());
        let health = health(&parts, &consumer, settings);
        let signs = Arc::clone(&health.signs);

        let writer = writer(&parts, (&consumer, &health), counts, &written, &give_up);
        if parts.observed.metrics.are_kept() {
            tokio::spawn(writer.examiner.clone().run(stop.clone()));
        }
        let writing = tokio::spawn(writer.run(batches_in));
        let replaced = CancellationToken::new();
        let refreshing = match parts.task {
            Task::Rebuild(_) | Task::Prove(_) => None,
            Task::Serve => {
                let following = task::follow(parts.store.clone(), replaced.clone(), stop.clone());
                tokio::spawn(following);
                let refresher = refresher(&parts, (&consumer, &health), settings, &written);
                show(&parts, (&consumer, &health), &refresher, &stop);
                Some(tokio::spawn(refresher.run(stop.clone())))
            }
        };
        let links = Links {
            consumer,
            batches,
            stop: stop.clone(),
            signs,
        };
        let consume = Consume::new(parts, settings.clone(), links);
        Ok(Worker {
            stop,
            give_up,
            counts: counts_out,
            health,
            is_over: false,
            consuming: on_a_thread(consume),
            writing,
            replaced,
            refreshing,
        })
    }

    /// What has been done so far; changes with every batch written.
    #[must_use]
    pub fn counts(&self) -> watch::Receiver<Counts> {
        self.counts.clone()
    }

    /// How it is.
    #[must_use]
    pub fn health(&self) -> Health {
        self.health.clone()
    }

    /// Waits until the worker ends by itself, which it does only for an error. Not to be called again once it has returned.
    ///
    /// # Errors
    /// Why it ended. [`Error::Replaced`]: it has not, but is to be stopped.
    pub async fn ended(&mut self) -> Result<(), Error> {
        let replaced = self.replaced.clone();
        let ended = tokio::select! {
            ended = self.end() => ended,
            () = replaced.cancelled() => return Err(Error::Replaced),
        };
        self.is_over = true;
        ended
    }

    async fn end(&mut self) -> Result<(), Error> {
        let consumed = tokio::select! {
            consumed = &mut self.consuming => consumed.unwrap_or(Err(Error::Ended("consuming thread"))),
            written = &mut self.writing => {
                written.unwrap_or(Err(Error::Ended("writing task")))?;
                // It has no more to write: the loop has ended, and may know why.
                return (&mut self.consuming).await.unwrap_or(Err(Error::Ended("consuming thread")));
            }
        };
        // The loop ends without an error of its own when the writer has ended: the writer knows why.
        consumed?;
        (&mut self.writing)
            .await
            .unwrap_or(Err(Error::Ended("writing task")))
    }

    /// Stops gracefully: writes what was consumed, commits, leaves the group, brings the measures up to date.
    ///
    /// # Errors
    /// Why the last batch could not be written; nothing is lost, the next worker consumes it again.
    pub async fn stop(self) -> Result<Counts, Error> {
        if self.is_over {
            return Ok(*self.counts.borrow());
        }
        self.stop.cancel();
        let give_up = self.give_up.clone();
        let limit = tokio::spawn(async move {
            tokio::time::sleep(LAST_BATCH_LIMIT).await;
            give_up.cancel();
        });
        let consumed = self
            .consuming
            .await
            .unwrap_or(Err(Error::Ended("consuming thread")));
        let written = self.writing.await.unwrap_or(Err(Error::Ended("writing task")));
        limit.abort();
        let is_shown = self.refreshing.is_some() && !self.replaced.is_cancelled();
        if let Some(refreshing) = self.refreshing {
            let _ = refreshing.await;
        }
        consumed.and(written)?;
        if is_shown {
            refresh_last(&self.health.store).await;
        }
        let counts = *self.counts.borrow();
        Ok(counts)
    }
}

fn refresher(
    parts: &Parts,
    (consumer, health): (&Arc<GroupConsumer<Listener>>, &Health),
    settings: &WorkerSettings,
    written: &Arc<Notify>,
) -> Refresher {
    let observing = (parts.observed.metrics.clone(), Arc::clone(&health.signs));
    Refresher::new(parts.store.clone(), consumer, written, settings, observing)
}

/// Tells Kafka of refreshes, and sends probes if it is to.
fn show(
    parts: &Parts,
    (consumer, health): (&Arc<GroupConsumer<Listener>>, &Health),
    refresher: &Refresher,
    stop: &CancellationToken,
) {
    let refreshed = refresher.refreshed();
    let teller = Teller::new(parts.store.clone(), parts.kafka.clone(), refreshed.clone());
    tokio::spawn(teller.run(stop.clone()));
    if let Some(every) = parts.observed.probe_every {
        let probing = Probing {
            parts: parts.clone(),
            consumer: Arc::downgrade(consumer),
            refreshed,
            health: health.clone(),
            every,
        };
        tokio::spawn(probing.run(stop.clone()));
    }
}

/// The rows of the last batch are in no measure yet. If that fails or takes long, the next worker sees it.
async fn refresh_last(store: &Store) {
    let refresh = async {
        let in_force = store.in_force().await?;
        match in_force.names() == store.names() {
            true => store.refresh_stale().await,
            // Nobody sees it any more.
            false => Ok(0),
        }
    };
    match tokio::time::timeout(LAST_BATCH_LIMIT, refresh).await {
        Ok(Ok(_)) => {}
        Ok(Err(error)) => tracing::warn!(%error, "measures are not up to date"),
        Err(_elapsed) => tracing::warn!("measures are not up to date: refreshing takes long"),
    }
}

fn join_group(
    parts: &Parts,
    settings: &WorkerSettings,
    give_up: &CancellationToken,
) -> Result<Arc<GroupConsumer<Listener>>, Error> {
    let mut topics = settings.topics(&parts.catalogue)?;
    topics.push(decisions::TOPIC.to_owned());
    let mut options = ConsumerOptions::new(&settings.group, topics);
    options.fetch_ahead_kib = settings.fetch_ahead_kib;
    let listener = Listener::new(give_up.clone());
    Ok(Arc::new(GroupConsumer::join(&parts.kafka, &options, listener)?))
}

fn health(parts: &Parts, consumer: &Arc<GroupConsumer<Listener>>, settings: &WorkerSettings) -> Health {
    Health {
        signs: Signs::new(),
        standing: consumer.standing(),
        store: parts.store.clone(),
        metrics: parts.observed.metrics.clone(),
        patience: settings.patience(),
        answer: Arc::default(),
    }
}

fn writer(
    parts: &Parts,
    (consumer, health): (&Arc<GroupConsumer<Listener>>, &Health),
    counts: watch::Sender<Counts>,
    written: &Arc<Notify>,
    give_up: &CancellationToken,
) -> Writer {
    Writer {
        catalogue: Arc::clone(&parts.catalogue),
        consumer: Arc::clone(consumer),
        kafka: parts.kafka.clone(),
        quarantine: OnceCell::new(),
        task: parts.task.clone(),
        store: parts.store.clone(),
        counts,
        written: Arc::clone(written),
        metrics: health.metrics.clone(),
        signs: Arc::clone(&health.signs),
        examiner: Examiner::new(&parts.catalogue, &parts.store, &health.metrics),
        stop: give_up.clone(),
    }
}

/// Runs the consuming loop on a thread of its own: librdkafka blocks.
fn on_a_thread(consume: Consume) -> oneshot::Receiver<Result<(), Error>> {
    let (done, ended) = oneshot::channel();
    let run = move || {
        let _ = done.send(consume.run());
    };
    // Without a thread nothing is sent, which the receiver reports.
    if let Err(error) = thread::Builder::new()
        .name("quarterday-consume".to_owned())
        .spawn(run)
    {
        tracing::error!(%error, "no thread for consuming");
    }
    ended
}
