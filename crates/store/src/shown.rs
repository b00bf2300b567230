//! What readers see, and will see by what was prepared: up to which offsets, since when.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Deserialize;

use crate::declared::RETURN_NOTICE;
use crate::{Result, Store};

impl Store {
    /// What readers see now: up to which offsets, and since when.
    ///
    /// # Errors
    /// As [`Store::rows`].
    pub async fn shown(&self) -> Result<Shown> {
        let sql = self
            .names()
            .fill(include_str!("../../../schemas/clickhouse/shown.sql"))
            .replace("{notices}", RETURN_NOTICE);
        let refreshes: Vec<Refreshed> = self.rows("read the watermarks", &sql, &[]).await?;
        let mut shown = Shown::default();
        for refreshed in refreshes {
            let at = Timestamp::from_microsecond(refreshed.computed_at_us).ok();
            shown.at = shown.at.max(at);
            // Each record type names the notices that it was computed from, older ones too.
            for (place, offset) in refreshed.watermark {
                let newest = shown.watermarks.entry(place).or_insert(offset);
                *newest = offset.max(*newest);
            }
        }
        Ok(shown)
    }

    /// The offsets of topic/partition that readers see, or will see by refreshes that were prepared.
    ///
    /// # Errors
    /// As [`Store::rows`].
    pub async fn prepared(&self) -> Result<BTreeMap<String, u64>> {
        #[derive(Deserialize)]
        struct Prepared {
            watermark: BTreeMap<String, u64>,
        }
        let sql = self.names().fill("SELECT watermark FROM {store}.prepared_newest");
        let prepared: Vec<Prepared> = self.rows("read what is prepared", &sql, &[]).await?;
        let mut newest = BTreeMap::new();
        for (place, next) in prepared.into_iter().flat_map(|prepared| prepared.watermark) {
            let known = newest.entry(place).or_insert(next);
            *known = next.max(*known);
        }
        Ok(newest)
    }
}

/// What readers see.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shown {
    /// Up to which offset of each topic/partition.
    pub watermarks: BTreeMap<String, u64>,
    /// When the newest refresh was shown; none if none ever was.
    pub at: Option<Timestamp>,
}

impl Shown {
    /// The first offset of a partition that readers do not see.
    #[must_use]
    pub fn next(&self, topic: &str, partition: i32) -> i64 {
        let next = self.watermarks.get(&format!("{topic}/{partition}"));
        next.map_or(0, |next| i64::try_from(*next).unwrap_or(i64::MAX))
    }
}

#[derive(Deserialize)]
struct Refreshed {
    watermark: BTreeMap<String, u64>,
    computed_at_us: i64,
}
