//! Packing stored messages into a record batch as it goes over the wire.

use bytes::Bytes;
use tansu_sans_io::record::{Record, deflated, header, inflated};

use super::log::Stored;

/// One uncompressed batch of all these messages, or none of none.
pub(super) fn pack(records: Vec<Stored>) -> Result<Option<deflated::Batch>, tansu_sans_io::Error> {
    let (Some(first), Some(last)) = (records.first(), records.last()) else {
        return Ok(None);
    };
    let (base_offset, base_timestamp) = (first.offset, first.timestamp);
    let last_offset_delta = i32::try_from(last.offset - base_offset)?;
    let max_timestamp = records
        .iter()
        .map(|record| record.timestamp)
        .max()
        .unwrap_or(base_timestamp);
    let records = records
        .into_iter()
        .map(|record| {
            let offset_delta = i32::try_from(record.offset - base_offset)?;
            let timestamp_delta = record.timestamp.wrapping_sub(base_timestamp);
            let builder = Record::builder()
                .offset_delta(offset_delta)
                .timestamp_delta(timestamp_delta)
                .key(record.key)
                .value(record.value);
            record.headers.into_iter().fold(builder, add_header).build()
        })
        .collect::<Result<Vec<_>, _>>()?;
    let batch = inflated::Batch {
        base_offset,
        partition_leader_epoch: -1,
        magic: 2,
        last_offset_delta,
        base_timestamp,
        max_timestamp,
        producer_id: -1,
        producer_epoch: -1,
        base_sequence: -1,
        records,
        ..inflated::Batch::default()
    };
    deflated::Batch::try_from(batch).map(Some)
}

fn add_header(
    record: tansu_sans_io::record::Builder,
    (name, value): (Option<Bytes>, Option<Bytes>),
) -> tansu_sans_io::record::Builder {
    let header = header::Header::builder().key(name.unwrap_or_default());
    record.header(match value {
        Some(value) => header.value(value),
        None => header,
    })
}
