//! Threads of its own for a part that blocks or may be stopped hard, so that it cannot hold up the rest.

use std::time::Duration;

use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinHandle;

const THREADS: usize = 2;

/// A tokio runtime that can be dropped anywhere, also within another runtime.
pub(crate) struct PartRuntime(Option<Runtime>);

impl PartRuntime {
    /// Threads named after the part.
    pub(crate) fn new(name: &str) -> std::io::Result<Self> {
        Builder::new_multi_thread()
            .worker_threads(THREADS)
            .thread_name(name)
            .enable_all()
            .build()
            .map(Some)
            .map(Self)
    }

    pub(crate) fn spawn<F>(&self, task: F) -> JoinHandle<F::Output>
    where
        F: Future<Output: Send + 'static> + Send + 'static,
    {
        match &self.0 {
            Some(runtime) => runtime.spawn(task),
            // Only a runtime that was shut down is gone, and shutting down takes `self`.
            None => tokio::spawn(task),
        }
    }

    /// Waits for the tasks to end, at most this long, then ends the threads.
    pub(crate) async fn shutdown(mut self, limit: Duration) {
        if let Some(runtime) = self.0.take() {
            let _ = tokio::task::spawn_blocking(move || runtime.shutdown_timeout(limit)).await;
        }
    }
}

impl Drop for PartRuntime {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}
