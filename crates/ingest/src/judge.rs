//! From a consumed message to a row of its feed's batch, or to quarantine. Judges only form, decoding and checks: duplicate,
//! conflict, orphan and live are derived in SQL from the log, so they cannot depend on this worker.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use quarterday_events::canonical::Fingerprint;
use quarterday_events::judge::is_well_formed_ref;
use quarterday_events::schema_store::Resolved;
use quarterday_events::wire::{self, WireError};
use quarterday_events::{Decoder, Rejection, SchemaStore};
use quarterday_kafka::decisions::{self, Decision};
use quarterday_kafka::message::Message;
use quarterday_kafka::quarantine::{self, About, Elided, PutAside, QuarantineMessage, Stage};
use quarterday_kafka::replay::replay_of;
use quarterday_kafka::{BorrowedMessage, MessageFields};
use quarterday_store::{Decided, Replay};

use crate::batch::{Batch, RejectedMessage, WarningNote};
use crate::partitions::Known;
use crate::{Catalogue, causes};

/// How long it is believed that the registry does not have a schema, so that many such messages do not each ask again.
/// Short: a partner may register a schema and write under it at once.
const UNKNOWN_FOR: Duration = Duration::from_secs(1);

/// What became of a message.
pub(crate) enum Verdict {
    /// It is in the batch, accepted or rejected.
    Taken,
    /// Its writer's schema must be asked for first: tell [`Feeds`] the answer and judge it again.
    Unknown(Missing),
}

/// A writer's schema that the registry must be asked for.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Missing {
    /// Position of the feed in the catalogue.
    pub(crate) feed: usize,
    /// What the message names it by.
    pub(crate) by: Named,
}

/// How a message names its writer's schema.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Named {
    /// By the registry's id.
    Id(u32),
    /// By a fingerprint: one of the versions under the topic's subject.
    Fingerprint(Fingerprint),
}

/// All feeds, each with the writers' schemas met so far.
pub(crate) struct Feeds {
    catalogue: Arc<Catalogue>,
    by_topic: HashMap<String, usize>,
    schemas: Vec<SchemaStore>,
    unknown: HashMap<Missing, Instant>,
    max_bytes: usize,
}

/// Why a message is rejected, before it is put together with the message.
struct Fault {
    stage: Stage,
    reason: &'static str,
    field: String,
    detail: String,
    /// The partner's code and the record's reference, where they were decoded and may be shown.
    partner: String,
    reference: String,
}

/// A datum without its frame, and the decoder for it.
struct Datum<'m> {
    decoder: Arc<Decoder>,
    payload: &'m [u8],
}

enum Framing<'m> {
    Decode(Datum<'m>),
    Fetch(Named),
}

impl Feeds {
    pub(crate) fn new(catalogue: &Arc<Catalogue>, max_bytes: usize) -> Self {
        let feeds = catalogue.feeds();
        Feeds {
            by_topic: feeds
                .iter()
                .enumerate()
                .map(|(i, f)| (f.feed.topic.clone(), i))
                .collect(),
            schemas: feeds
                .iter()
                .map(|f| SchemaStore::new(Arc::clone(&f.record_type)))
                .collect(),
            unknown: HashMap::new(),
            max_bytes,
            catalogue: Arc::clone(catalogue),
        }
    }

    /// The registry knows this schema.
    pub(crate) fn learn(&mut self, feed: usize, id: u32, schema: &str) {
        if let Some(schemas) = self.schemas.get_mut(feed) {
            schemas.insert(id, schema);
        }
    }

    /// Is anything known of it by now, usable or not?
    pub(crate) fn knows(&self, missing: Missing) -> bool {
        self.schemas
            .get(missing.feed)
            .is_some_and(|schemas| match missing.by {
                Named::Id(id) => schemas.has_id(id),
                Named::Fingerprint(fingerprint) => schemas.has_fingerprint(&fingerprint),
            })
    }

    /// The registry does not have it.
    pub(crate) fn note_unknown(&mut self, missing: Missing) {
        self.unknown.retain(|_, since| since.elapsed() < UNKNOWN_FOR);
        self.unknown.insert(missing, Instant::now());
    }

    /// Judges one message into the batch, unless what is `known` says what became of it.
    pub(crate) fn judge(&self, message: &BorrowedMessage<'_>, known: &Known, batch: &mut Batch) -> Verdict {
        if message.topic() == decisions::TOPIC {
            batch.decisions.extend(decision(message));
            return Verdict::Taken;
        }
        // Only topics of the catalogue are subscribed to, so there always is a feed.
        let Some(&feed) = self.by_topic.get(message.topic()) else {
            return Verdict::Taken;
        };
        if let Known::Rejected(earlier) = known {
            batch.rejected.push(RejectedMessage {
                feed,
                message: QuarantineMessage::new(message, earlier.rejection.clone()),
                place: Some(earlier.place),
            });
        } else {
            let fault = match self.framing(feed, message.payload().unwrap_or_default()) {
                Ok(Framing::Fetch(by)) => return Verdict::Unknown(Missing { feed, by }),
                Ok(Framing::Decode(datum)) => self.accept(feed, &datum, message, batch).err(),
                Err(fault) => Some(fault),
            };
            match (known, fault) {
                // A message that has a row keeps it, whatever it would be by the lists of today.
                (Known::Accepted, None) => batch.drop_newest_row(feed),
                (Known::Nothing, Some(fault)) => batch.rejected.push(self.rejected(feed, fault, message)),
                _ => {}
            }
        }
        batch.replays.extend(replay(message));
        Verdict::Taken
    }

    /// A message that lies in quarantine and has gone from its own topic since.
    pub(crate) fn aside(
        &self,
        (topic, partition, offset): (&str, i32, i64),
        aside: PutAside,
    ) -> Option<RejectedMessage> {
        let original = Message {
            topic: topic.to_owned(),
            partition,
            offset,
            timestamp_ms: aside.timestamp_ms,
            ..Message::default()
        };
        Some(RejectedMessage {
            feed: *self.by_topic.get(topic)?,
            message: QuarantineMessage {
                rejection: aside.rejection,
                original,
                elided: Elided {
                    value: Some(aside.bytes),
                    ..Elided::default()
                },
            },
            place: Some(aside.place),
        })
    }

    fn rejected(&self, feed: usize, fault: Fault, message: &BorrowedMessage<'_>) -> RejectedMessage {
        let compiled = self.catalogue.feeds().get(feed);
        fault.of((feed, compiled.and_then(|f| f.feed.partner.only())), message)
    }

    /// Takes the frame off and finds the decoder.
    fn framing<'m>(&self, feed: usize, bytes: &'m [u8]) -> Result<Framing<'m>, Fault> {
        if bytes.len() > self.max_bytes {
            return Err(Fault::wire(
                "too-large",
                format!(
                    "the message has {} bytes, more than the {} that a return may have; send one record per message",
                    bytes.len(),
                    self.max_bytes
                ),
            ));
        }
        let framed = wire::parse(bytes).map_err(|error| {
            let reason = if matches!(error, WireError::Empty) {
                "empty"
            } else {
                "not-avro"
            };
            Fault::wire(reason, error.to_string())
        })?;
        let Some(schemas) = self.schemas.get(feed) else {
            return Err(Fault::unknown_schema("?"));
        };
        match schemas.resolve(&framed) {
            Resolved::Decoder(decoder) => Ok(Framing::Decode(Datum {
                decoder,
                payload: framed.payload(),
            })),
            Resolved::Unusable(why) => Err(Fault::schema("unusable-schema", causes::with(&*why))),
            Resolved::UnknownFingerprint(fingerprint) => self.fetch(feed, Named::Fingerprint(fingerprint)),
            Resolved::UnknownId(id) => self.fetch(feed, Named::Id(id)),
        }
    }

    /// To be asked for, unless the registry said a moment ago that it does not have it.
    fn fetch<'m>(&self, feed: usize, by: Named) -> Result<Framing<'m>, Fault> {
        let asked = self.unknown.get(&Missing { feed, by });
        if asked.is_none_or(|since| since.elapsed() >= UNKNOWN_FOR) {
            return Ok(Framing::Fetch(by));
        }
        Err(match by {
            Named::Id(id) => Fault::unknown_schema(&format!("with id {id}")),
            Named::Fingerprint(_) => Fault::unknown_schema("of that fingerprint"),
        })
    }

    /// Decodes into the batch's columns and judges the row there; takes it back when it fails.
    fn accept(
        &self,
        feed: usize,
        datum: &Datum<'_>,
        message: &BorrowedMessage<'_>,
        batch: &mut Batch,
    ) -> Result<(), Fault> {
        let (Some(compiled), Some(rows)) = (self.catalogue.feeds().get(feed), batch.rows.get_mut(feed))
        else {
            return Ok(());
        };
        let before = rows.columns.len();
        datum
            .decoder
            .decode(datum.payload, &mut rows.columns)
            .map_err(|error| Fault {
                stage: Stage::Decode,
                reason: "undecodable",
                field: error.field.clone(),
                detail: causes::with(&error),
                partner: String::new(),
                reference: String::new(),
            })?;
        let (partition, offset) = (unsigned(message.partition()), unsigned(message.offset()));
        match compiled.judge.judge(&mut rows.columns) {
            Ok(warnings) => batch
                .warnings
                .extend(warnings.into_iter().map(|check| WarningNote {
                    feed,
                    partition,
                    offset,
                    check: check.to_owned(),
                })),
            Err(rejection) => {
                let text = |field: &str| {
                    let column = compiled.record_type.column_index(field)?;
                    rows.columns.str(column, before)
                };
                // What is not well formed, or no code, may be anything, so it is not shown.
                let reference = text("ref").filter(|text| is_well_formed_ref(text));
                let partner = text("partner").filter(|text| self.catalogue.is_partner(text));
                let fault = Fault {
                    partner: partner.unwrap_or_default().to_owned(),
                    reference: reference.unwrap_or_default().to_owned(),
                    ..Fault::check(rejection)
                };
                rows.columns.truncate(before);
                return Err(fault);
            }
        }
        rows.partitions.push(partition);
        rows.offsets.push(offset);
        rows.times_ms.push(message.timestamp().to_millis().unwrap_or(0));
        Ok(())
    }
}

impl Fault {
    fn wire(reason: &'static str, detail: String) -> Self {
        Fault {
            stage: Stage::Wire,
            reason,
            field: String::new(),
            detail,
            partner: String::new(),
            reference: String::new(),
        }
    }

    fn schema(reason: &'static str, detail: String) -> Self {
        Fault {
            stage: Stage::Schema,
            reason,
            field: String::new(),
            detail,
            partner: String::new(),
            reference: String::new(),
        }
    }

    fn unknown_schema(which: &str) -> Self {
        Fault::schema(
            "unknown-schema",
            format!(
                "no schema {which} is known; register the writer's schema in the schema registry, then replay"
            ),
        )
    }

    fn check(rejection: Rejection) -> Self {
        Fault {
            stage: Stage::Check,
            reason: rejection.reason.as_str(),
            field: rejection.field,
            detail: rejection.detail,
            partner: String::new(),
            reference: String::new(),
        }
    }

    /// `owner` is the partner of the feed, if it has one.
    fn of(self, (feed, owner): (usize, Option<&str>), message: &BorrowedMessage<'_>) -> RejectedMessage {
        let rejection = quarantine::Rejection {
            reason: self.reason.to_owned(),
            stage: self.stage,
            detail: self.detail,
            about: About {
                field: self.field,
                partner: owner.map_or(self.partner, str::to_owned),
                reference: self.reference,
            },
        };
        RejectedMessage {
            feed,
            message: QuarantineMessage::new(message, rejection),
            place: None,
        }
    }
}

fn replay(message: &BorrowedMessage<'_>) -> Option<Replay> {
    let first = replay_of(message)?;
    Some(Replay {
        topic: first.topic,
        partition: message.partition(),
        offset: message.offset(),
        first_partition: first.partition,
        first_offset: first.offset,
    })
}

/// What a message of the topic of decisions says.
fn decision(message: &BorrowedMessage<'_>) -> Option<Decided> {
    let (partition, offset) = (message.partition(), message.offset());
    let Some(decision) = message.payload().and_then(Decision::parse) else {
        tracing::warn!(
            partition,
            offset,
            "a message of the topic decisions is no decision"
        );
        return None;
    };
    let Decision { of, verdict, why } = decision;
    Some(Decided {
        partition,
        offset,
        time_ms: message.timestamp().to_millis().unwrap_or(0),
        topic: of.topic,
        of_partition: of.partition,
        of_offset: of.offset,
        verdict: verdict.as_str().to_owned(),
        why,
    })
}

/// Kafka's partitions and offsets of stored messages are never negative.
fn unsigned<S, U: TryFrom<S> + Default>(number: S) -> U {
    U::try_from(number).unwrap_or_default()
}
