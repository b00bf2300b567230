//! Waiting on a condition, with a limit. Tests never sleep for a guessed time.

use std::convert::Infallible;
use std::time::Duration;

use quarterday::bench::guarded::poll;

/// Looks at a condition again and again until it holds. Blocks: within a runtime, call it from `spawn_blocking`.
///
/// # Panics
/// When it does not hold within `limit`; `what` then says what was awaited.
#[track_caller]
pub(crate) fn wait_until(what: &str, limit: Duration, mut condition: impl FnMut() -> bool) {
    let holds = poll(limit, || Ok::<_, Infallible>(condition()));
    assert!(matches!(holds, Ok(true)), "waited {limit:?} in vain for {what}");
}

#[test]
fn waiting_ends_with_the_condition() {
    let mut left = 3;
    wait_until("a countdown", Duration::from_secs(5), || {
        left -= 1;
        left == 0
    });
    assert_eq!(left, 0);
}

#[test]
#[should_panic(expected = "in vain for rain")]
fn waiting_has_a_limit() {
    wait_until("rain", Duration::ZERO, || false);
}
