//! A quarantined message as a Kafka message, and back.

use std::str::FromStr;

use super::{About, Elided, QuarantineMessage, Rejection, Stage};
use crate::Error;
use crate::message::{Header, Message};
use crate::producer::Record;

const REASON: &str = "quarterday-reason";
const STAGE: &str = "quarterday-stage";
const DETAIL: &str = "quarterday-detail";
const FIELD: &str = "quarterday-field";
const PARTNER: &str = "quarterday-partner";
const REFERENCE: &str = "quarterday-ref";
const TOPIC: &str = "quarterday-topic";
const PARTITION: &str = "quarterday-partition";
const OFFSET: &str = "quarterday-offset";
const TIMESTAMP: &str = "quarterday-timestamp";
const VALUE_ELIDED: &str = "quarterday-value-elided";
const KEY_ELIDED: &str = "quarterday-key-elided";
const HEADERS_ELIDED: &str = "quarterday-headers-elided";

/// A detail longer than this is cut: it explains, it does not carry data.
const DETAIL_LIMIT: usize = 2000;

pub(super) fn to_record(message: &QuarantineMessage, topic: &str) -> Record {
    let QuarantineMessage {
        rejection,
        original,
        elided,
    } = message;
    let mut headers = original.headers.clone();
    headers.extend([
        Header::text(REASON, &rejection.reason),
        Header::text(STAGE, rejection.stage.as_str()),
        Header::text(DETAIL, cut(&rejection.detail)),
        Header::text(TOPIC, &original.topic),
        Header::text(PARTITION, original.partition.to_string()),
        Header::text(OFFSET, original.offset.to_string()),
    ]);
    let About {
        field,
        partner,
        reference,
    } = &rejection.about;
    let known = [(FIELD, field), (PARTNER, partner), (REFERENCE, reference)].into_iter();
    headers.extend(
        known
            .filter(|(_, text)| !text.is_empty())
            .map(|(name, text)| Header::text(name, text)),
    );
    let numbers = [
        (TIMESTAMP, original.timestamp_ms.map(|millis| millis.to_string())),
        (VALUE_ELIDED, elided.value.map(|length| length.to_string())),
        (KEY_ELIDED, elided.key.map(|length| length.to_string())),
        (HEADERS_ELIDED, elided.headers.map(|count| count.to_string())),
    ];
    headers.extend(
        numbers
            .into_iter()
            .filter_map(|(name, number)| Some(Header::text(name, number?))),
    );
    Record {
        topic: topic.to_owned(),
        partition: None,
        key: original.key.clone(),
        value: original.value.clone(),
        headers,
        timestamp_ms: None,
    }
}

pub(super) fn parse(message: &Message) -> Result<QuarantineMessage, Error> {
    let fault = |reason: String| Error::NotQuarantined {
        topic: message.topic.clone(),
        partition: message.partition,
        offset: message.offset,
        reason,
    };
    let begin = message
        .headers
        .iter()
        .rposition(|header| header.name == REASON)
        .ok_or_else(|| fault(format!("header {REASON} is missing")))?;
    let (theirs, ours) = message.headers.split_at(begin);
    let ours = Ours(ours);
    let stage = ours.text(STAGE).map_err(fault)?;
    Ok(QuarantineMessage {
        rejection: Rejection {
            reason: ours.text(REASON).map_err(fault)?.to_owned(),
            stage: Stage::from_str(stage).map_err(|()| fault(format!("header {STAGE} names no stage")))?,
            detail: ours.text(DETAIL).map_err(fault)?.to_owned(),
            about: About {
                field: ours.text_or_empty(FIELD).map_err(fault)?,
                partner: ours.text_or_empty(PARTNER).map_err(fault)?,
                reference: ours.text_or_empty(REFERENCE).map_err(fault)?,
            },
        },
        original: Message {
            topic: ours.text(TOPIC).map_err(fault)?.to_owned(),
            partition: ours
                .number(PARTITION)
                .and_then(required(PARTITION))
                .map_err(fault)?,
            offset: ours.number(OFFSET).and_then(required(OFFSET)).map_err(fault)?,
            timestamp_ms: ours.number(TIMESTAMP).map_err(fault)?,
            key: message.key.clone(),
            value: message.value.clone(),
            headers: theirs.to_vec(),
        },
        elided: Elided {
            value: ours.number(VALUE_ELIDED).map_err(fault)?,
            key: ours.number(KEY_ELIDED).map_err(fault)?,
            headers: ours.number(HEADERS_ELIDED).map_err(fault)?,
        },
    })
}

struct Ours<'a>(&'a [Header]);

impl<'a> Ours<'a> {
    fn find(&self, name: &str) -> Result<Option<&'a str>, String> {
        let Some(header) = self.0.iter().find(|header| header.name == name) else {
            return Ok(None);
        };
        let value = header.value.as_deref().unwrap_or_default();
        std::str::from_utf8(value)
            .map(Some)
            .map_err(|_| format!("header {name} is not UTF-8"))
    }

    fn text(&self, name: &str) -> Result<&'a str, String> {
        self.find(name)?
            .ok_or_else(|| format!("header {name} is missing"))
    }

    /// What a message may say.
    fn text_or_empty(&self, name: &str) -> Result<String, String> {
        Ok(self.find(name)?.unwrap_or_default().to_owned())
    }

    fn number<N: FromStr>(&self, name: &str) -> Result<Option<N>, String> {
        self.find(name)?
            .map(|digits| {
                digits
                    .parse()
                    .map_err(|_| format!("header {name} is not a number"))
            })
            .transpose()
    }
}

fn required<N>(name: &str) -> impl Fn(Option<N>) -> Result<N, String> {
    move |number| number.ok_or_else(|| format!("header {name} is missing"))
}

fn cut(detail: &str) -> &str {
    let mut end = detail.len().min(DETAIL_LIMIT);
    while !detail.is_char_boundary(end) {
        end -= 1;
    }
    detail.get(..end).unwrap_or_default()
}
