//! Signs of life: what the parts of a worker leave behind while they work, for whoever asks how it is. Leaving one costs an atomic
//! store or, once a batch, a lock.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// A part of a worker that runs as long as it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    /// The consuming thread.
    Consuming,
    /// The writing task.
    Writing,
    /// The refreshing task.
    Refreshing,
}

impl Part {
    pub(crate) const ALL: [Part; 3] = [Part::Consuming, Part::Writing, Part::Refreshing];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Part::Consuming => "consuming thread",
            Part::Writing => "writing task",
            Part::Refreshing => "refreshing task",
        }
    }
}

/// What the parts have left.
pub(crate) struct Signs {
    born: Instant,
    consuming: AtomicBool,
    writing: AtomicBool,
    refreshing: AtomicBool,
    /// Milliseconds after birth at which the consuming loop turned last.
    turned: AtomicU64,
    /// Milliseconds after birth before which everything stored is in the measures.
    up_to_date: AtomicU64,
    batches: Mutex<Batches>,
    probe: Mutex<Option<Instant>>,
    waits: Mutex<Option<Waits>>,
    /// Since when messages are known to wait.
    behind: Mutex<Option<Instant>>,
}

/// The consuming loop waits: for whom, since when.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Waits {
    /// In a sentence.
    pub(crate) whom: &'static str,
    /// From when on.
    pub(crate) since: Instant,
}

/// Kafka timestamps, milliseconds since 1970.
#[derive(Default)]
struct Batches {
    /// The first message of each batch that was begun and is not written.
    begun: VecDeque<i64>,
    /// The last message written.
    written: Option<i64>,
}

/// Says that a part has ended, when dropped.
pub(crate) struct Alive {
    signs: Arc<Signs>,
    part: Part,
}

impl Drop for Alive {
    fn drop(&mut self) {
        self.signs.of(self.part).store(false, Ordering::Relaxed);
    }
}

impl Signs {
    /// Of a worker that is about to start all its parts.
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Signs {
            born: Instant::now(),
            consuming: AtomicBool::new(true),
            writing: AtomicBool::new(true),
            refreshing: AtomicBool::new(true),
            turned: AtomicU64::new(0),
            up_to_date: AtomicU64::new(0),
            batches: Mutex::default(),
            probe: Mutex::new(None),
            waits: Mutex::new(None),
            behind: Mutex::new(None),
        })
    }

    /// To be held by a part as long as it runs.
    pub(crate) fn alive(self: &Arc<Self>, part: Part) -> Alive {
        Alive {
            signs: Arc::clone(self),
            part,
        }
    }

    pub(crate) fn is_running(&self, part: Part) -> bool {
        self.of(part).load(Ordering::Relaxed)
    }

    fn of(&self, part: Part) -> &AtomicBool {
        match part {
            Part::Consuming => &self.consuming,
            Part::Writing => &self.writing,
            Part::Refreshing => &self.refreshing,
        }
    }

    /// The consuming loop has turned.
    pub(crate) fn turn(&self) {
        self.turned.store(self.age(), Ordering::Relaxed);
    }

    /// The consuming loop takes nothing until it has what it waits for; nothing: it goes on.
    pub(crate) fn wait_for(&self, whom: Option<&'static str>) {
        let waits = whom.map(|whom| Waits {
            whom,
            since: Instant::now(),
        });
        *self.waiting() = waits;
    }

    /// What the consuming loop waits for.
    pub(crate) fn waits(&self) -> Option<Waits> {
        *self.waiting()
    }

    /// Since the consuming loop turned.
    pub(crate) fn since_turn(&self) -> Duration {
        self.since(&self.turned)
    }

    /// Everything that was stored at `at` is in the measures.
    pub(crate) fn up_to_date(&self, at: Instant) {
        let at = millis(at.saturating_duration_since(self.born));
        self.up_to_date.fetch_max(at, Ordering::Relaxed);
    }

    /// Since the last instant at which everything stored is known to be in the measures.
    pub(crate) fn since_up_to_date(&self) -> Duration {
        self.since(&self.up_to_date)
    }

    /// A batch was begun with a message of this time.
    pub(crate) fn begin_batch(&self, first_ms: i64) {
        self.batches().begun.push_back(first_ms);
    }

    /// The oldest batch is written; its last message is of this time.
    pub(crate) fn end_batch(&self, last_ms: i64) {
        let mut batches = self.batches();
        batches.begun.pop_front();
        batches.written = Some(last_ms);
    }

    /// The oldest batch is not to be written.
    pub(crate) fn drop_oldest_batch(&self) {
        self.batches().begun.pop_front();
    }

    /// The newest batch is not to be written.
    pub(crate) fn drop_newest_batch(&self) {
        self.batches().begun.pop_back();
    }

    /// Age of the oldest message that is not written. One that was not even taken is younger than the last one written; where none was
    /// written yet, it waits since somebody asked for the first time, or longer.
    pub(crate) fn lag(&self, behind: u64) -> Duration {
        let batches = self.batches();
        match (batches.begun.front(), batches.written) {
            (Some(first), _) => age_of(*first),
            (None, _) if behind == 0 => {
                *self.behind() = None;
                Duration::ZERO
            }
            (None, Some(last)) => age_of(last),
            (None, None) => {
                let behind_since = *self.behind().get_or_insert_with(Instant::now);
                behind_since.elapsed()
            }
        }
    }

    /// A probe was pushed.
    pub(crate) fn probe_pushed(&self, at: Instant) {
        *self.probe() = Some(at);
    }

    /// No probe is under way.
    pub(crate) fn probe_arrived(&self) {
        *self.probe() = None;
    }

    /// Since the push of the probe that is under way; nothing if none is.
    pub(crate) fn probe_waiting(&self) -> Duration {
        self.probe().map_or(Duration::ZERO, |pushed| pushed.elapsed())
    }

    fn age(&self) -> u64 {
        millis(self.born.elapsed())
    }

    fn since(&self, at: &AtomicU64) -> Duration {
        Duration::from_millis(self.age().saturating_sub(at.load(Ordering::Relaxed)))
    }

    fn batches(&self) -> MutexGuard<'_, Batches> {
        self.batches.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn waiting(&self) -> MutexGuard<'_, Option<Waits>> {
        self.waits.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn behind(&self) -> MutexGuard<'_, Option<Instant>> {
        self.behind.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn probe(&self) -> MutexGuard<'_, Option<Instant>> {
        self.probe.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

/// Since an instant of the clock; nothing for one that is yet to come.
fn age_of(ms: i64) -> Duration {
    let at = UNIX_EPOCH.checked_add(Duration::from_millis(u64::try_from(ms).unwrap_or(0)));
    at.and_then(|at| SystemTime::now().duration_since(at).ok())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ago(seconds: u64) -> i64 {
        let at = SystemTime::now() - Duration::from_secs(seconds);
        i64::try_from(at.duration_since(UNIX_EPOCH).unwrap_or_default().as_millis()).unwrap_or(0)
    }

    #[test]
    fn a_part_that_panics_is_said_to_have_ended() {
        let signs = Signs::new();
        assert!(Part::ALL.into_iter().all(|part| signs.is_running(part)));
        let alive = signs.alive(Part::Writing);
        let ended = std::thread::spawn(move || {
            let _alive = alive;
            panic!("on purpose");
        });
        assert!(ended.join().is_err());
        assert!(!signs.is_running(Part::Writing) && signs.is_running(Part::Consuming));
    }

    #[test]
    fn lag_is_the_age_of_the_oldest_message_that_is_not_written() {
        let signs = Signs::new();
        assert_eq!(signs.lag(0), Duration::ZERO, "nothing waits");
        assert!(signs.lag(5) < Duration::from_secs(1));
        *signs.behind() = Some(Instant::now() - Duration::from_secs(3));
        assert_eq!(
            signs.lag(5).as_secs(),
            3,
            "something waits, and nothing was taken"
        );
        signs.begin_batch(ago(100));
        signs.begin_batch(ago(50));
        assert_eq!(signs.lag(0).as_secs(), 100);
        signs.end_batch(ago(60));
        assert_eq!(signs.lag(0).as_secs(), 50);
        signs.end_batch(ago(40));
        assert_eq!(signs.lag(0), Duration::ZERO, "all is written");
        assert_eq!(signs.lag(1).as_secs(), 40, "something waits that is younger");
    }

    #[test]
    fn what_is_up_to_date_does_not_go_back() {
        let signs = Signs::new();
        let now = Instant::now() + Duration::from_secs(3600);
        signs.up_to_date(now);
        signs.up_to_date(now - Duration::from_secs(1800));
        assert_eq!(signs.since_up_to_date(), Duration::ZERO);
    }
}
