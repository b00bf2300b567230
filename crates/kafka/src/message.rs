//! Owned messages and their headers.

use std::borrow::Cow;
use std::ffi::{CStr, c_char};
use std::fmt::Write as _;
use std::{ptr, slice};

use rdkafka::bindings;
use rdkafka::message::{BorrowedMessage, Message as _, OwnedHeaders};

/// Stands before the hexadecimal digits of a header name that is not UTF-8.
const RAW_NAME: &str = "quarterday-raw-name:";

/// One header of a message. Names may repeat; the order counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// The name. One that is not UTF-8 is kept as `quarterday-raw-name:` and its bytes in hexadecimal.
    pub name: String,
    /// The value; a null value differs from an empty one.
    pub value: Option<Vec<u8>>,
}

/// A message with all that belongs to it, copied out of librdkafka.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Message {
    /// The topic it lies in.
    pub topic: String,
    /// The partition it lies in.
    pub partition: i32,
    /// Its offset there.
    pub offset: i64,
    /// Milliseconds since 1970, by producer or broker; none where the message has none.
    pub timestamp_ms: Option<i64>,
    /// The key.
    pub key: Option<Vec<u8>>,
    /// The value; none is a tombstone.
    pub value: Option<Vec<u8>>,
    /// The headers in order.
    pub headers: Vec<Header>,
}

impl Header {
    /// A header with a textual value.
    pub fn text(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            value: Some(value.into().into_bytes()),
        }
    }
}

impl From<&BorrowedMessage<'_>> for Message {
    fn from(message: &BorrowedMessage<'_>) -> Self {
        Self {
            topic: message.topic().to_owned(),
            partition: message.partition(),
            offset: message.offset(),
            timestamp_ms: message.timestamp().to_millis(),
            key: message.key().map(<[u8]>::to_vec),
            value: message.payload().map(<[u8]>::to_vec),
            headers: headers_of(message),
        }
    }
}

/// Copies the headers of a message.
///
/// `BorrowedHeaders` of rdkafka panics on a name that is not UTF-8, which any producer can send; so this asks
/// librdkafka itself.
pub fn headers_of(message: &BorrowedMessage<'_>) -> Vec<Header> {
    let mut headers = Vec::new();
    let mut native = ptr::null_mut();
    // SAFETY: the message is alive for the whole call; librdkafka parses its headers into memory owned by it.
    let found = unsafe { bindings::rd_kafka_message_headers(message.ptr(), &mut native) };
    if found != bindings::rd_kafka_resp_err_t::RD_KAFKA_RESP_ERR_NO_ERROR || native.is_null() {
        return headers;
    }
    for index in 0.. {
        let (mut name, mut value, mut size): (*const c_char, _, usize) = (ptr::null(), ptr::null(), 0);
        // SAFETY: `native` belongs to the message borrowed here; an index past the end gives an error code.
        let found =
            unsafe { bindings::rd_kafka_header_get_all(native, index, &mut name, &mut value, &mut size) };
        if found != bindings::rd_kafka_resp_err_t::RD_KAFKA_RESP_ERR_NO_ERROR || name.is_null() {
            break;
        }
        // SAFETY: librdkafka ends header names with NUL and keeps them as long as the message.
        let name = header_name(unsafe { CStr::from_ptr(name) }.to_bytes()).into_owned();
        // SAFETY: `value` points to `size` bytes that live as long as the message, or is null.
        let value =
            (!value.is_null()).then(|| unsafe { slice::from_raw_parts(value.cast::<u8>(), size) }.to_vec());
        headers.push(Header { name, value });
    }
    headers
}

fn header_name(bytes: &[u8]) -> Cow<'_, str> {
    std::str::from_utf8(bytes).map_or_else(
        |_| {
            let mut name = RAW_NAME.to_owned();
            for byte in bytes {
                let _ = write!(name, "{byte:02x}");
            }
            Cow::Owned(name)
        },
        Cow::Borrowed,
    )
}

/// Headers as rdkafka wants them; none when there are none.
pub(crate) fn to_native(headers: &[Header]) -> Option<OwnedHeaders> {
    if headers.is_empty() {
        return None;
    }
    let native = headers.iter().fold(
        OwnedHeaders::new_with_capacity(headers.len()),
        |native, header| {
            native.insert(rdkafka::message::Header {
                key: &header.name,
                value: header.value.as_ref(),
            })
        },
    );
    Some(native)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_are_not_utf8_keep_their_bytes() {
        assert_eq!(header_name(b"trace-id"), "trace-id");
        assert_eq!(header_name(&[0xff, 0x0a]), "quarterday-raw-name:ff0a");
    }
}
