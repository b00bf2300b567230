//! `quarterday rejected`: what is in quarantine, why, and what to do.

use anyhow::{Context, Result, bail};
use quarterday_kafka::quarantine;
use quarterday_kafka::read;
use quarterday_store::{Rejected as Row, rejected::Filter};
use serde::Serialize;

use crate::cli::{Rejected, RejectedList, RejectedShow};
use crate::commands::DONE;
use crate::output::{self, Heading, Rows};
use crate::target::Opened;

pub(super) async fn run(args: Rejected) -> Result<u8> {
    match args {
        Rejected::List(args) => list(args).await,
        Rejected::Show(args) => show(args).await,
    }
}

async fn list(args: RejectedList) -> Result<u8> {
    let opened = args.target.open_to_read().await?;
    let catalogue = &opened.system.in_force.catalogue;
    if let Some(name) = args.feed.as_deref().filter(|name| catalogue.feed(name).is_none()) {
        bail!(
            "there is no feed {name}; feeds are {}",
            catalogue.feed_names().join(", ")
        );
    }
    let filter = Filter {
        id: None,
        feed: args.feed,
        reason: args.reason,
        limit: args.limit.saturating_add(1),
    };
    let rows = opened.system.store.rejected(&filter).await;
    opened.close().await?;
    let mut listed: Vec<Listed> = rows?.into_iter().map(Listed::from).collect();
    let has_more = output::cut(&mut listed, args.limit);
    output::print(&listed, args.format)?;
    output::say_more(has_more, args.limit);
    Ok(DONE)
}

async fn show(args: RejectedShow) -> Result<u8> {
    let opened = args.target.open_to_read().await?;
    let shown = find(&opened, &args.id).await;
    opened.close().await?;
    output::print(&[shown?], args.format)?;
    Ok(DONE)
}

/// One line of `rejected list`.
#[derive(Debug, Serialize)]
struct Listed {
    id: String,
    #[serde(flatten)]
    row: Row,
}

impl From<Row> for Listed {
    fn from(row: Row) -> Self {
        Listed { id: row.id(), row }
    }
}

/// `rejected show`: the line and the message's bytes.
#[derive(Debug, Serialize)]
struct Shown {
    #[serde(flatten)]
    listed: Listed,
    /// Key as text where it is UTF-8.
    key: Option<String>,
    /// Header names, in order.
    headers: Vec<String>,
    /// Value in hexadecimal; none where the quarantine topic refused it for its size.
    value_hex: Option<String>,
}

async fn find(opened: &Opened, id: &str) -> Result<Shown> {
    let filter = Filter {
        id: Some(id.to_owned()),
        limit: 1,
        ..Filter::default()
    };
    let Some(row) = opened.system.store.rejected(&filter).await?.pop() else {
        bail!("no message {id} is in quarantine; 'quarterday rejected list' shows the ids");
    };
    let (kafka, partition, offset) = (
        opened.system.kafka.clone(),
        row.quarantine_partition,
        row.quarantine_offset,
    );
    let read = move || read::read_one(&kafka, quarantine::TOPIC, partition, offset);
    let message = tokio::task::spawn_blocking(read)
        .await?
        .context("could not read the quarantine topic")?;
    let message = message.with_context(|| format!("the quarantine topic no longer holds offset {offset}"))?;
    let message = quarantine::QuarantineMessage::try_from(&message)?;
    Ok(Shown {
        listed: row.into(),
        key: message
            .original
            .key
            .as_ref()
            .map(|key| String::from_utf8_lossy(key).into_owned()),
        headers: message
            .headers()
            .iter()
            .map(|header| header.name.clone())
            .collect(),
        value_hex: message.original.value.as_deref().map(hex),
    })
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

impl Rows for Listed {
    fn headings() -> &'static [Heading] {
        const HEADINGS: [Heading; 7] = [
            Heading::words("id"),
            Heading::words("feed"),
            Heading::words("partner"),
            Heading::words("ref"),
            Heading::words("reason"),
            Heading::words("field"),
            Heading::words("what is wrong and what to do"),
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
            row.detail.clone(),
        ]
    }
}

impl Rows for Shown {
    fn headings() -> &'static [Heading] {
        const HEADINGS: [Heading; 8] = [
            Heading::words("id"),
            Heading::words("feed"),
            Heading::words("reason"),
            Heading::words("field"),
            Heading::words("what is wrong and what to do"),
            Heading::words("key"),
            Heading::words("headers"),
            Heading::words("value (hex)"),
        ];
        &HEADINGS
    }

    fn cells(&self) -> Vec<String> {
        let row = &self.listed.row;
        vec![
            self.listed.id.clone(),
            row.feed.clone(),
            row.reason.clone(),
            row.field.clone(),
            row.detail.clone(),
            self.key.clone().unwrap_or_default(),
            self.headers.join(", "),
            self.value_hex
                .clone()
                .unwrap_or_else(|| "too large for the quarantine topic".to_owned()),
        ]
    }
}
