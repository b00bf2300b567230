//! Trying again while something is away, with growing, jittered pauses, until the worker is told to stop or nobody wants it any more.

use std::fmt::Display;
use std::future::Future;
use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBuilder};
use tokio_util::sync::CancellationToken;

use crate::causes;

const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(15);

/// Pauses that grow from a tenth of a second to a quarter of a minute, each jittered, without end.
pub(crate) fn pauses() -> impl Iterator<Item = Duration> {
    ExponentialBuilder::default()
        .with_min_delay(FIRST_PAUSE)
        .with_max_delay(LONGEST_PAUSE)
        .with_jitter()
        .without_max_times()
        .build()
}

/// What ends trying.
#[derive(Clone, Copy)]
pub(crate) struct Until<'t> {
    /// No attempt begins any more. One that is under way goes on: what was sent cannot be called back.
    pub(crate) over: &'t CancellationToken,
    /// An attempt that is under way is dropped too.
    pub(crate) stop: &'t CancellationToken,
}

impl<'t> Until<'t> {
    /// At once.
    pub(crate) fn stopped(stop: &'t CancellationToken) -> Self {
        Until { over: stop, stop }
    }
}

/// Calls `attempt` until it succeeds or fails for good. `None` when it was ended first.
pub(crate) async fn until_done<T, E, F>(
    what: &str,
    until: Until<'_>,
    passes: impl Fn(&E) -> bool,
    mut attempt: impl FnMut() -> F,
) -> Option<Result<T, E>>
where
    E: Display + std::error::Error,
    F: Future<Output = Result<T, E>>,
{
    let mut pauses = pauses();
    loop {
        if until.over.is_cancelled() {
            return None;
        }
        let tried = tokio::select! {
            biased;
            tried = attempt() => tried,
            () = until.stop.cancelled() => return None,
        };
        let error = match tried {
            Ok(value) => return Some(Ok(value)),
            Err(error) if !passes(&error) => return Some(Err(error)),
            Err(error) => error,
        };
        let pause = pauses.next().unwrap_or(LONGEST_PAUSE);
        tracing::warn!(
            error = %error,
            cause = causes::of(&error),
            pause_ms = u64::try_from(pause.as_millis()).unwrap_or(u64::MAX),
            "could not {what}, trying again"
        );
        tokio::select! {
            () = until.over.cancelled() => return None,
            () = tokio::time::sleep(pause) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("away {0}")]
    struct Away(u32);

    #[tokio::test(start_paused = true)]
    async fn it_tries_until_it_works() {
        let (mut left, stop) = (3, CancellationToken::new());
        let done = until_done(
            "try",
            Until::stopped(&stop),
            |_: &Away| true,
            || {
                left -= 1;
                let answer = if left == 0 { Ok(7) } else { Err(Away(left)) };
                async move { answer }
            },
        );
        assert_eq!(done.await.map(|r| r.ok()), Some(Some(7)));
    }

    #[tokio::test(start_paused = true)]
    async fn it_stops_when_told_and_when_it_is_hopeless() {
        let stop = CancellationToken::new();
        let hopeless = until_done(
            "try",
            Until::stopped(&stop),
            |_: &Away| false,
            || async { Err::<(), _>(Away(1)) },
        );
        assert!(matches!(hopeless.await, Some(Err(Away(1)))));
        stop.cancel();
        assert!(
            until_done(
                "try",
                Until::stopped(&stop),
                |_: &Away| true,
                || async { Err::<(), _>(Away(1)) }
            )
            .await
            .is_none()
        );
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_under_way_goes_on_when_it_is_over_and_nothing_begins() {
        let (over, stop, mut begun) = (CancellationToken::new(), CancellationToken::new(), 0);
        let until = Until {
            over: &over,
            stop: &stop,
        };
        let mut attempt = || {
            begun += 1;
            let over = over.clone();
            async move {
                over.cancel();
                tokio::time::sleep(Duration::from_secs(1)).await;
                Ok::<_, Away>(begun)
            }
        };
        let first = until_done("try", until, |_| true, &mut attempt).await;
        assert_eq!(first.and_then(Result::ok), Some(1));
        assert!(until_done("try", until, |_| true, &mut attempt).await.is_none());
        assert_eq!(begun, 1);
    }

    #[test]
    fn pauses_grow_to_a_limit() {
        let long = pauses().nth(40).unwrap_or_default();
        assert!(long >= LONGEST_PAUSE && long <= LONGEST_PAUSE * 2);
    }
}
