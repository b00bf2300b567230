//! Replays: quarantined messages that were put through again, each as a new message that names the first one.

use rdkafka::message::BorrowedMessage;

use crate::message::{Header, Message, headers_of};
use crate::place::Place;
use crate::producer::Record;

/// The header of a replay: the place of the message that was rejected first.
pub const REPLAY_OF: &str = "replay-of";

/// The message that this one is a replay of. One that names another topic is a message like others: replays go to the topic
/// that the first message lay in.
pub fn replay_of(message: &BorrowedMessage<'_>) -> Option<Place> {
    use rdkafka::message::Message as _;
    named(&headers_of(message)).filter(|first| first.topic == message.topic())
}

/// The first message: the one that `original` is a replay of, or itself.
pub fn first_of(original: &Message) -> Place {
    let itself = || Place::new(original.topic.clone(), original.partition, original.offset);
    named(&original.headers)
        .filter(|first| first.topic == original.topic)
        .unwrap_or_else(itself)
}

/// The message that puts a quarantined one through again, with its key, value and headers, to its topic.
pub fn record(original: &Message) -> Record {
    let first = first_of(original);
    let others = original.headers.iter().filter(|header| header.name != REPLAY_OF);
    let mut headers: Vec<Header> = others.cloned().collect();
    headers.push(Header::text(REPLAY_OF, first.to_string()));
    Record {
        topic: original.topic.clone(),
        partition: None,
        key: original.key.clone(),
        value: original.value.clone(),
        headers,
        timestamp_ms: None,
    }
}

fn named(headers: &[Header]) -> Option<Place> {
    let header = headers.iter().rev().find(|header| header.name == REPLAY_OF)?;
    std::str::from_utf8(header.value.as_deref()?).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_replay_of_a_replay_names_the_first() {
        let mut message = Message {
            topic: "returns.x".to_owned(),
            partition: 1,
            offset: 5,
            headers: vec![Header::text("trace", "7")],
            ..Message::default()
        };
        let first = record(&message);
        assert_eq!(
            first.headers.last(),
            Some(&Header::text(REPLAY_OF, "returns.x/1/5"))
        );
        message.headers = first.headers;
        message.offset = 9;
        let second = record(&message);
        assert_eq!(
            second.headers,
            [
                Header::text("trace", "7"),
                Header::text(REPLAY_OF, "returns.x/1/5")
            ]
        );
    }

    #[test]
    fn a_header_that_names_another_topic_names_nothing() {
        let message = Message {
            topic: "returns.x".to_owned(),
            headers: vec![Header::text(REPLAY_OF, "returns.y/1/5")],
            ..Message::default()
        };
        assert_eq!(first_of(&message), Place::new("returns.x", 0, 0));
    }
}
