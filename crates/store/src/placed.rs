//! Whether what numbers are made of is what the version logs say.

use serde::{Deserialize, Serialize};

use crate::{Result, Store};

/// The records of one type that count, and those that were placed in quarters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Placed {
    /// The record type.
    pub record_type: String,
    /// Records that count, by the version log.
    pub live: u64,
    /// Records that were placed as counting.
    pub placed: u64,
    /// Whether these are the same, each in the same version.
    pub is_same: bool,
    /// Whether the newest refresh has not seen everything, so that they need not be.
    pub is_behind: bool,
}

impl Placed {
    /// Whether there is nothing to object to.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.is_same || self.is_behind
    }
}

impl Store {
    /// Compares the records of these types, as far as anything is counted from them. One type after the other: each takes memory for all of
    /// its records.
    ///
    /// # Errors
    /// As [`Store::rows`].
    pub async fn placed(&self, record_types: &[&str]) -> Result<Vec<Placed>> {
        let file = self
            .names()
            .fill(include_str!("../../../schemas/clickhouse/placed_as_live.sql"));
        let mut all = Vec::new();
        for name in record_types {
            let sql = file
                .replace("{record_type}", name)
                .replace("{log}", &self.names().log(name));
            let before = self.moment(name).await?;
            let mut placed: Vec<Placed> = self.rows("compare what was placed", &sql, &[]).await?;
            let has_moved = self.moment(name).await? != before;
            placed.iter_mut().for_each(|placed| placed.is_behind |= has_moved);
            all.extend(placed);
        }
        Ok(all)
    }

    async fn moment(&self, record_type: &str) -> Result<Option<String>> {
        #[derive(Deserialize)]
        struct Row {
            moment: String,
        }
        let sql = self
            .names()
            .fill(include_str!("../../../schemas/clickhouse/placed_when.sql"))
            .replace("{record_type}", record_type);
        let rows: Vec<Row> = self.rows("compare what was placed", &sql, &[]).await?;
        Ok(rows.into_iter().next().map(|row| row.moment))
    }
}
