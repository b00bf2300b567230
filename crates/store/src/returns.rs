//! The return board: what each partner owes of a quarter, and what has come.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::civil::Date;
use quarterday_events::RecordType;
use quarterday_plan::period::Period;
use serde::{Deserialize, Serialize};

use crate::declared::RETURN_NOTICE;
use crate::sql::placings::first_quarter;
use crate::sql::{literal, without_comments};
use crate::{Result, Store};

/// A return that is due for every quarter.
#[derive(Debug, Clone)]
pub struct Owed {
    /// The feed.
    pub feed: String,
    /// The partner.
    pub partner: String,
    /// The record type of the feed.
    pub record_type: Arc<RecordType>,
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
        let record_types: BTreeMap<&str, &RecordType> = owed
            .iter()
            .map(|owed| (owed.record_type.name(), &*owed.record_type))
            .collect();
        let counted = self.counted_types().await?;
        let of_each = |file: fn(bool) -> &'static str| {
            let each = record_types.values().map(|record_type| {
                let is_counted = counted.contains(record_type.name());
                self.of_type(file(is_counted), record_type, &quarters)
            });
            each.collect::<Vec<_>>()
        };
        let arrived = of_each(|is_counted| match is_counted {
            true => include_str!("../../../schemas/clickhouse/returns_arrived.sql"),
            false => include_str!("../../../schemas/clickhouse/returns_arrived_uncounted.sql"),
        });
        let came_with = of_each(|_| include_str!("../../../schemas/clickhouse/returns_came_with.sql"));
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
            .replace("{came_with}", &came_with.join("\n    UNION ALL\n"))
            .replace("{first_told}", &self.first_told().await?);
        self.rows("read the return board", &self.names().fill(&sql), &[])
            .await
    }

    /// When each notice was sent first.
    async fn first_told(&self) -> Result<String> {
        let file = without_comments(include_str!("../../../schemas/clickhouse/returns_first_told.sql"));
        Ok(if self.has_log(RETURN_NOTICE).await? {
            file.replace("{log}", &self.names().log(RETURN_NOTICE))
        } else {
            "SELECT '' AS feed, '' AS partner, toDate32(0) AS quarter, '' AS ref, toDateTime64(0, 3, 'UTC') AS sent_at WHERE false".to_owned()
        })
    }

    /// The record types that something is counted from.
    async fn counted_types(&self) -> Result<BTreeSet<String>> {
        #[derive(Deserialize)]
        struct Row {
            record_type: String,
        }
        let sql = self
            .names()
            .fill("SELECT record_type FROM {store}.definitions_in_force");
        let rows: Vec<Row> = self.rows("ask what is counted", &sql, &[]).await?;
        Ok(rows.into_iter().map(|row| row.record_type).collect())
    }

    fn of_type(&self, file: &str, record_type: &RecordType, quarters: &str) -> String {
        without_comments(file)
            .replace("{log}", &self.names().log(record_type.name()))
            .replace("{live}", &self.names().live(record_type.name()))
            .replace("{record_type}", record_type.name())
            .replace("{first_quarter}", &first_quarter(record_type))
            .replace("{quarters}", quarters)
    }
}

fn date(date: Date) -> String {
    format!("toDate32('{date}')")
}
