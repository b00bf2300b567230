//! Logs go to stderr: for people on a terminal, as JSON otherwise. `QUARTERDAY_LOG` sets the level (as `RUST_LOG` does in
//! other programs); a record's content is never logged.

use std::io::{IsTerminal, stderr};

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt;

/// Sets up logging for this process. `default` is the level without `QUARTERDAY_LOG`.
pub fn start(default: &str) {
    // Only our own crates speak below warnings, and the embedded broker not at all: it logs its clients' faults as its own.
    let filter = EnvFilter::try_from_env("QUARTERDAY_LOG").unwrap_or_else(|_| {
        EnvFilter::new(format!(
            "warn,quarterday={default},librdkafka=warn,tansu=off,rama=off"
        ))
    });
    let logs = fmt().with_env_filter(filter).with_writer(stderr);
    // A second call (tests) keeps the first set-up.
    let _ = if stderr().is_terminal() {
        logs.with_target(false).try_init()
    } else {
        logs.json().flatten_event(true).try_init()
    };
}
