//! The frames around a datum: Confluent's wire format and Avro's single-object encoding.

use crate::canonical::Fingerprint;

/// The first byte of Confluent's wire format; four bytes of schema id follow, big-endian.
const CONFLUENT: u8 = 0;

/// The first two bytes of a single-object encoding; eight bytes of fingerprint follow.
const SINGLE_OBJECT: [u8; 2] = [0xc3, 0x01];

/// The first byte of Confluent's newer frame, which names the schema by 16 bytes of GUID.
const CONFLUENT_GUID: u8 = 1;

/// A message with its frame taken off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Framed<'m> {
    /// Confluent's wire format.
    Confluent {
        /// The registry's id of the writer's schema.
        schema_id: u32,
        /// The datum.
        payload: &'m [u8],
    },
    /// Avro's single-object encoding.
    SingleObject {
        /// The Rabin fingerprint of the writer's schema, little-endian.
        fingerprint: Fingerprint,
        /// The datum.
        payload: &'m [u8],
    },
}

impl<'m> Framed<'m> {
    /// The datum.
    pub fn payload(&self) -> &'m [u8] {
        match self {
            Self::Confluent { payload, .. } | Self::SingleObject { payload, .. } => payload,
        }
    }
}

/// Why a message has no frame that is known.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WireError {
    /// No bytes, or no value at all.
    #[error("the message is empty; send a record as Avro in Confluent's wire format")]
    Empty,
    /// The frame is cut off.
    #[error("the message has {bytes} bytes, and its header alone needs {needed}")]
    Short {
        /// Its length.
        bytes: usize,
        /// The header's length.
        needed: usize,
    },
    /// A schema named by GUID.
    #[error(
        "the message names its schema by GUID (first byte 0x01); set the serializer to send the schema id in the message"
    )]
    Guid,
    /// Neither frame.
    #[error(
        "the message begins with byte {first:#04x}; it must be Avro in Confluent's wire format (0x00 and the schema id) \
         or in single-object encoding (0xc3 0x01 and the fingerprint)"
    )]
    Unknown {
        /// Its first byte.
        first: u8,
    },
}

/// Takes the frame off a message.
pub fn parse(message: &[u8]) -> Result<Framed<'_>, WireError> {
    let short = |needed| WireError::Short {
        bytes: message.len(),
        needed,
    };
    match message {
        [] => Err(WireError::Empty),
        [CONFLUENT, rest @ ..] => {
            let (id, payload) = rest.split_first_chunk().ok_or(short(5))?;
            Ok(Framed::Confluent {
                schema_id: u32::from_be_bytes(*id),
                payload,
            })
        }
        [first, second, rest @ ..] if [*first, *second] == SINGLE_OBJECT => {
            let (fingerprint, payload) = rest.split_first_chunk().ok_or(short(10))?;
            Ok(Framed::SingleObject {
                fingerprint: *fingerprint,
                payload,
            })
        }
        [first] if SINGLE_OBJECT.first() == Some(first) => Err(short(10)),
        [CONFLUENT_GUID, rest @ ..] if rest.len() >= 16 => Err(WireError::Guid),
        [first, ..] => Err(WireError::Unknown { first: *first }),
    }
}

/// Puts a datum into Confluent's wire format.
pub fn confluent(schema_id: u32, payload: &[u8]) -> Vec<u8> {
    [&[CONFLUENT], schema_id.to_be_bytes().as_slice(), payload].concat()
}

/// Puts a datum into Avro's single-object encoding.
pub fn single_object(fingerprint: Fingerprint, payload: &[u8]) -> Vec<u8> {
    [SINGLE_OBJECT.as_slice(), &fingerprint, payload].concat()
}

#[cfg(test)]
mod tests;
