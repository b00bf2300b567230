//! Where a message lies: the id under which people, replays and decisions speak of it.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Topic, partition and offset; written `topic/partition/offset`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Place {
    /// The topic.
    pub topic: String,
    /// The partition, never negative.
    pub partition: i32,
    /// The offset, never negative.
    pub offset: i64,
}

/// A text that is not `topic/partition/offset`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is no topic/partition/offset")]
pub struct NoPlace(String);

impl Place {
    /// The place of these coordinates.
    pub fn new(topic: impl Into<String>, partition: i32, offset: i64) -> Self {
        Self {
            topic: topic.into(),
            partition,
            offset,
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.topic, self.partition, self.offset)
    }
}

impl FromStr for Place {
    type Err = NoPlace;

    fn from_str(text: &str) -> Result<Self, NoPlace> {
        let parse = || {
            let (rest, offset) = text.rsplit_once('/')?;
            let (topic, partition) = rest.rsplit_once('/')?;
            let place = Place::new(topic, partition.parse().ok()?, offset.parse().ok()?);
            let is_place = !topic.is_empty() && place.partition >= 0 && place.offset >= 0;
            is_place.then_some(place)
        };
        parse().ok_or_else(|| NoPlace(text.to_owned()))
    }
}

impl TryFrom<String> for Place {
    type Error = NoPlace;

    fn try_from(text: String) -> Result<Self, NoPlace> {
        text.parse()
    }
}

impl From<Place> for String {
    fn from(place: Place) -> Self {
        place.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_read_as_it_is_written() {
        let place = Place::new("returns.a/b", 3, 77);
        assert_eq!(place.to_string().parse(), Ok(place));
        for text in [
            "",
            "a/1",
            "/1/2",
            "a/-1/2",
            "a/1/-2",
            "a/1/x",
            "a/1/9999999999999999999",
        ] {
            assert!(text.parse::<Place>().is_err(), "{text}");
        }
    }
}
