//! Progress of long work on stderr: bars on a terminal, one plain line per step otherwise.

use std::io::{IsTerminal, stderr};
use std::time::{Duration, Instant};

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};

const TICK: Duration = Duration::from_millis(100);

/// The steps of one command.
pub struct Progress {
    bars: Option<MultiProgress>,
}

/// One step.
pub struct Step {
    bar: Option<ProgressBar>,
    name: String,
    began: Instant,
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
        if let Some(bar) = &self.bar {
            bar.set_length(of);
            bar.set_position(done);
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
