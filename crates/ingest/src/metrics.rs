//! Every metric that a worker serves: its name, what kind it is, its label and what it says. This list is all there is: what is
//! served is made from it, and tests hold the page and the alert rules of `deploy/` against it.
//!
//! Names are Prometheus's: a counter ends in `_total`, a time in `_seconds`; everything else counts messages, partitions, refreshes,
//! or says 1 or 0. Labels have few values: the feeds of the feeds file and the probe's, or the reasons of this software.

mod recording;

pub use recording::{Metrics, Readings};

/// What a metric is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Kind {
    /// A number that only rises, until the process is started again.
    Counter,
    /// A number of now.
    Gauge,
    /// How often values came, by size; these are the upper ends of the buckets.
    Histogram(&'static [f64]),
}

/// By what a metric is split.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Label {
    /// Not at all.
    None,
    /// By feed.
    Feed,
    /// By the code of the reason for which messages are quarantined.
    Reason,
}

/// One metric.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Metric {
    /// Its name.
    pub name: &'static str,
    /// What it is.
    pub kind: Kind,
    /// By what it is split.
    pub label: Label,
    /// What it says.
    pub help: &'static str,
}

/// From a tenth of a second, which a batch takes, to the hours of the first refresh of a large history.
const SECONDS: Kind = Kind::Histogram(&[
    0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 1800.0,
]);
const MESSAGES: Kind = Kind::Histogram(&[
    1.0, 10.0, 100.0, 1000.0, 4096.0, 8192.0, 16_384.0, 32_768.0, 65_536.0, 262_144.0,
]);

/// Reasons for which a message is quarantined before its record is checked; those of the checks are `events::judge::Reason`. All have
/// a counter from the beginning: a rise from nothing to one is seen only if there was a nothing.
pub(crate) const REASONS_BEFORE_CHECKS: [&str; 6] = [
    "too-large",
    "empty",
    "not-avro",
    "unusable-schema",
    "unknown-schema",
    "undecodable",
];

const fn metric(name: &'static str, kind: Kind, label: Label, help: &'static str) -> Metric {
    Metric {
        name,
        kind,
        label,
        help,
    }
}

pub(crate) const CONSUMED: Metric = metric(
    "quarterday_messages_consumed_total",
    Kind::Counter,
    Label::Feed,
    "Messages taken from Kafka.",
);
pub(crate) const ACCEPTED: Metric = metric(
    "quarterday_messages_accepted_total",
    Kind::Counter,
    Label::Feed,
    "Messages written to a version log, their offsets committed.",
);
pub(crate) const QUARANTINED: Metric = metric(
    "quarterday_messages_quarantined_total",
    Kind::Counter,
    Label::Feed,
    "Messages put into quarantine, their offsets committed.",
);
pub(crate) const REASONS: Metric = metric(
    "quarterday_quarantine_reasons_total",
    Kind::Counter,
    Label::Reason,
    "Messages put into quarantine, by reason.",
);
pub(crate) const LOST: Metric = metric(
    "quarterday_offsets_lost_total",
    Kind::Counter,
    Label::None,
    "Offsets whose messages could not be consumed: retention or erasure had taken them, or their record batch is damaged.",
);
pub(crate) const EXAMINED: Metric = metric(
    "quarterday_messages_examined_total",
    Kind::Counter,
    Label::Feed,
    "Written messages that were looked up in the log to see what became of them: the newest thousand of each minute.",
);
pub(crate) const DUPLICATE: Metric = metric(
    "quarterday_messages_duplicate_total",
    Kind::Counter,
    Label::Feed,
    "Examined messages that repeat a version: nothing counts twice.",
);
pub(crate) const CONFLICT: Metric = metric(
    "quarterday_messages_conflict_total",
    Kind::Counter,
    Label::Feed,
    "Examined messages that give a version another content than an earlier message: they do not count.",
);
pub(crate) const ORPHAN: Metric = metric(
    "quarterday_messages_orphan_total",
    Kind::Counter,
    Label::Feed,
    "Examined messages about a record that was not submitted when they were looked up: they count once it is.",
);
pub(crate) const LAG_MESSAGES: Metric = metric(
    "quarterday_lag_messages",
    Kind::Gauge,
    Label::None,
    "Messages in this worker's partitions that it has not taken yet.",
);
pub(crate) const LAG_SECONDS: Metric = metric(
    "quarterday_lag_seconds",
    Kind::Gauge,
    Label::None,
    "Age of the oldest message that is not written yet, by its Kafka timestamp; before the worker has written any, since it was asked for and some waited; 0 when all are.",
);
pub(crate) const PARTITIONS: Metric = metric(
    "quarterday_assigned_partitions",
    Kind::Gauge,
    Label::None,
    "Partitions that this worker owns.",
);
pub(crate) const BATCH_MESSAGES: Metric = metric(
    "quarterday_batch_messages",
    MESSAGES,
    Label::None,
    "Messages of each batch written.",
);
pub(crate) const BATCH_SECONDS: Metric = metric(
    "quarterday_batch_seconds",
    SECONDS,
    Label::None,
    "From the beginning of writing a batch until its offsets are committed.",
);
pub(crate) const INSERT_SECONDS: Metric = metric(
    "quarterday_insert_seconds",
    SECONDS,
    Label::None,
    "Inserting a batch's accepted messages into the version logs.",
);
pub(crate) const REFRESH_SECONDS: Metric = metric(
    "quarterday_refresh_seconds",
    SECONDS,
    Label::None,
    "Refreshing what was stale; refreshes that found nothing stale are left out.",
);
pub(crate) const REFRESHES_FAILED: Metric = metric(
    "quarterday_refreshes_failed_total",
    Kind::Counter,
    Label::None,
    "Refreshes that failed; they are tried again.",
);
pub(crate) const FRESHNESS: Metric = metric(
    "quarterday_measure_freshness_seconds",
    Kind::Gauge,
    Label::None,
    "Since the measures were last known to hold everything that was stored; up to 31 when nothing comes, and all of the uptime until the first time.",
);
pub(crate) const PUSH_TO_MEASURE: Metric = metric(
    "quarterday_push_to_measure_seconds",
    SECONDS,
    Label::None,
    "From the push of a probe until the watermark of a refresh covers it.",
);
pub(crate) const PROBE_WAITING: Metric = metric(
    "quarterday_probe_waiting_seconds",
    Kind::Gauge,
    Label::None,
    "Since the push of a probe that no watermark covers yet; 0 when none is under way.",
);
pub(crate) const HEALTHY: Metric = metric(
    "quarterday_healthy",
    Kind::Gauge,
    Label::None,
    "1 when /healthz says 200, else 0.",
);
pub(crate) const READY: Metric = metric(
    "quarterday_ready",
    Kind::Gauge,
    Label::None,
    "1 when /readyz says 200, else 0.",
);

/// All of them.
pub const ALL: [Metric; 22] = [
    CONSUMED,
    ACCEPTED,
    QUARANTINED,
    REASONS,
    LOST,
    EXAMINED,
    DUPLICATE,
    CONFLICT,
    ORPHAN,
    LAG_MESSAGES,
    LAG_SECONDS,
    PARTITIONS,
    BATCH_MESSAGES,
    BATCH_SECONDS,
    INSERT_SECONDS,
    REFRESH_SECONDS,
    REFRESHES_FAILED,
    FRESHNESS,
    PUSH_TO_MEASURE,
    PROBE_WAITING,
    HEALTHY,
    READY,
];

#[cfg(test)]
mod tests;
