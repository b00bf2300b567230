//! `quarterday snapshot list`

use anyhow::Result;
use quarterday_snapshot::{Header, Snapshot};
use serde::Serialize;

use crate::cli::snapshot::SnapshotList;
use crate::commands::DONE;
use crate::freezing;
use crate::output::{self, Heading, Rows};

pub(super) async fn run(args: SnapshotList) -> Result<u8> {
    let opened = args.target.open_to_read().await?;
    let journal = freezing::journal(&opened.system).await;
    opened.close().await?;
    let journal = journal?;
    let period = args.period.map(|period| period.id());
    let all = journal.newest_first().into_iter();
    let wanted = all.filter(|s| period.as_ref().is_none_or(|period| s.header.period == *period));
    let rows: Vec<Listed> = wanted.map(Listed::from).collect();
    output::print(&rows, args.format)?;
    Ok(DONE)
}

/// A snapshot without its numbers.
#[derive(Serialize)]
pub(super) struct Listed {
    #[serde(flatten)]
    header: Header,
    hash: String,
    /// How many numbers it has.
    measures: usize,
    /// Those of them that are final.
    #[serde(rename = "final")]
    are_final: usize,
}

impl From<&Snapshot> for Listed {
    fn from(snapshot: &Snapshot) -> Self {
        let is_final = |value: &&quarterday_store::FrozenValue| value.status == "final";
        Listed {
            header: snapshot.header.clone(),
            hash: snapshot.hash.clone(),
            measures: snapshot.values.len(),
            are_final: snapshot.values.iter().filter(is_final).count(),
        }
    }
}

const FIELDS: [&str; 15] = [
    "id",
    "period",
    "first",
    "last",
    "revision",
    "provisional",
    "reason",
    "taken_at",
    "taken_by",
    "known_at",
    "software",
    "contents",
    "hash",
    "measures",
    "final",
];

impl Rows for Listed {
    fn nothing() -> &'static str {
        "no snapshot"
    }

    fn headings() -> &'static [Heading] {
        const HEADINGS: [Heading; 7] = [
            Heading::words("id"),
            Heading::words("taken at"),
            Heading::words("by"),
            Heading::numbers("measures"),
            Heading::numbers("final"),
            Heading::words("reason"),
            Heading::words("hash"),
        ];
        &HEADINGS
    }

    fn cells(&self) -> Vec<String> {
        let Header {
            id,
            taken_at,
            taken_by,
            reason,
            provisional,
            ..
        } = &self.header;
        let mark = if *provisional { " (provisional)" } else { "" };
        vec![
            format!("{id}{mark}"),
            taken_at.strftime("%Y-%m-%d %H:%M:%SZ").to_string(),
            taken_by.clone(),
            self.measures.to_string(),
            self.are_final.to_string(),
            reason.clone(),
            self.hash.chars().take(16).collect(),
        ]
    }

    fn fields() -> Vec<&'static str> {
        FIELDS.to_vec()
    }

    /// As in JSON, but for what is a list there.
    fn values(&self) -> Vec<String> {
        let header = &self.header;
        vec![
            header.id.clone(),
            header.period.clone(),
            header.first.clone(),
            header.last.clone(),
            header.revision.to_string(),
            header.provisional.to_string(),
            header.reason.clone(),
            header.taken_at.to_string(),
            header.taken_by.clone(),
            header.known_at.to_string(),
            header.software.clone(),
            header.contents.clone(),
            self.hash.clone(),
            self.measures.to_string(),
            self.are_final.to_string(),
        ]
    }
}
