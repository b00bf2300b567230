//! What was measured of each size of history, and how it grows.

use std::io::Write as _;

use anyhow::Result;
use comfy_table::presets::UTF8_FULL_CONDENSED;
use comfy_table::{Cell, CellAlignment, Table};
use serde::{Deserialize, Serialize};

use crate::bench::ReportFormat;
use crate::bench::machine::Machine;

/// One refresh after 1,000 new versions.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Refreshed {
    pub(super) seconds: f64,
    /// The most that the process had resident, the engine's caches included.
    pub(super) peak_mib: Option<u64>,
}

/// What was measured of one size.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Size {
    pub(super) records: u64,
    pub(super) filled_seconds: f64,
    /// Placing every record and computing every period, once.
    pub(super) first_refresh_seconds: f64,
    pub(super) events: Refreshed,
    pub(super) stocks: Refreshed,
    pub(super) look_backs: Refreshed,
    /// Median of `measures` for the quarter.
    pub(super) answer_seconds: f64,
    pub(super) snapshot: Frozen,
}

/// A snapshot of the quarter.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Frozen {
    /// Computing what it freezes.
    pub(super) taken_seconds: f64,
    /// Deriving it again from the version logs.
    pub(super) proved_seconds: f64,
}

/// All sizes.
#[derive(Debug)]
pub(in crate::bench) struct Report {
    machine: Machine,
    sizes: Vec<Size>,
}

impl Report {
    pub(super) fn new(sizes: Vec<Size>) -> Self {
        Report {
            machine: Machine::here(),
            sizes,
        }
    }

    fn table(&self) -> String {
        let mut table = Table::new();
        table.load_preset(UTF8_FULL_CONDENSED);
        table.set_header([
            "records",
            "events, people",
            "stocks",
            "look-backs",
            "measures answers",
            "first refresh",
            "snapshot",
            "verified",
        ]);
        for size in &self.sizes {
            let cells = [
                format!("{} million", size.records / 1_000_000),
                size.events.cell(),
                size.stocks.cell(),
                size.look_backs.cell(),
                format!("{:.2} s", size.answer_seconds),
                format!("{:.0} s", size.first_refresh_seconds),
                format!("{:.1} s", size.snapshot.taken_seconds),
                format!("{:.1} s", size.snapshot.proved_seconds),
            ];
            table.add_row(cells.map(|text| Cell::new(text).set_alignment(CellAlignment::Right)));
        }
        format!(
            "1,000 new versions, 5 % of them amendments, for a quarter of 250,000 records: time until all measures are right.\n\
             On {}.\n{table}\n{}",
            self.machine.describe(),
            self.growth()
        )
    }

    /// How the two largest sizes compare.
    fn growth(&self) -> String {
        let [.., smaller, larger] = self.sizes.as_slice() else {
            return String::new();
        };
        let grows = |of: fn(&Size) -> f64| of(larger) / of(smaller);
        format!(
            "From {} to {} million: events and people {:.2} times, stocks {:.2}, look-backs {:.2}, answers {:.2}.\n",
            smaller.records / 1_000_000,
            larger.records / 1_000_000,
            grows(|size| size.events.seconds),
            grows(|size| size.stocks.seconds),
            grows(|size| size.look_backs.seconds),
            grows(|size| size.answer_seconds),
        )
    }
}

impl Refreshed {
    fn cell(&self) -> String {
        let memory = self.peak_mib.map(|mib| format!(", {mib} MiB"));
        format!("{:.2} s{}", self.seconds, memory.unwrap_or_default())
    }
}

/// Prints the report on stdout.
///
/// # Errors
/// stdout cannot be written.
pub(in crate::bench) fn print(report: &Report, format: ReportFormat) -> Result<()> {
    let text = match format {
        ReportFormat::Table => report.table(),
        ReportFormat::Json => {
            let json = serde_json::json!({ "machine": report.machine, "sizes": report.sizes });
            serde_json::to_string_pretty(&json)? + "\n"
        }
    };
    Ok(std::io::stdout().lock().write_all(text.as_bytes())?)
}
