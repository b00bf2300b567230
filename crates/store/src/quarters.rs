//! What was counted in each quarter: what is hidden from an audience goes by how quarters add up.

use serde::Deserialize;

use crate::{Result, Store};

/// A quarter's count of one measure.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct QuarterCount {
    /// The measure.
    pub id: String,
    /// The quarter's first day.
    pub first: String,
    /// How many; 0 where nothing was returned.
    pub counted: f64,
}

impl Store {
    /// What the measures of readers have for the quarters that are kept.
    ///
    /// # Errors
    /// As [`Store::rows`].
    pub async fn quarter_counts(&self) -> Result<Vec<QuarterCount>> {
        let sql = self
            .names()
            .fill(include_str!("../../../schemas/clickhouse/quarter_counts.sql"));
        self.rows("read the quarters", &sql, &[]).await
    }
}
