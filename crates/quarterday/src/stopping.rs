//! Waiting for the signal to stop.
//!
//! Until [`Signals::listen`] a signal ends the process by its default action, which loses nothing (see
//! ARCHITECTURE.md). From then on none is missed: one that comes before it is waited for is kept.

use tokio::signal::unix::{Signal, SignalKind, signal};

/// SIGINT and SIGTERM since [`Signals::listen`].
pub struct Signals {
    /// Absent where the system gives no handlers: then the default action stays.
    handlers: Option<(Signal, Signal)>,
}

impl Signals {
    /// Takes them over. A program does so before it says that it runs, so that who reads this may stop it at once.
    #[must_use]
    pub fn listen() -> Self {
        let interrupt = signal(SignalKind::interrupt());
        let terminate = signal(SignalKind::terminate());
        Self {
            handlers: interrupt.ok().zip(terminate.ok()),
        }
    }

    /// Returns at the first of them.
    pub async fn received(&mut self) {
        let Some((interrupt, terminate)) = &mut self.handlers else {
            return std::future::pending().await;
        };
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    }
}
