//! `quarterday rejected show`: one message as far as it can be read, with the exact place of the fault.

use anyhow::{Context, Result, anyhow, bail};
use quarterday_events::avsc::{self, Parsed};
use quarterday_events::canonical::Fingerprint;
use quarterday_events::partial::{self, Fault, Partial};
use quarterday_events::wire;
use quarterday_kafka::registry::{RegistryClient, value_subject};
use quarterday_kafka::{Message, Place, quarantine, read};
use quarterday_store::Waiting;
use serde::Serialize;
use serde_json::{Map, Value};

use super::find;
use super::list::{Listed, sentence};
use crate::cli::Format;
use crate::cli::rejected::RejectedShow;
use crate::commands::DONE;
use crate::output::{self, Heading, Rows};
use crate::remedies::remedy;
use crate::target::Opened;

pub(super) async fn run(args: RejectedShow) -> Result<u8> {
    let opened = args.target.open_to_read().await?;
    let shown = shown(&opened, &args.id).await;
    opened.close().await?;
    let shown = shown?;
    match args.format {
        Format::Json => output::print(&[shown], Format::Json)?,
        other => output::print(&shown.lines(), other)?,
    }
    Ok(DONE)
}

/// The list's line, and the message.
#[derive(Debug, Serialize)]
struct Shown {
    #[serde(flatten)]
    listed: Listed,
    /// What is wrong, in a sentence.
    what: String,
    /// What to do.
    to_do: &'static str,
    /// Key as text where it is UTF-8.
    key: Option<String>,
    /// Headers, in order.
    headers: Vec<String>,
    /// The record as far as it can be read.
    record: Map<String, Value>,
    /// Where reading broke off, if it did.
    broken_off: Option<BrokenOff>,
    /// Value in hexadecimal; none where the message is not to be had any more.
    value_hex: Option<String>,
}

#[derive(Debug, Serialize)]
struct BrokenOff {
    field: String,
    byte: usize,
    problem: String,
}

impl From<Fault> for BrokenOff {
    fn from(Fault { field, at, problem }: Fault) -> Self {
        BrokenOff {
            field,
            byte: at,
            problem,
        }
    }
}

async fn shown(opened: &Opened, id: &Place) -> Result<Shown> {
    let row = find(opened, std::slice::from_ref(id)).await?;
    let row = row.into_iter().next().context("the message is gone")?;
    let message = original(opened, &row).await?;
    let value = message.as_ref().and_then(|message| message.value.as_deref());
    let read = match value {
        Some(value) => decoded(opened, id, value).await,
        None => Err(anyhow!("the message has no value, or is not to be had any more")),
    };
    let Partial { fields, fault } = read.unwrap_or_else(|error| Partial {
        fields: Map::new(),
        fault: Some(Fault {
            field: String::new(),
            at: 0,
            problem: format!("{error:#}"),
        }),
    });
    Ok(Shown {
        what: sentence(&row),
        to_do: remedy(&row.reason).map_or("", |remedy| remedy.to_do),
        listed: row.into(),
        key: message
            .as_ref()
            .and_then(|message| message.key.as_ref())
            .map(|key| String::from_utf8_lossy(key).into_owned()),
        headers: message.as_ref().map(headers).unwrap_or_default(),
        record: fields,
        broken_off: fault.map(BrokenOff::from),
        value_hex: value.map(hex),
    })
}

/// The message as it came: from quarantine, or from where it lies if it was accepted, was too large for quarantine, or is not there. None: it
/// is not to be had any more.
pub(super) async fn original(opened: &Opened, row: &Waiting) -> Result<Option<Message>> {
    if let (Some(partition), Some(offset)) = (row.quarantine_partition, row.quarantine_offset) {
        // Of a store that was derived again it may be in its own topic only, and retention may have taken it from here.
        if let Some(message) = at(opened, Place::new(quarantine::TOPIC, partition, offset)).await? {
            // What stands there is somebody else's, if it does not read.
            let message = quarantine::QuarantineMessage::try_from(&message).ok();
            if let Some(message) = message.filter(quarantine::QuarantineMessage::is_whole) {
                return Ok(Some(message.original));
            }
        }
    }
    at(
        opened,
        Place::new(row.topic.clone(), row.kafka_partition, row.kafka_offset),
    )
    .await
}

async fn at(opened: &Opened, place: Place) -> Result<Option<Message>> {
    let kafka = opened.system.kafka.clone();
    let read = move || read::read_one(&kafka, &place.topic, place.partition, place.offset);
    tokio::task::spawn_blocking(read)
        .await?
        .context("could not read the message")
}

async fn decoded(opened: &Opened, id: &Place, value: &[u8]) -> Result<Partial> {
    let framed = wire::parse(value)?;
    let registry = &opened.system.registry;
    let writer = match framed {
        wire::Framed::Confluent { schema_id, .. } => avsc::parse(&registry.schema_by_id(schema_id).await?)?,
        wire::Framed::SingleObject { fingerprint, .. } => {
            by_fingerprint(registry, &value_subject(&id.topic), fingerprint).await?
        }
    };
    Ok(partial::read(&writer.schema, framed.payload()))
}

/// The registered schema of that fingerprint. Versions that the registry has no answer for are not in the way of others.
async fn by_fingerprint(
    registry: &RegistryClient,
    subject: &str,
    fingerprint: Fingerprint,
) -> Result<Parsed> {
    let mut failed = None;
    for number in registry.version_numbers(subject).await? {
        match registry.version(subject, number).await {
            Ok(version) => {
                let parsed = version.and_then(|version| avsc::parse(&version.schema).ok());
                if let Some(parsed) = parsed.filter(|parsed| parsed.fingerprints.contains(&fingerprint)) {
                    return Ok(parsed);
                }
            }
            Err(error) => failed = Some(error),
        }
    }
    match failed {
        Some(error) => Err(error.into()),
        None => bail!("the registry has no schema of that fingerprint"),
    }
}

fn headers(message: &Message) -> Vec<String> {
    let each = message.headers.iter().map(|header| {
        let value = header.value.as_deref().map(String::from_utf8_lossy);
        format!("{}={}", header.name, value.unwrap_or_default())
    });
    each.collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// One line of the table.
#[derive(Debug, Serialize)]
struct Line {
    what: String,
    value: String,
}

impl Rows for Line {
    fn headings() -> &'static [Heading] {
        const HEADINGS: [Heading; 2] = [Heading::words("what"), Heading::words("value")];
        &HEADINGS
    }

    fn cells(&self) -> Vec<String> {
        vec![self.what.clone(), self.value.clone()]
    }
}

impl Rows for Shown {
    fn headings() -> &'static [Heading] {
        Line::headings()
    }

    fn cells(&self) -> Vec<String> {
        vec![self.listed.id.clone(), self.what.clone()]
    }
}

impl Shown {
    fn lines(&self) -> Vec<Line> {
        let row = &self.listed.row;
        let state = match row.why.as_str() {
            "" => row.state.clone(),
            why => format!("{} ({why})", row.state),
        };
        let mut lines = vec![
            line("id", &self.listed.id),
            line("feed", &row.feed),
            line("reason", &row.reason),
            line("what is wrong", &self.what),
            line("what to do", self.to_do),
            line("state", &state),
            line("key", self.key.as_deref().unwrap_or_default()),
            line("headers", &self.headers.join(", ")),
        ];
        self.add_fields(&self.record, "", &mut lines);
        if let Some(broken) = &self.broken_off {
            let place = match broken.field.as_str() {
                "" => String::new(),
                field => format!("field {field}, "),
            };
            lines.push(line(
                "broken off",
                &format!("{place}byte {}: {}", broken.byte, broken.problem),
            ));
        }
        let hex = self.value_hex.as_deref();
        lines.push(line("value (hex)", hex.unwrap_or("not to be had any more")));
        lines
    }

    /// The field at fault is marked.
    fn add_fields(&self, fields: &Map<String, Value>, path: &str, lines: &mut Vec<Line>) {
        for (name, value) in fields {
            let path = format!("{path}{name}");
            if let Value::Object(inner) = value {
                self.add_fields(inner, &format!("{path}."), lines);
                continue;
            }
            let text = match value {
                Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            let is_at_fault = self.listed.row.field == path;
            let mark = if is_at_fault { "  (here)" } else { "" };
            lines.push(line(&format!("record.{path}"), &format!("{text}{mark}")));
        }
    }
}

fn line(what: &str, value: &str) -> Line {
    Line {
        what: what.to_owned(),
        value: value.to_owned(),
    }
}
