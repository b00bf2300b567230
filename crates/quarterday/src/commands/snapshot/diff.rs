//! `quarterday snapshot diff`

use anyhow::Result;
use quarterday_snapshot::{Changed, Part};
use serde::Serialize;

use super::find;
use crate::cli::Format;
use crate::cli::snapshot::{Later, SnapshotDiff};
use crate::commands::DONE;
use crate::freezing::{self, Explained};
use crate::output::{self, Heading, Rows};
use crate::target::Opened;

/// So many records are named in a table; JSON has all.
const NAMED: usize = 3;

pub(super) async fn run(args: SnapshotDiff) -> Result<u8> {
    let opened = args.target.open_to_read().await?;
    let explained = explain(&opened, &args).await;
    opened.close().await?;
    print(&explained?, args.format)?;
    Ok(DONE)
}

/// Prints what has changed, and why.
pub(in crate::commands) fn print(explained: &Explained, format: Format) -> Result<()> {
    if format == Format::Json {
        output::print_json(explained)?;
    } else {
        let rows: Vec<Row<'_>> = explained.changes.iter().flat_map(rows).collect();
        output::print(&rows, format)?;
    }
    let is_number = |change: &&Changed| change.before != change.after;
    let numbers = explained.changes.iter().filter(is_number).count();
    let beside = explained.changes.len() - numbers;
    let beside = match beside {
        0 => String::new(),
        more => format!("; of {more} more the status, or what stands beside the number"),
    };
    eprintln!(
        "from {} to {}: {numbers} numbers are others{beside}",
        explained.from, explained.to
    );
    Ok(())
}

async fn explain(opened: &Opened, args: &SnapshotDiff) -> Result<Explained> {
    let system = &opened.system;
    let journal = freezing::journal(system).await?;
    let from = find(&journal, &args.from)?;
    match &args.to {
        Later::Snapshot(id) => freezing::explain(system, from, find(&journal, id)?).await,
        Later::Now => {
            opened.work_off().await?;
            let now = freezing::now(system, from).await?;
            freezing::explain(system, from, &now).await
        }
    }
}

/// A change, or one of its parts.
#[derive(Serialize)]
struct Row<'c> {
    changed: &'c Changed,
    part: Option<&'c Part>,
}

fn rows(changed: &Changed) -> impl Iterator<Item = Row<'_>> {
    let whole = Row { changed, part: None };
    let parts = changed.parts.iter().map(move |part| Row {
        changed,
        part: Some(part),
    });
    std::iter::once(whole).chain(parts)
}

impl Rows for Row<'_> {
    fn headings() -> &'static [Heading] {
        const HEADINGS: [Heading; 7] = [
            Heading::words("id"),
            Heading::words("what"),
            Heading::numbers("before"),
            Heading::numbers("after"),
            Heading::numbers("change"),
            Heading::numbers("records"),
            Heading::words("which"),
        ];
        &HEADINGS
    }

    fn cells(&self) -> Vec<String> {
        let Changed {
            id,
            title,
            before,
            after,
            status_before,
            status_after,
            change,
            ..
        } = self.changed;
        let known = |value: &Option<f64>, status: &str| match value {
            Some(_) => output::number(*value),
            None => status.replace('_', " "),
        };
        match self.part {
            None => vec![
                id.clone(),
                title.clone(),
                known(before, status_before),
                known(after, status_after),
                signed(*change),
                String::new(),
                if status_before == status_after {
                    String::new()
                } else {
                    format!("{status_before} is now {status_after}")
                },
            ],
            Some(part) => vec![
                id.clone(),
                format!("  {}", part.cause),
                String::new(),
                String::new(),
                signed(part.change),
                part.count.to_string(),
                named(part),
            ],
        }
    }
}

fn signed(change: f64) -> String {
    let sign = if change > 0.0 { "+" } else { "" };
    format!("{sign}{}", output::number(Some(change)))
}

fn named(part: &Part) -> String {
    let mut named: Vec<String> = part
        .records
        .iter()
        .take(NAMED)
        .map(|record| format!("{} {} {}", record.feed, record.partner, record.reference))
        .collect();
    if part.count > named.len() {
        named.push(format!("and {} more", part.count - named.len()));
    }
    named.join("; ")
}
