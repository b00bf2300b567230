//! What the demo hands to Kafka.

use serde_json::Value;

/// One message of a partner.
#[derive(Debug, Clone, PartialEq)]
pub struct Statement {
    /// The feed whose topic it goes to.
    pub feed: &'static str,
    /// The feed's partner, for the message key.
    pub partner: &'static str,
    /// The record's reference, trimmed and in upper case, for the message key. The record itself may have it as typed.
    pub reference: String,
    /// What is sent.
    pub payload: Payload,
}

/// The value of a message.
#[derive(Debug, Clone, PartialEq)]
pub enum Payload {
    /// A record in nested JSON form: the envelope's fields and `body`, an object or null. Dates are `YYYY-MM-DD`, times
    /// RFC 3339 in UTC. It fits the feed's Avro schema; it need not pass the feed's checks.
    Record(Value),
    /// Bytes that are no record, sent as they are.
    Raw(Vec<u8>),
    /// A well-formed message under a schema id that nobody registered.
    UnknownSchema,
}
