//! `quarterday rejected list`: what waits, in groups or message by message.

use anyhow::Result;
use jiff::Timestamp;
use quarterday_store::{Waiting, WaitingFilter, WaitingGroup};
use serde::Serialize;

use super::record_types;
use crate::cli::rejected::RejectedList;
use crate::commands::DONE;
use crate::output::{self, Heading, Rows};
use crate::remedies::{Remedy, remedy};
use crate::target::Opened;

pub(super) async fn run(args: RejectedList) -> Result<u8> {
    let opened = args.target.open_to_read().await?;
    let read = read(&opened, &args).await;
    opened.close().await?;
    match read? {
        Read::Groups(groups) => output::print(&groups, args.format)?,
        Read::Messages(mut messages) => {
            let has_more = output::cut(&mut messages, args.limit);
            output::print(&messages, args.format)?;
            output::say_more(has_more, args.limit);
        }
    }
    Ok(DONE)
}

enum Read {
    Groups(Vec<Group>),
    Messages(Vec<Listed>),
}

async fn read(opened: &Opened, args: &RejectedList) -> Result<Read> {
    let record_types = record_types(opened, args.feed.as_deref())?;
    let filter = WaitingFilter {
        ids: Vec::new(),
        feed: args.feed.clone(),
        reason: args.reason.clone(),
        all: args.all,
    };
    let store = &opened.system.store;
    if args.messages {
        let limit = args.limit.saturating_add(1);
        let messages = store.waiting(&record_types, &filter, limit).await?;
        return Ok(Read::Messages(messages.into_iter().map(Listed::from).collect()));
    }
    let groups = store.waiting_groups(&record_types, &filter).await?;
    Ok(Read::Groups(groups.into_iter().map(Group::from).collect()))
}

/// Messages of one feed and partner with the same reason.
#[derive(Debug, Serialize)]
struct Group {
    #[serde(flatten)]
    group: WaitingGroup,
    what: &'static str,
    to_do: &'static str,
}

impl From<WaitingGroup> for Group {
    fn from(group: WaitingGroup) -> Self {
        let known = remedy(&group.reason);
        Group {
            what: known.map_or("", |known| known.what),
            to_do: known.map_or("", |known| known.to_do),
            group,
        }
    }
}

impl Rows for Group {
    fn nothing() -> &'static str {
        "nothing waits in quarantine, and nothing contradicts itself"
    }

    fn headings() -> &'static [Heading] {
        const HEADINGS: [Heading; 8] = [
            Heading::words("feed"),
            Heading::words("partner"),
            Heading::words("reason"),
            Heading::numbers("messages"),
            Heading::words("newest (UTC)"),
            Heading::words("what is wrong"),
            Heading::words("what to do"),
            Heading::words("the newest"),
        ];
        &HEADINGS
    }

    fn cells(&self) -> Vec<String> {
        let group = &self.group;
        vec![
            group.feed.clone(),
            group.partner.clone(),
            group.reason.clone(),
            group.messages.to_string(),
            minute(group.newest_ms),
            self.what.to_owned(),
            self.to_do.to_owned(),
            group.example.clone(),
        ]
    }
}

/// A message with its id.
#[derive(Debug, Serialize)]
pub(super) struct Listed {
    pub(super) id: String,
    #[serde(flatten)]
    pub(super) row: Waiting,
}

impl From<Waiting> for Listed {
    fn from(row: Waiting) -> Self {
        Listed { id: row.id(), row }
    }
}

impl Rows for Listed {
    fn nothing() -> &'static str {
        "nothing waits in quarantine, and nothing contradicts itself"
    }

    fn headings() -> &'static [Heading] {
        const HEADINGS: [Heading; 8] = [
            Heading::words("id"),
            Heading::words("feed"),
            Heading::words("partner"),
            Heading::words("ref"),
            Heading::words("reason"),
            Heading::words("field"),
            Heading::words("state"),
            Heading::words("what is wrong"),
        ];
        &HEADINGS
    }

    fn cells(&self) -> Vec<String> {
        let row = &self.row;
        vec![
            self.id.clone(),
            row.feed.clone(),
            row.partner.clone(),
            row.reference.clone(),
            row.reason.clone(),
            row.field.clone(),
            row.state.clone(),
            sentence(row),
        ]
    }
}

/// What is wrong with a message. That of a conflict or orphan says only which version it is.
pub(super) fn sentence(row: &Waiting) -> String {
    match remedy(&row.reason) {
        Some(Remedy { what, .. }) if row.stage == "log" => format!("{}: {what}", row.detail),
        _ => row.detail.clone(),
    }
}

fn minute(millis: i64) -> String {
    Timestamp::from_millisecond(millis).map_or_else(
        |_| String::new(),
        |time| time.strftime("%Y-%m-%d %H:%M").to_string(),
    )
}
