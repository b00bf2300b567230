//! The return board: what each partner owes of a quarter, and what has come.

use jiff::civil::Date;
use quarterday_plan::period::Period;
use serde::{Deserialize, Serialize};

use crate::sql::{literal, without_comments};
use crate::{Result, Store};

/// A return that is due for every quarter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owed {
    /// The feed.
    pub feed: String,
    /// The partner.
    pub partner: String,
    /// The record type of the feed.
    pub record_type: String,
}

/// What has come of one return.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Returned {
    /// The feed.
    pub feed: String,
    /// The partner.
    pub partner: String,
    /// The first day of the quarter.
    pub quarter: Date,
    /// returned, incomplete (fewer records came than were declared), nil, not_applicable, not_returned, extension (asked for, and
    /// nothing came yet), or conflict: told to be none, and records came.
    pub state: String,
    /// DELTA or FULL, as the newest notice says; empty without one.
    pub mode: String,
    /// Records that count, by the quarter of their first date.
    pub records: u64,
    /// Records that came with the return that the newest notice is about: those that name it.
    pub came_with: u64,
    /// How many were declared.
    pub declared: Option<u64>,
    /// What was told of parts of the feed.
    pub parts: Vec<String>,
    /// When the first message about such a record came, milliseconds since 1970 UTC.
    pub first_ms: Option<i64>,
    /// When the newest did.
    pub last_ms: Option<i64>,
    /// When the first notice about the whole feed was sent.
    pub told_first_ms: Option<i64>,
    /// When the newest was.
    pub told_ms: Option<i64>,
}

impl Store {
    /// The return board of the quarters of a period.
    ///
    /// # Errors
    /// As [`Store::rows`].
    pub async fn returns(&self, period: &Period, owed: &[Owed]) -> Result<Vec<Returned>> {
        let quarters: Vec<String> = period.quarters().iter().map(Period::first).map(date).collect();
        if owed.is_empty() || quarters.is_empty() {
            return Ok(Vec::new());
        }
        let quarters = format!("[{}]", quarters.join(", "));
        let mut record_types: Vec<&str> = owed.iter().map(|owed| owed.record_type.as_str()).collect();
        record_types.sort_unstable();
        record_types.dedup();
        let arrived = without_comments(include_str!("../../../schemas/clickhouse/returns_arrived.sql"));
        let arrived = record_types.iter().map(|record_type| {
            arrived
                .replace("{log}", &self.names().log(record_type))
                .replace("{record_type}", record_type)
                .replace("{quarters}", &quarters)
        });
        let arrived: Vec<String> = arrived.collect();
        let came_with = without_comments(include_str!("../../../schemas/clickhouse/returns_came_with.sql"));
        let came_with = record_types
            .iter()
            .map(|record_type| came_with.replace("{log}", &self.names().log(record_type)));
        let came_with: Vec<String> = came_with.collect();
        let each = owed
            .iter()
            .map(|owed| format!("({}, {})", literal(&owed.feed), literal(&owed.partner)));
        let each: Vec<String> = each.collect();
        let owed = format!(
            "(SELECT each.1 AS feed, each.2 AS partner, quarter FROM (SELECT arrayJoin([{}]) AS each) AS owed \
             ARRAY JOIN {quarters} AS quarter)",
            each.join(", ")
        );
        let sql = without_comments(include_str!("../../../schemas/clickhouse/returns.sql"))
            .replace("{owed}", &owed)
            .replace("{arrived}", &arrived.join("\n    UNION ALL\n"))
            .replace("{came_with}", &came_with.join("\n    UNION ALL\n"));
        self.rows("read the return board", &self.names().fill(&sql), &[])
            .await
    }
}

fn date(date: Date) -> String {
    format!("toDate32('{date}')")
}
