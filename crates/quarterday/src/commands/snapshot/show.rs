//! `quarterday snapshot show`

use anyhow::Result;
use quarterday_snapshot::{Header, Snapshot};
use quarterday_store::FrozenValue;
use serde::Serialize;

use super::find;
use crate::cli::Format;
use crate::cli::snapshot::SnapshotShow;
use crate::commands::DONE;
use crate::freezing;
use crate::output::{self, Heading, Rows};

pub(super) async fn run(args: SnapshotShow) -> Result<u8> {
    let opened = args.target.open_to_read().await?;
    let journal = freezing::journal(&opened.system).await;
    opened.close().await?;
    print(find(&journal?, &args.id)?, args.format)?;
    Ok(DONE)
}

fn print(snapshot: &Snapshot, format: Format) -> Result<()> {
    if format == Format::Json {
        return output::print_json(snapshot);
    }
    let lines: Vec<Line<'_>> = snapshot.values.iter().map(Line).collect();
    output::print(&lines, format)?;
    for line in provenance(&snapshot.header, &snapshot.hash) {
        eprintln!("{line}");
    }
    Ok(())
}

/// Where the numbers come from.
fn provenance(header: &Header, hash: &str) -> Vec<String> {
    let offsets: usize = header
        .watermark
        .values()
        .map(std::collections::BTreeMap::len)
        .sum();
    let mut lines = vec![format!(
        "{}, {} to {}, taken at {} by {}, as known at {}",
        header.id, header.first, header.last, header.taken_at, header.taken_by, header.known_at
    )];
    if header.provisional {
        lines.push("taken before the period had ended: none of its numbers is final".to_owned());
    }
    if !header.reason.is_empty() {
        lines.push(format!("because: {}", header.reason));
    }
    lines.push(format!(
        "from {offsets} topic-partitions up to their offsets, by quarterday {} and files {}",
        header.software,
        header.contents.get(..16).unwrap_or(&header.contents)
    ));
    lines.push(format!("SHA-256 {hash}"));
    lines
}

/// One number.
#[derive(Serialize)]
struct Line<'s>(&'s FrozenValue);

impl Rows for Line<'_> {
    fn headings() -> &'static [Heading] {
        const HEADINGS: [Heading; 10] = [
            Heading::words("id"),
            Heading::words("title"),
            Heading::numbers("value"),
            Heading::words("unit"),
            Heading::numbers("a year before"),
            Heading::numbers("change"),
            Heading::words("direction"),
            Heading::numbers("year to date"),
            Heading::words("status"),
            Heading::words("returned"),
        ];
        &HEADINGS
    }

    fn cells(&self) -> Vec<String> {
        let value = self.0;
        vec![
            value.id.clone(),
            value.title.clone(),
            marked(value),
            value.unit.clone(),
            known(value.last_year.value, &value.last_year.status),
            change(value),
            direction(value),
            known(value.year_to_date.value, &value.year_to_date.status),
            value.status.clone(),
            format!("{} of {}", value.coverage.returned, value.coverage.expected),
        ]
    }

    fn fields() -> Vec<&'static str> {
        FIELDS.to_vec()
    }

    /// As in JSON, what stands in others in fields of its own.
    fn values(&self) -> Vec<String> {
        let value = self.0;
        let number = output::number;
        vec![
            value.id.clone(),
            value.title.clone(),
            value.unit.clone(),
            value.polarity.clone(),
            number(value.value),
            number(value.numerator),
            number(value.denominator),
            value.status.clone(),
            value.coverage.returned.to_string(),
            value.coverage.expected.to_string(),
            value.approximate.to_string(),
            value.up_to.to_string(),
            value.missing.join("; "),
            number(value.last_year.value),
            value.last_year.status.clone(),
            number(value.change.value),
            number(value.change.percent),
            number(value.year_to_date.value),
            number(value.year_to_date.numerator),
            number(value.year_to_date.denominator),
            value.year_to_date.status.clone(),
            value.trend.clone(),
            value.direction.clone(),
            value.definition_version.to_string(),
            value.definition_hash.clone(),
        ]
    }
}

const FIELDS: [&str; 25] = [
    "id",
    "title",
    "unit",
    "polarity",
    "value",
    "numerator",
    "denominator",
    "status",
    "returned",
    "expected",
    "approximate",
    "up_to",
    "missing",
    "last_year",
    "last_year_status",
    "change",
    "change_percent",
    "year_to_date",
    "year_to_date_numerator",
    "year_to_date_denominator",
    "year_to_date_status",
    "trend",
    "direction",
    "definition_version",
    "definition_hash",
];

/// The number with what a reader must know of it.
fn marked(value: &FrozenValue) -> String {
    let mut text = String::new();
    if value.up_to {
        text.push_str("up to ");
    }
    if value.approximate {
        text.push('~');
    }
    text.push_str(&known(value.value, &value.status));
    text
}

/// A number, or in a word why there is none.
fn known(value: Option<f64>, status: &str) -> String {
    match value {
        Some(_) => output::number(value),
        None => status.replace('_', " "),
    }
}

fn change(value: &FrozenValue) -> String {
    let signed = |number: f64| {
        let sign = if number > 0.0 { "+" } else { "" };
        format!("{sign}{}", output::number(Some(number)))
    };
    match (value.change.value, value.change.percent) {
        (None, _) => String::new(),
        (Some(change), None) => signed(change),
        (Some(change), Some(percent)) => format!("{} ({} %)", signed(change), signed(percent)),
    }
}

/// By sign and by word, not by colour.
fn direction(value: &FrozenValue) -> String {
    let sign = match value.trend.as_str() {
        "up" => "▲",
        "down" => "▼",
        "level" => "=",
        _ => return String::new(),
    };
    format!("{sign} {}", value.direction)
}
