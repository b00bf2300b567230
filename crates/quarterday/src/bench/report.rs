//! What the benchmark found: medians of each contender, ratios, and what they were measured on.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::time::Duration;

use anyhow::Result;
use comfy_table::presets::UTF8_FULL_CONDENSED;
use comfy_table::{Cell, CellAlignment, Table};
use serde::Serialize;

use super::arena::Arena;
use super::contest::Measured;
use super::machine::Machine;
use super::topic::{self, Filled};
use super::{Contender, ReportFormat};

const MIB: u64 = 1 << 20;

/// Everything that was measured.
#[derive(Debug)]
pub(super) struct Report {
    machine: Machine,
    broker: String,
    filled: Filled,
    runs: u32,
    remarks: Vec<String>,
    measured: BTreeMap<Contender, Vec<Measured>>,
}

/// The medians of one contender, as printed in JSON.
#[derive(Debug, Clone, PartialEq, Serialize)]
struct Line {
    name: &'static str,
    title: &'static str,
    rows_per_second: f64,
    seconds: f64,
    /// Processor seconds, user and system, of all its processes.
    cpu_seconds: Option<f64>,
    cpu_microseconds_per_row: Option<f64>,
    peak_memory_mib: Option<u64>,
    /// How many times as fast Quarterday is.
    ratio: Option<f64>,
    /// How many times as much processor time it takes as Quarterday.
    cpu_ratio: Option<f64>,
}

impl Report {
    pub(super) fn new(arena: &Arena, runs: u32) -> Self {
        Self {
            machine: Machine::here(),
            broker: arena.broker(),
            filled: arena.filled(),
            runs,
            remarks: arena.remarks(),
            measured: BTreeMap::new(),
        }
    }

    pub(super) fn add(&mut self, contender: Contender, measured: Measured) {
        self.measured.entry(contender).or_default().push(measured);
    }

    fn lines(&self) -> Vec<Line> {
        let mut lines: Vec<Line> = self
            .measured
            .iter()
            .map(|(who, runs)| Line::new(*who, runs))
            .collect();
        let Some(ours) = lines
            .iter()
            .find(|line| line.name == Contender::Ours.name())
            .cloned()
        else {
            return lines;
        };
        for line in &mut lines {
            line.ratio = Some(ours.rows_per_second / line.rows_per_second);
            line.cpu_ratio = line
                .cpu_seconds
                .zip(ours.cpu_seconds)
                .map(|(theirs, ours)| theirs / ours);
        }
        lines
    }

    fn conditions(&self) -> String {
        let (rows, bytes) = (thousands(self.filled.rows), self.filled.message_bytes);
        let runs = if self.runs == 1 {
            "one run".to_owned()
        } else {
            format!("medians of {} runs", self.runs)
        };
        format!(
            "{rows} CCTV incidents, {bytes:.0} bytes of Avro each, {} partitions, one {} broker, {runs}.\nOn {}.",
            topic::PARTITIONS,
            self.broker,
            self.machine.describe()
        )
    }

    /// The text for people.
    fn table(&self) -> String {
        let lines = self.lines();
        let mut table = Table::new();
        table.load_preset(UTF8_FULL_CONDENSED);
        table.set_header([
            "",
            "rows/s",
            "seconds",
            "CPU s",
            "CPU µs/row",
            "peak MiB",
            "Quarterday faster",
            "Quarterday thriftier",
        ]);
        for line in &lines {
            let numbers = line
                .numbers()
                .into_iter()
                .map(|text| Cell::new(text).set_alignment(CellAlignment::Right));
            table.add_row([Cell::new(line.title)].into_iter().chain(numbers));
        }
        let mut text = format!("{}\n{table}\n", self.conditions());
        for remark in &self.remarks {
            text.push_str(remark);
            text.push('\n');
        }
        text
    }

    fn json(&self) -> serde_json::Value {
        serde_json::json!({
            "machine": self.machine,
            "broker": self.broker,
            "topic": topic::TOPIC,
            "rows": self.filled.rows,
            "message_bytes": self.filled.message_bytes,
            "partitions": topic::PARTITIONS,
            "runs": self.runs,
            "contenders": self.lines(),
            "remarks": self.remarks,
        })
    }
}

impl Line {
    fn new(contender: Contender, runs: &[Measured]) -> Self {
        let seconds = median(runs.iter().map(|run| run.elapsed)).as_secs_f64();
        let rows = runs.first().map_or(0, |run| run.rows);
        let all = |pick: fn(&Measured) -> Option<Duration>| runs.iter().map(pick).collect::<Option<Vec<_>>>();
        let cpu_seconds = all(|run| run.cpu).map(|cpu| median(cpu.into_iter()).as_secs_f64());
        let peaks: Option<Vec<u64>> = runs.iter().map(|run| run.peak_bytes).collect();
        Self {
            name: contender.name(),
            title: contender.title(),
            rows_per_second: (topic::float(rows) / seconds).round(),
            seconds: rounded(seconds),
            cpu_seconds: cpu_seconds.map(rounded),
            cpu_microseconds_per_row: cpu_seconds.map(|cpu| rounded(cpu * 1e6 / topic::float(rows))),
            peak_memory_mib: peaks.map(|peaks| median(peaks.into_iter()).div_ceil(MIB)),
            ratio: None,
            cpu_ratio: None,
        }
    }

    /// The cells behind its title.
    fn numbers(&self) -> [String; 7] {
        let ours = self.name == Contender::Ours.name();
        let times = |ratio: Option<f64>| match ratio {
            Some(_) if ours => String::new(),
            Some(ratio) => format!("{ratio:.1} ×"),
            None => "-".to_owned(),
        };
        let or_dash = |text: Option<String>| text.unwrap_or_else(|| "-".to_owned());
        [
            thousands_of(self.rows_per_second),
            format!("{:.1}", self.seconds),
            or_dash(self.cpu_seconds.map(|cpu| format!("{cpu:.1}"))),
            or_dash(self.cpu_microseconds_per_row.map(|cpu| format!("{cpu:.1}"))),
            or_dash(self.peak_memory_mib.map(thousands)),
            times(self.ratio),
            times(self.cpu_ratio),
        ]
    }
}

/// Prints the report on stdout.
///
/// # Errors
/// stdout cannot be written.
pub(super) fn print(report: &Report, format: ReportFormat) -> Result<()> {
    let text = match format {
        ReportFormat::Table => report.table(),
        ReportFormat::Json => serde_json::to_string_pretty(&report.json())? + "\n",
    };
    Ok(std::io::stdout().lock().write_all(text.as_bytes())?)
}

/// The middle one; of an even number the upper middle one.
fn median<T: Ord + Default>(values: impl Iterator<Item = T>) -> T {
    let mut values: Vec<T> = values.collect();
    values.sort_unstable();
    let middle = values.len() / 2;
    values.into_iter().nth(middle).unwrap_or_default()
}

/// To thousandths: more is noise.
fn rounded(value: f64) -> f64 {
    (value * 1_000.0).round() / 1_000.0
}

/// `1,234,567`.
fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

fn thousands_of(number: f64) -> String {
    // Display of an f64 without decimals is the plain integer.
    format!("{number:.0}")
        .parse()
        .map_or_else(|_| "-".to_owned(), thousands)
}

#[cfg(test)]
mod tests;
