//! Waiting for the signal to stop.

use tokio::signal::unix::{SignalKind, signal};

/// Returns at the first SIGINT or SIGTERM.
pub async fn signal_received() {
    let (Ok(mut interrupt), Ok(mut terminate)) =
        (signal(SignalKind::interrupt()), signal(SignalKind::terminate()))
    else {
        // Without handlers the default action ends the process at the signal.
        return std::future::pending().await;
    };
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
}
