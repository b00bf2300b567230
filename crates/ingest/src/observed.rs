//! What is kept about a worker for others to read.

use std::time::Duration;

use crate::Catalogue;
use crate::metrics::Metrics;

/// What is kept about a worker.
#[derive(Clone)]
pub struct Observed {
    /// Where it counts.
    pub metrics: Metrics,
    /// How often it sends a probe; never if none.
    pub probe_every: Option<Duration>,
}

impl Observed {
    /// Nothing: nobody reads it.
    #[must_use]
    pub fn unread(catalogue: &Catalogue) -> Self {
        Observed {
            metrics: Metrics::unread(catalogue),
            probe_every: None,
        }
    }
}
