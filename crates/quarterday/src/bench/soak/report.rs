//! What came of it: a line for each minute, and whether the bounds were kept.

use std::io::Write as _;
use std::time::Duration;

use anyhow::Result;
use comfy_table::presets::UTF8_FULL_CONDENSED;
use comfy_table::{Cell, CellAlignment, Table};
use serde::Serialize;

use super::samples::Sample;
use crate::bench::ReportFormat;
use crate::bench::machine::Machine;
use crate::certificate::Certificate;

/// With the embedded engine.
const RESIDENT_LIMIT: u64 = 600 << 20;
const PARTS_LIMIT: u64 = 300;
/// The first part of the time is warm-up: caches and pools fill.
const WARM_UP: f64 = 0.4;
/// What counts as growth, from the middle of the time to its end, in per cent: of memory, of threads and open files.
const GROWTH_PERCENT: u64 = 10;

/// The result.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    machine: Machine,
    broker: String,
    messages: u64,
    bad: u64,
    produced_seconds: f64,
    worked_off_seconds: f64,
    version_rows: u64,
    quarantined: u64,
    books_hold: bool,
    minutes: Vec<Sample>,
    most: Sample,
    problems: Vec<String>,
}

impl Report {
    pub(super) fn new(
        broker: String,
        (messages, bad): (u64, u64),
        (produced, worked_off): (Duration, Duration),
        samples: Vec<Sample>,
        certificate: &Certificate,
    ) -> Self {
        let books = certificate.partitions.iter().map(|line| &line.books);
        let (version_rows, quarantined) = books.fold((0, 0), |(rows, quarantined), books| {
            (rows + books.version_rows, quarantined + books.quarantined)
        });
        let mut problems = problems(&samples);
        if !certificate.holds {
            problems.push("the books do not balance".to_owned());
        }
        // Some of the synthetic returns are not right either.
        if version_rows + quarantined != messages || quarantined < bad {
            problems.push(format!(
                "of {messages} messages, {bad} of them bad, {version_rows} were taken and {quarantined} put into quarantine"
            ));
        }
        Report {
            machine: Machine::here(),
            broker,
            messages,
            bad,
            produced_seconds: produced.as_secs_f64(),
            worked_off_seconds: worked_off.as_secs_f64(),
            version_rows,
            quarantined,
            books_hold: certificate.holds,
            most: most(&samples),
            minutes: minutes(&samples),
            problems,
        }
    }

    /// Whether every bound was kept.
    pub(crate) fn holds(&self) -> bool {
        self.problems.is_empty()
    }

    fn table(&self) -> String {
        let mut table = Table::new();
        table.load_preset(UTF8_FULL_CONDENSED);
        table.set_header([
            "minute",
            "messages",
            "resident MiB",
            "threads",
            "open files",
            "most parts",
        ]);
        for minute in &self.minutes {
            let cells = [
                minute.seconds / 60 + 1,
                minute.sent,
                minute.resident_bytes >> 20,
                minute.threads,
                minute.open_files,
                minute.parts,
            ];
            table.add_row(cells.map(|n| Cell::new(n).set_alignment(CellAlignment::Right)));
        }
        let verdict = if self.holds() {
            "Every bound was kept.".to_owned()
        } else {
            format!("NOT kept: {}.", self.problems.join("; "))
        };
        format!(
            "{} messages to all feeds, {} of them bad, produced in {:.0} s, in the measures after {:.0} s.\nOn {}, {}; the most of each minute.\n{table}\n\
             {} version rows, {} in quarantine; the books {}.\n{verdict}\n",
            self.messages,
            self.bad,
            self.produced_seconds,
            self.worked_off_seconds,
            self.broker,
            self.machine.describe(),
            self.version_rows,
            self.quarantined,
            if self.books_hold {
                "balance"
            } else {
                "DO NOT balance"
            },
        )
    }
}

/// What is read off a look.
type Reading = fn(&Sample) -> u64;

/// What must not grow. Merges and refreshes come and go: what half of the looks saw tells growth from their peaks.
const FLAT: [(&str, Reading); 3] = [
    ("resident memory", |sample| sample.resident_bytes),
    ("the number of threads", |sample| sample.threads),
    ("the number of open files", |sample| sample.open_files),
];

fn median(samples: &[Sample], of: Reading) -> u64 {
    let mut all: Vec<u64> = samples.iter().map(of).collect();
    all.sort_unstable();
    all.get(all.len() / 2).copied().unwrap_or_default()
}

/// The most of each minute.
fn minutes(samples: &[Sample]) -> Vec<Sample> {
    samples
        .chunk_by(|a, b| a.seconds / 60 == b.seconds / 60)
        .map(most)
        .collect()
}

fn most(samples: &[Sample]) -> Sample {
    let of = |field: Reading| samples.iter().map(field).max().unwrap_or_default();
    Sample {
        seconds: of(|s| s.seconds),
        sent: of(|s| s.sent),
        resident_bytes: of(|s| s.resident_bytes),
        threads: of(|s| s.threads),
        open_files: of(|s| s.open_files),
        parts: of(|s| s.parts),
    }
}

/// Bounds that were not kept, in words.
fn problems(samples: &[Sample]) -> Vec<String> {
    let most = most(samples);
    let mut problems = Vec::new();
    if most.resident_bytes > RESIDENT_LIMIT {
        problems.push(format!("{} MiB were resident", most.resident_bytes >> 20));
    }
    if most.parts >= PARTS_LIMIT {
        problems.push(format!("a table had {} parts", most.parts));
    }
    let end = samples.last().map_or(0, |sample| sample.seconds);
    let from = |share: f64| {
        let at = Duration::from_secs(end).mul_f64(share).as_secs();
        samples.partition_point(|sample| sample.seconds < at)
    };
    let (warm, late) = (from(WARM_UP), from((1.0 + WARM_UP) / 2.0));
    let halves = (samples.get(warm..late), samples.get(late..));
    if let (Some(before), Some(after)) = halves {
        for (what, of) in FLAT {
            let (before, after) = (median(before, of), median(after, of));
            if after * 100 > before * (100 + GROWTH_PERCENT) {
                problems.push(format!("{what} grew from {before} to {after}"));
            }
        }
    }
    problems
}

/// Prints the report on stdout.
///
/// # Errors
/// stdout cannot be written.
pub(crate) fn print(report: &Report, format: ReportFormat) -> Result<()> {
    let text = match format {
        ReportFormat::Table => report.table(),
        ReportFormat::Json => serde_json::to_string_pretty(report)? + "\n",
    };
    Ok(std::io::stdout().lock().write_all(text.as_bytes())?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn samples(resident: impl Fn(u64) -> u64) -> Vec<Sample> {
        let sample = |seconds| Sample {
            seconds,
            sent: seconds,
            resident_bytes: resident(seconds) << 20,
            threads: 20,
            open_files: 300,
            parts: 12,
        };
        (0..600).map(sample).collect()
    }

    #[test]
    fn what_grows_is_noticed_and_what_warms_up_is_not() {
        assert!(problems(&samples(|seconds| 200 + seconds.min(200))).is_empty());
        let grows = problems(&samples(|seconds| 100 + seconds / 2));
        assert!(
            grows.len() == 1 && grows[0].starts_with("resident memory grew"),
            "{grows:?}"
        );
        let large = problems(&samples(|_| 601));
        assert_eq!(large, ["601 MiB were resident"]);
    }

    #[test]
    fn minutes_have_the_most_of_each() {
        let minutes = minutes(&samples(|seconds| seconds));
        let of = |at: usize| minutes.get(at).map(|m| (m.seconds / 60, m.resident_bytes >> 20));
        assert_eq!((minutes.len(), of(0), of(9)), (10, Some((0, 59)), Some((9, 599))));
    }
}
