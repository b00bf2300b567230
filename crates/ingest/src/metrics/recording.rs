//! Counting and measuring, and the text that Prometheus reads. Where nobody serves metrics nothing is kept.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use metrics::{Counter, Gauge, Histogram, Key, Label as KeyLabel, Level, Metadata, NoopRecorder, Recorder};
use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};
use quarterday_events::judge::Reason;
use quarterday_store::{Gap, GapKind, Outcomes};

use super::{self as list, ALL, Kind, Metric};
use crate::Catalogue;
use crate::batch::Batch;

const METADATA: Metadata<'_> = Metadata::new("quarterday", Level::INFO, None);

/// The metrics of one worker; clones share them.
#[derive(Clone)]
pub struct Metrics {
    inner: Arc<Inner>,
}

struct Inner {
    /// By position in the catalogue.
    feeds: Vec<OfFeed>,
    by_topic: HashMap<String, usize>,
    reasons: HashMap<&'static str, Counter>,
    other_reasons: Counter,
    lost: Counter,
    batch_messages: Histogram,
    batch_seconds: Histogram,
    insert_seconds: Histogram,
    refresh_seconds: Histogram,
    refreshes_failed: Counter,
    push_to_measure: Histogram,
    gauges: Gauges,
    /// None where nothing is kept.
    text: Option<PrometheusHandle>,
}

struct OfFeed {
    consumed: Counter,
    accepted: Counter,
    quarantined: Counter,
    examined: Counter,
    duplicate: Counter,
    conflict: Counter,
    orphan: Counter,
}

struct Gauges {
    lag_messages: Gauge,
    lag_seconds: Gauge,
    partitions: Gauge,
    freshness: Gauge,
    probe_waiting: Gauge,
    healthy: Gauge,
    ready: Gauge,
}

/// What is read off when somebody asks.
#[derive(Debug, Clone, Copy, Default)]
pub struct Readings {
    /// Messages not taken yet.
    pub lag_messages: u64,
    /// Age of the oldest message not written yet.
    pub lag: Duration,
    /// Partitions owned.
    pub partitions: usize,
    /// Since the measures held everything that was stored.
    pub freshness: Duration,
    /// Since the push of a probe that is under way.
    pub probe_waiting: Duration,
    /// All parts are alive.
    pub is_healthy: bool,
    /// It can do its work.
    pub is_ready: bool,
}

impl Metrics {
    /// Metrics that are kept, to be served.
    ///
    /// # Errors
    /// The list of metrics is not usable: a defect of this build.
    pub fn kept(catalogue: &Catalogue) -> Result<Self, BuildError> {
        let mut builder = PrometheusBuilder::new();
        for metric in ALL {
            if let Kind::Histogram(buckets) = metric.kind {
                builder = builder.set_buckets_for_metric(Matcher::Full(metric.name.to_owned()), buckets)?;
            }
        }
        let recorder = builder.build_recorder();
        for metric in ALL {
            describe(&recorder, &metric);
        }
        let text = recorder.handle();
        Ok(Self::new(catalogue, &recorder, Some(text)))
    }

    /// Metrics that nobody reads.
    #[must_use]
    pub fn unread(catalogue: &Catalogue) -> Self {
        Self::new(catalogue, &NoopRecorder, None)
    }

    fn new(catalogue: &Catalogue, recorder: &dyn Recorder, text: Option<PrometheusHandle>) -> Self {
        let feeds = catalogue.feeds().iter();
        let by_topic = feeds.clone().map(|f| f.feed.topic.clone()).zip(0..).collect();
        let of_reason = |reason| {
            let label = KeyLabel::new("reason", reason);
            counter(recorder, &list::REASONS, Some(label))
        };
        let of_checks = Reason::ALL.into_iter().map(Reason::as_str);
        let reasons = list::REASONS_BEFORE_CHECKS.into_iter().chain(of_checks);
        let histogram = |metric: &Metric| recorder.register_histogram(&key(metric, None), &METADATA);
        let inner = Inner {
            feeds: feeds.map(|f| OfFeed::new(recorder, &f.feed.name)).collect(),
            by_topic,
            reasons: reasons.map(|reason| (reason, of_reason(reason))).collect(),
            other_reasons: of_reason("other"),
            lost: counter(recorder, &list::LOST, None),
            batch_messages: histogram(&list::BATCH_MESSAGES),
            batch_seconds: histogram(&list::BATCH_SECONDS),
            insert_seconds: histogram(&list::INSERT_SECONDS),
            refresh_seconds: histogram(&list::REFRESH_SECONDS),
            refreshes_failed: counter(recorder, &list::REFRESHES_FAILED, None),
            push_to_measure: histogram(&list::PUSH_TO_MEASURE),
            gauges: Gauges::new(recorder),
            text,
        };
        Metrics {
            inner: Arc::new(inner),
        }
    }

    /// Whether anybody can read them.
    #[must_use]
    pub fn are_kept(&self) -> bool {
        self.inner.text.is_some()
    }

    /// The text that Prometheus reads; empty where nothing is kept.
    #[must_use]
    pub fn text(&self, readings: &Readings) -> String {
        self.inner.gauges.set(readings);
        self.inner
            .text
            .as_ref()
            .map(PrometheusHandle::render)
            .unwrap_or_default()
    }

    /// Puts what was measured into buckets. To be called now and then where nobody reads: else memory grows.
    pub(crate) fn settle(&self) {
        if let Some(text) = &self.inner.text {
            text.run_upkeep();
        }
    }

    /// A batch goes to the writer.
    pub(crate) fn consumed(&self, batch: &Batch) {
        for taken in &batch.taken {
            let feed = self.inner.by_topic.get(&taken.topic);
            if let Some(feed) = feed.and_then(|feed| self.inner.feeds.get(*feed)) {
                feed.consumed.increment(taken.messages);
            }
        }
    }

    /// A batch is written and committed.
    pub(crate) fn written(&self, batch: &Batch, took: Duration) {
        for (feed, rows) in self.inner.feeds.iter().zip(&batch.rows) {
            feed.accepted.increment(count(rows.len()));
        }
        for rejected in &batch.rejected {
            if let Some(feed) = self.inner.feeds.get(rejected.feed) {
                feed.quarantined.increment(1);
            }
            let reason = rejected.message.rejection.reason.as_str();
            let counter = self.inner.reasons.get(reason);
            counter.unwrap_or(&self.inner.other_reasons).increment(1);
        }
        self.inner.batch_messages.record(float(batch.events));
        self.inner.batch_seconds.record(took);
    }

    /// Messages were lost before they could be consumed.
    pub(crate) fn lost(&self, gaps: &[Gap]) {
        let lost = gaps.iter().filter(|gap| gap.kind != GapKind::Kafka);
        let offsets = lost.map(|gap| u64::try_from(gap.next - gap.first).unwrap_or_default());
        self.inner.lost.increment(offsets.sum());
    }

    /// The accepted messages of a batch are inserted.
    pub(crate) fn inserted(&self, took: Duration) {
        self.inner.insert_seconds.record(took);
    }

    /// Something stale was refreshed.
    pub(crate) fn refreshed(&self, took: Duration) {
        self.inner.refresh_seconds.record(took);
    }

    /// A refresh failed.
    pub(crate) fn refresh_failed(&self) {
        self.inner.refreshes_failed.increment(1);
    }

    /// A probe is in the measures' watermark.
    pub(crate) fn probed(&self, took: Duration) {
        self.inner.push_to_measure.record(took);
    }

    /// Messages of a topic were looked up.
    pub(crate) fn examined(&self, topic: &str, outcomes: &Outcomes) {
        let feed = self.inner.by_topic.get(topic);
        if let Some(feed) = feed.and_then(|feed| self.inner.feeds.get(*feed)) {
            feed.examined.increment(outcomes.examined);
            feed.duplicate.increment(outcomes.duplicate);
            feed.conflict.increment(outcomes.conflict);
            feed.orphan.increment(outcomes.orphan);
        }
    }
}

impl OfFeed {
    fn new(recorder: &dyn Recorder, feed: &str) -> Self {
        let of = |metric: &Metric| {
            let label = KeyLabel::new("feed", feed.to_owned());
            counter(recorder, metric, Some(label))
        };
        OfFeed {
            consumed: of(&list::CONSUMED),
            accepted: of(&list::ACCEPTED),
            quarantined: of(&list::QUARANTINED),
            examined: of(&list::EXAMINED),
            duplicate: of(&list::DUPLICATE),
            conflict: of(&list::CONFLICT),
            orphan: of(&list::ORPHAN),
        }
    }
}

impl Gauges {
    fn new(recorder: &dyn Recorder) -> Self {
        let gauge = |metric: &Metric| recorder.register_gauge(&key(metric, None), &METADATA);
        Gauges {
            lag_messages: gauge(&list::LAG_MESSAGES),
            lag_seconds: gauge(&list::LAG_SECONDS),
            partitions: gauge(&list::PARTITIONS),
            freshness: gauge(&list::FRESHNESS),
            probe_waiting: gauge(&list::PROBE_WAITING),
            healthy: gauge(&list::HEALTHY),
            ready: gauge(&list::READY),
        }
    }

    fn set(&self, readings: &Readings) {
        self.lag_messages.set(float(
            usize::try_from(readings.lag_messages).unwrap_or(usize::MAX),
        ));
        self.lag_seconds.set(readings.lag);
        self.partitions.set(float(readings.partitions));
        self.freshness.set(readings.freshness);
        self.probe_waiting.set(readings.probe_waiting);
        self.healthy.set(u8::from(readings.is_healthy));
        self.ready.set(u8::from(readings.is_ready));
    }
}

fn describe(recorder: &dyn Recorder, metric: &Metric) {
    let (name, help) = (metric.name.into(), metric.help.into());
    match metric.kind {
        Kind::Counter => recorder.describe_counter(name, None, help),
        Kind::Gauge => recorder.describe_gauge(name, None, help),
        Kind::Histogram(_) => recorder.describe_histogram(name, None, help),
    }
}

fn counter(recorder: &dyn Recorder, metric: &Metric, label: Option<KeyLabel>) -> Counter {
    recorder.register_counter(&key(metric, label), &METADATA)
}

fn key(metric: &Metric, label: Option<KeyLabel>) -> Key {
    Key::from_parts(metric.name, label.into_iter().collect::<Vec<_>>())
}

fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

/// Counts of messages and partitions are far below where a float would round them.
fn float(number: usize) -> f64 {
    u32::try_from(number).map_or(f64::from(u32::MAX), f64::from)
}
