//! `quarterday rejected replay`: quarantined messages go through again, each as a new message that names the first one.

use std::collections::{HashMap, HashSet};

use anyhow::{Result, bail};
use quarterday_kafka::Message;
use quarterday_kafka::producer::{Producer, ProducerOptions, Record};
use quarterday_kafka::quarantine::{self, QuarantineMessage};
use quarterday_kafka::replay;
use quarterday_store::{Waiting, WaitingFilter};
use serde::Serialize;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::show::original;
use super::{find, record_types};
use crate::cli::rejected::RejectedReplay;
use crate::commands::DONE;
use crate::output::{self, Heading, Rows};
use crate::progress::Progress;
use crate::target::Opened;

/// Exit code when something was rejected again.
const DIFFERS: u8 = 1;

/// Messages of up to 64 MiB wait in quarantine.
const MESSAGE_LIMIT: usize = 64 << 20;

/// So many messages are sent at a time, or so many bytes of them.
const STRETCH: usize = 500;
const STRETCH_BYTES: usize = 16 << 20;
/// So many wait to be sent: each may be as large as a message can be.
const WAITING: usize = 4;

pub(super) async fn run(args: RejectedReplay) -> Result<u8> {
    let opened = args.target.open_to_read().await?;
    let replayed = replay_all(&opened, &args).await;
    opened.close().await?;
    let summary = replayed?;
    let differs = summary.rejected_again.is_some_and(|again| again > 0);
    output::print(&[summary], args.format)?;
    Ok(if differs { DIFFERS } else { DONE })
}

/// What came of it. Not known of a system elsewhere, whose workers take the messages when they do.
#[derive(Debug, Serialize)]
struct Summary {
    replayed: usize,
    mended: Option<usize>,
    rejected_again: Option<usize>,
    left_out: usize,
}

impl Rows for Summary {
    fn headings() -> &'static [Heading] {
        const HEADINGS: [Heading; 4] = [
            Heading::numbers("replayed"),
            Heading::numbers("mended"),
            Heading::numbers("rejected again"),
            Heading::numbers("left out: gone, mended or discarded"),
        ];
        &HEADINGS
    }

    fn cells(&self) -> Vec<String> {
        let known = |number: Option<usize>| number.map_or_else(String::new, |n| n.to_string());
        vec![
            self.replayed.to_string(),
            known(self.mended),
            known(self.rejected_again),
            self.left_out.to_string(),
        ]
    }
}

async fn replay_all(opened: &Opened, args: &RejectedReplay) -> Result<Summary> {
    let chosen = chosen(opened, args).await?;
    let before = chosen.len();
    let waiting: Vec<Waiting> = chosen.into_iter().filter(|row| row.state == "waiting").collect();
    let sent = send(opened, &waiting).await?;
    opened.work_off().await?;
    let left = if opened.is_watched() {
        Some(still_waiting(opened, &sent).await?)
    } else {
        eprintln!("the workers take the messages as they come; 'rejected list' shows what is rejected again");
        None
    };
    Ok(Summary {
        replayed: sent.len(),
        mended: left.map(|left| sent.len().saturating_sub(left)),
        rejected_again: left,
        left_out: before.saturating_sub(sent.len()),
    })
}

/// What is asked for. Accepted messages are in the log, and putting them through again would change nothing.
async fn chosen(opened: &Opened, args: &RejectedReplay) -> Result<Vec<Waiting>> {
    record_types(opened, args.feed.as_deref())?;
    let fits = |row: &Waiting| {
        args.feed.as_ref().is_none_or(|feed| row.feed == *feed)
            && args.reason.as_ref().is_none_or(|reason| row.reason == *reason)
    };
    if args.ids.is_empty() {
        let filter = WaitingFilter {
            feed: args.feed.clone(),
            reason: args.reason.clone(),
            ..WaitingFilter::default()
        };
        return Ok(opened.system.store.waiting(&[], &filter, u32::MAX).await?);
    }
    let found = find(opened, &args.ids).await?;
    if let Some(accepted) = found.iter().find(|row| row.stage == "log") {
        bail!(
            "{} is not in quarantine: it was accepted, and is a {}; what is wrong with it a higher version mends",
            accepted.id(),
            accepted.reason
        );
    }
    Ok(found.into_iter().filter(fits).collect())
}

/// Sends them in the order in which they were put aside, so that versions of one record stay in order.
async fn send<'w>(opened: &Opened, waiting: &'w [Waiting]) -> Result<Vec<&'w Waiting>> {
    let options = ProducerOptions {
        message_limit: MESSAGE_LIMIT,
        ..ProducerOptions::default()
    };
    let producer = Producer::new(&opened.system.kafka, options)?;
    let steps = Progress::steps();
    let step = steps.bar("putting messages through again", waiting.len());
    let (mut messages, reading) = put_aside(opened, waiting);
    let mut sending = Sending::new(&producer);
    let mut met = HashSet::new();
    while let Some((index, message)) = messages.recv().await {
        let Some(row) = waiting.get(index) else {
            continue;
        };
        met.insert(index);
        let message = if message.is_whole() {
            Some(message.original)
        } else {
            original(opened, row).await?
        };
        sending.take(row, message).await?;
        step.at(sending.sent.len());
    }
    reading.await??;
    // Not in the topic of quarantine, any more or yet. They are listed from the newest on.
    for (_, row) in waiting
        .iter()
        .enumerate()
        .rev()
        .filter(|(index, _)| !met.contains(index))
    {
        sending.take(row, original(opened, row).await?).await?;
    }
    let sent = sending.end().await?;
    step.done();
    Ok(sent)
}

/// What is sent stretch by stretch.
struct Sending<'p, 'w> {
    producer: &'p Producer,
    records: Vec<Record>,
    bytes: usize,
    sent: Vec<&'w Waiting>,
}

impl<'p, 'w> Sending<'p, 'w> {
    fn new(producer: &'p Producer) -> Self {
        Sending {
            producer,
            records: Vec::new(),
            bytes: 0,
            sent: Vec::new(),
        }
    }

    async fn take(&mut self, row: &'w Waiting, message: Option<Message>) -> Result<()> {
        let Some(message) = message else {
            eprintln!("{} is not to be had any more", row.id());
            return Ok(());
        };
        self.bytes = self
            .bytes
            .saturating_add(message.value.as_ref().map_or(0, Vec::len));
        self.records.push(replay::record(&message));
        self.sent.push(row);
        if self.records.len() >= STRETCH || self.bytes >= STRETCH_BYTES {
            self.bytes = 0;
            self.producer.send_all(std::mem::take(&mut self.records)).await?;
        }
        Ok(())
    }

    async fn end(self) -> Result<Vec<&'w Waiting>> {
        self.producer.send_all(self.records).await?;
        Ok(self.sent)
    }
}

/// Reading the quarantine topic, on a thread of its own.
type Reading = JoinHandle<Result<(), quarterday_kafka::Error>>;

/// Reads the quarantine topic once; gives of each message that is wanted its index.
fn put_aside(opened: &Opened, waiting: &[Waiting]) -> (mpsc::Receiver<(usize, QuarantineMessage)>, Reading) {
    let (found, messages) = mpsc::channel(WAITING);
    let kafka = opened.system.kafka.clone();
    let wanted: HashMap<(i32, i64), usize> = waiting
        .iter()
        .enumerate()
        .filter_map(|(index, row)| Some(((row.quarantine_partition?, row.quarantine_offset?), index)))
        .collect();
    let reading = tokio::task::spawn_blocking(move || {
        quarantine::read_all(&kafka, quarantine::TOPIC, None, |message, parsed| {
            let index = wanted.get(&(message.partition, message.offset));
            if let (Some(index), Ok(parsed)) = (index, parsed) {
                // Nobody receives any more: the other side has failed, and says why.
                let _ = found.blocking_send((*index, parsed));
            }
        })
    });
    (messages, reading)
}

async fn still_waiting(opened: &Opened, sent: &[&Waiting]) -> Result<usize> {
    let filter = WaitingFilter::default();
    let rows = opened.system.store.waiting(&[], &filter, u32::MAX).await?;
    let waiting: HashSet<String> = rows.iter().map(Waiting::id).collect();
    Ok(sent.iter().filter(|row| waiting.contains(&row.id())).count())
}
