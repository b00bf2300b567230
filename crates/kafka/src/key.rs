//! The Kafka message key: the natural key of a record, so that all of its versions lie in order in one partition.

/// `feed|partner|ref` as bytes.
///
/// Feed and partner are names from the feeds file and hold no `|`; a `|` in `reference` is harmless, being the last part.
pub fn record_key(feed: &str, partner: &str, reference: &str) -> Vec<u8> {
    [feed, "|", partner, "|", reference].concat().into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_joined_by_bars() {
        assert_eq!(
            record_key("cctv-incidents", "TWBC_CCTV", "C-1|2"),
            b"cctv-incidents|TWBC_CCTV|C-1|2"
        );
    }
}
