//! `quarterday snapshot show`

use anyhow::{Context, Result};
use jiff::Timestamp;
use quarterday_plan::plan::Audience;
use quarterday_snapshot::disclosure::{Hidden, Line, has_number};
use quarterday_snapshot::{Concealments, Header, Journal, Snapshot};
use serde::Serialize;

use super::find;
use super::row::Row;
use crate::cli::Format;
use crate::cli::snapshot::SnapshotShow;
use crate::commands::DONE;
use crate::freezing;
use crate::output;
use crate::system::System;

pub(super) async fn run(args: SnapshotShow) -> Result<u8> {
    let opened = args.target.open_to_read().await?;
    let read = read(&opened.system, &args).await;
    opened.close().await?;
    let (journal, concealments) = read?;
    let snapshot = find(&journal, &args.id)?;
    print(
        snapshot,
        &Seen::of(&args, snapshot, concealments.as_ref())?,
        args.format,
    )?;
    Ok(DONE)
}

/// The snapshots, and for others than the analysts what is hidden of them.
async fn read(system: &System, args: &SnapshotShow) -> Result<(Journal, Option<Concealments>)> {
    let journal = freezing::journal(system).await?;
    let concealments = match args.audience.into() {
        Audience::Restricted => None,
        Audience::Partners | Audience::Public => Some(freezing::concealments(system, &journal).await?),
    };
    Ok((journal, concealments))
}

fn print(snapshot: &Snapshot, seen: &Seen, format: Format) -> Result<()> {
    if format == Format::Json {
        return match seen.audience {
            Audience::Restricted => output::print_json(snapshot),
            Audience::Partners | Audience::Public => output::print_json(&published(snapshot, seen)),
        };
    }
    let rows = lines(snapshot, seen).into_iter().map(|line| Row {
        snapshot: &snapshot.header,
        audience: seen.audience.name(),
        line,
    });
    let lines: Vec<Row<'_>> = rows.collect();
    output::print(&lines, format)?;
    for line in provenance(&snapshot.header, &snapshot.hash, seen) {
        eprintln!("{line}");
    }
    Ok(())
}

/// Who reads, and what is hidden from them.
struct Seen {
    audience: Audience,
    hidden: Vec<Hidden>,
}

impl Seen {
    fn of(args: &SnapshotShow, snapshot: &Snapshot, concealments: Option<&Concealments>) -> Result<Self> {
        let audience = args.audience.into();
        let concealment = concealments.and_then(|all| all.of(snapshot));
        let hidden = match audience {
            Audience::Restricted => Some(&[][..]),
            Audience::Partners | Audience::Public => concealment.and_then(|it| it.hidden_from(audience)),
        };
        let hidden = hidden.with_context(|| {
            format!(
                "{} is not for {}: nothing was decided for them",
                args.id,
                audience.name()
            )
        })?;
        Ok(Seen {
            audience,
            hidden: hidden.to_vec(),
        })
    }
}

impl Seen {
    /// Why there is another revision, unless it could give a number away.
    fn reason<'h>(&self, header: &'h Header) -> &'h str {
        if !self.hidden.is_empty() && has_number(&header.reason) {
            return "";
        }
        &header.reason
    }
}

fn lines(snapshot: &Snapshot, seen: &Seen) -> Vec<Line> {
    snapshot.lines(&seen.hidden)
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

fn published<'s>(snapshot: &'s Snapshot, seen: &Seen) -> Published<'s> {
    let header = &snapshot.header;
    Published {
        id: &header.id,
        period: &header.period,
        first: &header.first,
        last: &header.last,
        revision: header.revision,
        provisional: header.provisional,
        reason: seen.reason(header),
        taken_at: header.taken_at,
        audience: seen.audience.name(),
        values: lines(snapshot, seen),
    }
}

/// Where the numbers come from.
fn provenance(header: &Header, hash: &str, seen: &Seen) -> Vec<String> {
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
    let reason = seen.reason(header);
    if !reason.is_empty() {
        lines.push(format!("because: {reason}"));
    }
    let audience = seen.audience;
    if audience != Audience::Restricted {
        let name = audience.name();
        lines.push(if seen.hidden.is_empty() {
            format!("for the audience {name}, from whom nothing is hidden")
        } else {
            format!(
                "for the audience {name}: small numbers of people, and what would give them away, are hidden"
            )
        });
        return lines;
    }
    lines.push(format!(
        "from {offsets} topic-partitions up to their offsets, by quarterday {} and files {}",
        header.software,
        header.contents.get(..16).unwrap_or(&header.contents)
    ));
    lines.push(format!("SHA-256 {hash}"));
    lines
}
