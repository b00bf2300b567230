//! `quarterday snapshot show`

use std::io::{IsTerminal, stdout};

use anyhow::{Result, bail};
use jiff::Timestamp;
use quarterday_report::{html, xlsx};
use quarterday_snapshot::Header;
use quarterday_snapshot::disclosure::Line;
use serde::Serialize;

use super::find;
use super::row::Row;
use crate::cli::Format;
use crate::cli::snapshot::{ShowFormat, SnapshotShow};
use crate::commands::{DONE, written};
use crate::freezing::{self, Eyes, Seen};
use crate::output;
use crate::system::System;

pub(super) async fn run(args: SnapshotShow) -> Result<u8> {
    refuse_bytes_on_a_terminal(&args)?;
    let opened = args.target.open_to_read().await?;
    let shown = show(&opened.system, &args).await;
    opened.close().await?;
    let (bytes, below) = shown?;
    match &args.output {
        Some(file) => written::write(file, &bytes, args.audience.into())?,
        None => output::write(&bytes)?,
    }
    below.iter().for_each(|line| eprintln!("{line}"));
    Ok(DONE)
}

fn refuse_bytes_on_a_terminal(args: &SnapshotShow) -> Result<()> {
    if args.format == ShowFormat::Xlsx && args.output.is_none() && stdout().is_terminal() {
        bail!("a workbook is nothing for a terminal: say where it goes, with --output report.xlsx");
    }
    Ok(())
}

/// What is written, and what is said below it.
async fn show(system: &System, args: &SnapshotShow) -> Result<(Vec<u8>, Vec<String>)> {
    let journal = freezing::journal(system).await?;
    let eyes = Eyes::of(system, &journal, args.audience.into()).await?;
    let snapshot = find(&journal, &args.id)?;
    let seen = eyes.see(snapshot)?;
    let written = match args.format {
        ShowFormat::Table => {
            let table = output::render(&rows(&seen), Format::Table)?;
            return Ok((table.into_bytes(), provenance(&seen)));
        }
        ShowFormat::Csv => output::render(&rows(&seen), Format::Csv)?,
        ShowFormat::Json if seen.is_all() => output::json(snapshot)?,
        ShowFormat::Json => output::json(&published(&seen))?,
        ShowFormat::Html => html::page(&freezing::report(system, &journal, &eyes, snapshot).await?),
        ShowFormat::Xlsx => {
            let report = freezing::report(system, &journal, &eyes, snapshot).await?;
            return Ok((xlsx::workbook(&report)?, Vec::new()));
        }
    };
    Ok((written.into_bytes(), Vec::new()))
}

fn rows<'s>(seen: &Seen<'s>) -> Vec<Row<'s>> {
    let lines = seen.lines().into_iter();
    lines
        .map(|line| Row {
            snapshot: &seen.snapshot.header,
            audience: seen.audience.name(),
            line,
        })
        .collect()
}

/// A snapshot for others than the analysts. Not in it: the ledger, which names records; offsets, which tell how many messages came
/// in between; and hashes, which fit only one of the few numbers that a hidden one can be.
#[derive(Serialize)]
struct Published<'s> {
    id: &'s str,
    period: &'s str,
    first: &'s str,
    last: &'s str,
    revision: u32,
    provisional: bool,
    reason: &'s str,
    taken_at: Timestamp,
    audience: &'static str,
    values: Vec<Line>,
}

fn published<'s>(seen: &'s Seen<'_>) -> Published<'s> {
    let header = &seen.snapshot.header;
    Published {
        id: &header.id,
        period: &header.period,
        first: &header.first,
        last: &header.last,
        revision: header.revision,
        provisional: header.provisional,
        reason: seen.reason(),
        taken_at: header.taken_at,
        audience: seen.audience.name(),
        values: seen.lines(),
    }
}

/// Where the numbers come from.
fn provenance(seen: &Seen<'_>) -> Vec<String> {
    let header = &seen.snapshot.header;
    let mut lines = vec![format!(
        "{}, {} to {}, taken at {} by {}, as known at {}",
        header.id, header.first, header.last, header.taken_at, header.taken_by, header.known_at
    )];
    if header.provisional {
        lines.push("taken as provisional: none of its numbers is final".to_owned());
    }
    let reason = seen.reason();
    if !reason.is_empty() {
        lines.push(format!("because: {reason}"));
    }
    if seen.is_all() {
        lines.extend(proof(header, &seen.snapshot.hash));
        return lines;
    }
    let name = seen.audience.name();
    lines.push(if seen.hides() {
        format!("for the audience {name}: small numbers of people, and what would give them away, are hidden")
    } else {
        format!("for the audience {name}, from whom nothing is hidden")
    });
    lines
}

fn proof(header: &Header, hash: &str) -> [String; 2] {
    let offsets: usize = header
        .watermark
        .values()
        .map(std::collections::BTreeMap::len)
        .sum();
    [
        format!(
            "from {offsets} topic-partitions up to their offsets, by quarterday {} and files {}",
            header.software,
            header.contents.get(..16).unwrap_or(&header.contents)
        ),
        format!("SHA-256 {hash}"),
    ]
}
