//! `quarterday warnings`: what the checks remark on in records that count, and what to do.

use anyhow::{Result, bail};
use quarterday_store::WarningFilter;
use quarterday_store::warnings::{WarnedRecord, WarningCount};
use serde::Serialize;

use crate::builtin::InForce;
use crate::cli::Warnings;
use crate::commands::DONE;
use crate::output::{self, Heading, Rows};
use crate::target::Opened;

pub(super) async fn run(args: Warnings) -> Result<u8> {
    let opened = args.target.open_to_read().await?;
    let read = read(&opened, &args).await;
    opened.close().await?;
    match read? {
        Read::Counts(counts) => output::print(&counts, args.format)?,
        Read::Records(mut records) => {
            let has_more = output::cut(&mut records, args.limit);
            output::print(&records, args.format)?;
            output::say_more(has_more, args.limit);
        }
    }
    Ok(DONE)
}

enum Read {
    Counts(Vec<Counted>),
    Records(Vec<Warned>),
}

async fn read(opened: &Opened, args: &Warnings) -> Result<Read> {
    let (store, in_force) = (&opened.system.store, &opened.system.in_force);
    if let Some(name) = args
        .feed
        .as_deref()
        .filter(|name| in_force.catalogue.feed(name).is_none())
    {
        bail!("there is no feed {name}; 'quarterday warnings' without --feed shows those with warnings");
    }
    opened.work_off().await?;
    let feeds = in_force.declared().feeds;
    let filter = WarningFilter {
        feed: args.feed.clone(),
        check: args.check.clone(),
    };
    if args.records {
        let records = store
            .warned_records(&feeds, &filter, args.limit.saturating_add(1))
            .await?;
        let records = records.into_iter().map(|record| Warned::new(record, in_force));
        return Ok(Read::Records(records.collect()));
    }
    let counts = store.count_warnings(&feeds, &filter).await?;
    let counts = counts.into_iter().map(|count| Counted::new(count, in_force));
    Ok(Read::Counts(counts.collect()))
}

/// What a check tells the partner; nothing for a check that the feeds file no longer has.
fn message(in_force: &InForce, feed: &str, id: &str) -> String {
    let feed = in_force.catalogue.feed(feed);
    let check = feed.and_then(|feed| feed.feed.checks.iter().find(|check| check.id == id));
    check.map(|check| check.message.clone()).unwrap_or_default()
}

/// One line of counts.
#[derive(Debug, Serialize)]
struct Counted {
    feed: String,
    check: String,
    records: u64,
    message: String,
}

impl Counted {
    fn new(count: WarningCount, in_force: &InForce) -> Self {
        Counted {
            message: message(in_force, &count.feed, &count.check),
            feed: count.feed,
            check: count.check,
            records: count.records,
        }
    }
}

impl Rows for Counted {
    fn nothing() -> &'static str {
        "no warnings"
    }

    fn headings() -> &'static [Heading] {
        const HEADINGS: [Heading; 4] = [
            Heading::words("feed"),
            Heading::words("check"),
            Heading::numbers("records"),
            Heading::words("what may be wrong"),
        ];
        &HEADINGS
    }

    fn cells(&self) -> Vec<String> {
        vec![
            self.feed.clone(),
            self.check.clone(),
            self.records.to_string(),
            self.message.clone(),
        ]
    }
}

/// One record and warning.
#[derive(Debug, Serialize)]
struct Warned {
    #[serde(flatten)]
    record: WarnedRecord,
    message: String,
}

impl Warned {
    fn new(record: WarnedRecord, in_force: &InForce) -> Self {
        Warned {
            message: message(in_force, &record.feed, &record.check),
            record,
        }
    }
}

impl Rows for Warned {
    fn nothing() -> &'static str {
        "no warnings"
    }

    fn headings() -> &'static [Heading] {
        const HEADINGS: [Heading; 7] = [
            Heading::words("feed"),
            Heading::words("partner"),
            Heading::words("ref"),
            Heading::numbers("version"),
            Heading::words("place"),
            Heading::words("check"),
            Heading::words("what may be wrong"),
        ];
        &HEADINGS
    }

    fn cells(&self) -> Vec<String> {
        let record = &self.record;
        vec![
            record.feed.clone(),
            record.partner.clone(),
            record.reference.clone(),
            record.version.to_string(),
            format!(
                "{}/{}/{}",
                record.topic, record.kafka_partition, record.kafka_offset
            ),
            record.check.clone(),
            self.message.clone(),
        ]
    }
}
