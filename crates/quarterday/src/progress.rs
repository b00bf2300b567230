//! Progress of long work on stderr: bars on a terminal; otherwise one plain line per step, and of long ones a line now and then.

use std::io::{IsTerminal, stderr};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};

const TICK: Duration = Duration::from_millis(100);

/// Seconds between two lines about a long step.
const LINE_EVERY: u64 = 20;

/// The steps of one command.
pub struct Progress {
    bars: Option<MultiProgress>,
}

/// One step.
pub struct Step {
    bar: Option<ProgressBar>,
    name: String,
    began: Instant,
    /// After how many seconds a line was written last.
    told: AtomicU64,
}

impl Progress {
    /// Shows the steps of this command.
    #[must_use]
    pub fn steps() -> Self {
        Progress {
            bars: stderr().is_terminal().then(MultiProgress::new),
        }
    }

    /// A step of unknown length.
    #[must_use]
    pub fn step(&self, name: &str) -> Step {
        self.add(name, ProgressBar::new_spinner(), "{spinner} {msg} {elapsed}")
    }

    /// A step of so many units.
    #[must_use]
    pub fn bar(&self, name: &str, length: usize) -> Step {
        let bar = ProgressBar::new(u64::try_from(length).unwrap_or(u64::MAX));
        self.add(
            name,
            bar,
            "{spinner} {msg} [{bar:30}] {human_pos}/{human_len} {per_sec} {eta}",
        )
    }

    fn add(&self, name: &str, bar: ProgressBar, template: &str) -> Step {
        let bar = self.bars.as_ref().map(|bars| {
            let bar = bars.add(bar).with_message(name.to_owned());
            if let Ok(style) = ProgressStyle::with_template(template) {
                bar.set_style(style);
            }
            bar.enable_steady_tick(TICK);
            bar
        });
        Step {
            bar,
            name: name.to_owned(),
            began: Instant::now(),
            told: AtomicU64::new(0),
        }
    }
}

impl Step {
    /// So many units are done.
    pub fn at(&self, done: usize) {
        if let Some(bar) = &self.bar {
            bar.set_position(u64::try_from(done).unwrap_or(u64::MAX));
        }
    }

    /// So many of so many units are done.
    pub fn at_of(&self, done: u64, of: u64) {
        match &self.bar {
            Some(bar) => {
                bar.set_length(of);
                bar.set_position(done);
            }
            None => self.tell(done, of),
        }
    }

    fn tell(&self, done: u64, of: u64) {
        let seconds = self.began.elapsed().as_secs();
        if seconds >= self.told.load(Ordering::Relaxed).saturating_add(LINE_EVERY) {
            self.told.store(seconds, Ordering::Relaxed);
            eprintln!("{}: {}", self.name, so_far(seconds, done, of));
        }
    }

    /// The step is done.
    pub fn done(self) {
        let line = format!("{} ({:.1} s)", self.name, self.began.elapsed().as_secs_f64());
        match self.bar {
            Some(bar) => {
                if let Ok(style) = ProgressStyle::with_template("✓ {msg}") {
                    bar.set_style(style);
                }
                bar.finish_with_message(line);
            }
            None => eprintln!("{line}"),
        }
    }
}

/// How far it is after so many seconds, and how long the rest takes at this pace.
fn so_far(seconds: u64, done: u64, of: u64) -> String {
    let left = of.saturating_sub(done);
    match seconds.saturating_mul(left).checked_div(done) {
        Some(rest) => format!("{done} of {of}, some {rest} s left"),
        None => format!("{done} of {of}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_step_says_how_long_it_will_take() {
        assert_eq!(so_far(20, 0, 900), "0 of 900");
        assert_eq!(so_far(20, 300, 900), "300 of 900, some 40 s left");
    }
}
