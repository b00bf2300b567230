//! What snapshots freeze: the numbers of a period as of one instant, and what they were made of.

use std::collections::BTreeMap;

use jiff::Timestamp;
use quarterday_plan::period::Period;
use serde::{Deserialize, Serialize};

use crate::measures::Coverage;
use crate::sql::cells::AsOf;
use crate::{Result, Store, sql};

/// What is frozen of one measure. The order of the fields is that of its canonical form.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FrozenValue {
    /// The measure.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// What is counted.
    pub unit: String,
    /// What the plan wants: up, down or neutral.
    pub polarity: String,
    /// The number; none where it is not known.
    pub value: Option<f64>,
    /// Of ratios and changes, what is above.
    pub numerator: Option<f64>,
    /// Of ratios and changes, what is below.
    pub denominator: Option<f64>,
    /// final, or as of measures.
    pub status: String,
    /// Partners that returned, and those that should.
    pub coverage: Coverage,
    /// An estimate is in it.
    pub approximate: bool,
    /// The same person may be in it twice.
    pub up_to: bool,
    /// Partner and quarter of each return that is missing.
    pub missing: Vec<String>,
    /// The same period a year before, as known at the same instant.
    pub last_year: Known,
    /// As `coverage`, of the same period a year before.
    #[serde(default)]
    pub last_year_coverage: Coverage,
    /// As `approximate`, of the same period a year before.
    #[serde(default)]
    pub last_year_approximate: bool,
    /// As `up_to`, of the same period a year before.
    #[serde(default)]
    pub last_year_up_to: bool,
    /// What the period has more than a year before.
    pub change: Change,
    /// The financial year up to the last day.
    pub year_to_date: ToDate,
    /// As `coverage`, of the year to date.
    #[serde(default)]
    pub year_to_date_coverage: Coverage,
    /// As `approximate`, of the year to date.
    #[serde(default)]
    pub year_to_date_approximate: bool,
    /// As `up_to`, of the year to date.
    #[serde(default)]
    pub year_to_date_up_to: bool,
    /// up, down, level or unknown.
    pub trend: String,
    /// Whether that is what the plan wants: better, worse, same, neutral or unknown.
    pub direction: String,
    /// Number of the definition.
    pub definition_version: u16,
    /// Hash of it.
    pub definition_hash: String,
}

/// A number and what is known of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Known {
    /// None where it is not known.
    pub value: Option<f64>,
    /// As of measures.
    pub status: String,
}

/// A difference.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// In the unit of the measure; none where one side is not known.
    pub value: Option<f64>,
    /// Of what was a year before, rounded to one decimal; none of nothing.
    pub percent: Option<f64>,
}

/// A number of the year to date.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ToDate {
    /// None where it is not known.
    pub value: Option<f64>,
    /// Of ratios and changes, what is above.
    pub numerator: Option<f64>,
    /// Of ratios and changes, what is below.
    pub denominator: Option<f64>,
    /// As of measures.
    pub status: String,
}

/// What the numbers of one record type were made of at an instant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MadeOf {
    /// The record type.
    pub record_type: String,
    /// Topic/partition to the first offset that is not in.
    pub watermark: BTreeMap<String, u64>,
}

/// The rows of a snapshot for the tables of readers: JSON objects, one a line, whose fields are those of the tables.
#[derive(Debug, Clone, Default)]
pub struct SnapshotRows {
    /// One row of `snapshots`.
    pub header: String,
    /// Those of `snapshot_values`.
    pub values: String,
    /// Those of `snapshot_changes`.
    pub changes: String,
}

/// The table of headers.
const HEADERS: &str = "snapshots";

impl SnapshotRows {
    /// The rows of each table. The header goes last: who sees it sees all of the snapshot.
    fn each(&self) -> [(&'static str, &str); 3] {
        [
            ("snapshot_values", &self.values),
            ("snapshot_changes", &self.changes),
            (HEADERS, &self.header),
        ]
    }
}

impl Store {
    /// What a snapshot of this period freezes: as known at an instant, or of what was prepared last. A number may be called final only
    /// where `is_final`.
    ///
    /// # Errors
    /// As [`Store::rows`].
    pub async fn frozen_values(
        &self,
        period: &Period,
        at: Option<Timestamp>,
        is_final: bool,
    ) -> Result<Vec<FrozenValue>> {
        let as_of = if at.is_some() { AsOf::Then } else { AsOf::Now };
        let sql = sql::frozen::values(self.names(), as_of, period);
        let at = at.map(sql::instant).unwrap_or_default();
        let params = [
            ("at", at.as_str()),
            ("is_final", if is_final { "true" } else { "false" }),
        ];
        self.rows("compute what is frozen", &sql, &params).await
    }

    /// Adds a snapshot to the tables of readers; one that is there stays.
    ///
    /// # Errors
    /// As [`Store::execute`].
    pub async fn keep_snapshot(&self, rows: &SnapshotRows) -> Result<()> {
        for (table, rows) in rows.each() {
            self.keep_rows(&format!("{}.{table}", self.names().stores()), rows)
                .await?;
        }
        Ok(())
    }

    async fn keep_rows(&self, table: &str, rows: &str) -> Result<()> {
        if rows.is_empty() {
            return Ok(());
        }
        // A file of another version of the software may have fields more, or fewer.
        let sql = format!(
            "INSERT INTO {table} SETTINGS date_time_input_format = 'best_effort', input_format_skip_unknown_fields = 1 \
             FORMAT JSONEachRow\n{rows}\n"
        );
        self.execute("keep a snapshot", &sql).await
    }

    /// The tables of readers that do not have of a snapshot what these rows say. This is a store for a proof, in which there is room to
    /// write them beside.
    ///
    /// # Errors
    /// As [`Store::execute`].
    pub async fn changed_for_readers(&self, id: &str, rows: &SnapshotRows) -> Result<Vec<&'static str>> {
        #[derive(Deserialize)]
        struct Compared {
            is_same: u8,
        }
        let mut changed = Vec::new();
        for (table, rows) in rows.each() {
            let (kept, beside) = (
                format!("{}.{table}", self.names().stores()),
                format!("{}.readers_{table}", self.names().store()),
            );
            let make = format!("CREATE TABLE {beside} AS {kept}");
            self.execute("make a table to compare with", &make).await?;
            self.keep_rows(&beside, rows).await?;
            let key = if table == HEADERS { "id" } else { "snapshot" };
            let all = |table: &str| {
                format!(
                    "(SELECT groupArray(each) FROM (SELECT toString(tuple(*)) AS each FROM {table} FINAL \
                     WHERE {key} = {{snapshot:String}} ORDER BY each))"
                )
            };
            let sql = format!("SELECT {} = {} AS is_same", all(&kept), all(&beside));
            let compared: Vec<Compared> = self
                .rows("compare what readers see", &sql, &[("snapshot", id)])
                .await?;
            if compared.iter().any(|compared| compared.is_same == 0) {
                changed.push(table);
            }
        }
        Ok(changed)
    }

    /// Ids of the snapshots that readers see.
    ///
    /// # Errors
    /// As [`Store::rows`].
    pub async fn snapshots_kept(&self) -> Result<Vec<String>> {
        #[derive(Deserialize)]
        struct Kept {
            id: String,
        }
        let sql = format!("SELECT DISTINCT id FROM {}.snapshots", self.names().stores());
        let kept: Vec<Kept> = self.rows("list the snapshots of readers", &sql, &[]).await?;
        Ok(kept.into_iter().map(|kept| kept.id).collect())
    }

    /// What the numbers of every record type were made of, as known at an instant.
    ///
    /// # Errors
    /// As [`Store::rows`].
    pub async fn made_of(&self, at: Timestamp) -> Result<Vec<MadeOf>> {
        let sql = format!(
            "SELECT record_type, watermark FROM ({}) ORDER BY record_type",
            self.names()
                .fill(include_str!("../../../schemas/clickhouse/made_of_known.sql"))
        );
        let at = sql::instant(at);
        self.rows("read what numbers were made of", &sql, &[("at", &at)])
            .await
    }
}
