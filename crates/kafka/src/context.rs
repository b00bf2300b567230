//! How librdkafka's own log lines and errors reach our log. Losing a broker for a while is normal and repeated by
//! librdkafka every second or so: it is logged for debugging only; whoever waits for an answer reports the failure.

use std::sync::atomic::{AtomicBool, Ordering};

use rdkafka::config::RDKafkaLogLevel;
use rdkafka::consumer::ConsumerContext;
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::{ClientContext, Statistics};

/// Context of clients without a group.
#[derive(Default)]
pub(crate) struct Context {
    log: ClientLog,
}

/// Decides what of a client's chatter is logged, and at which level.
#[derive(Default)]
pub(crate) struct ClientLog {
    brokers_down: AtomicBool,
}

impl ClientContext for Context {
    fn log(&self, level: RDKafkaLogLevel, facility: &str, text: &str) {
        self.log.line(level, facility, text);
    }

    fn stats(&self, _statistics: Statistics) {}

    fn error(&self, error: KafkaError, reason: &str) {
        self.log.error(&error, reason);
    }
}

impl ConsumerContext for Context {}

impl ClientLog {
    pub(crate) fn line(&self, level: RDKafkaLogLevel, facility: &str, text: &str) {
        // CONFWARN: settings are passed to producers and consumers alike, so each gets some that are not for it.
        let noise = matches!(facility, "CONFWARN" | "FAIL" | "ERROR" | "REQTMOUT");
        match level {
            RDKafkaLogLevel::Emerg
            | RDKafkaLogLevel::Alert
            | RDKafkaLogLevel::Critical
            | RDKafkaLogLevel::Error
            | RDKafkaLogLevel::Warning
                if !noise =>
            {
                tracing::warn!(target: "librdkafka", facility, "{text}");
            }
            _ => tracing::debug!(target: "librdkafka", facility, "{text}"),
        }
    }

    pub(crate) fn error(&self, error: &KafkaError, reason: &str) {
        match error.rdkafka_error_code() {
            Some(RDKafkaErrorCode::AllBrokersDown) => {
                if !self.brokers_down.swap(true, Ordering::Relaxed) {
                    tracing::warn!(target: "librdkafka", reason, "no Kafka broker can be reached");
                }
            }
            Some(RDKafkaErrorCode::BrokerTransportFailure | RDKafkaErrorCode::Resolve) => {
                tracing::debug!(target: "librdkafka", reason, "connection to a Kafka broker failed");
            }
            // Readers ask for it, and take it as an answer.
            Some(RDKafkaErrorCode::PartitionEOF) => {}
            _ => tracing::warn!(target: "librdkafka", %error, reason, "Kafka client error"),
        }
    }

    /// Something came from a broker: the next outage is news again.
    pub(crate) fn alive(&self) {
        if self.brokers_down.load(Ordering::Relaxed) {
            self.brokers_down.store(false, Ordering::Relaxed);
        }
    }
}
