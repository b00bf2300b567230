//! Explaining the change from one snapshot to another, in a store for a proof: the numbers are computed at steps in between, at each of
//! which one cause more has worked. So the parts add up to the change, whatever is counted: events, different people, stocks, ratios.

use quarterday_plan::period::Period;
use serde::{Deserialize, Serialize};

use crate::declared::RETURN_NOTICE;
use crate::frozen::FrozenValue;
use crate::sql::cells::AsOf;
use crate::sql::measures::split_statements;
use crate::sql::{self, without_comments};
use crate::{Result, Store};

/// The causes that are messages, in the order in which their parts are taken.
pub const CAUSES: [&str; 4] = ["late", "amended", "withdrawn", "replayed"];

/// A record by which a measure may have changed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ChangedRecord {
    /// The measure.
    pub measure: String,
    /// The record type.
    pub record_type: String,
    /// The feed.
    pub feed: String,
    /// The partner.
    pub partner: String,
    /// The partner's reference.
    #[serde(rename = "ref")]
    pub reference: String,
    /// One of [`CAUSES`], or that of notices.
    pub cause: String,
}

impl Store {
    /// Notes the earlier of two snapshots in a store for a proof, in which all up to it is placed, and nothing beyond.
    ///
    /// # Errors
    /// As [`Store::execute`].
    pub async fn note_before(&self) -> Result<()> {
        let sql = self
            .names()
            .fill(include_str!("../../../schemas/clickhouse/explanation.sql"));
        for statement in split_statements(&sql) {
            self.execute("make an explanation", &statement).await?;
        }
        Ok(())
    }

    /// Notes what became of every record between the two snapshots, in a store for a proof in which all up to the later one is placed.
    /// `live`: the store that has the replays; `record_types`: those that the later one was made of.
    ///
    /// # Errors
    /// As [`Store::execute`].
    pub async fn note_changes(&self, live: &Store, record_types: &[&str]) -> Result<()> {
        for record_type in record_types {
            let sql = without_comments(include_str!("../../../schemas/clickhouse/changes.sql"))
                .replace("{record_type}", record_type)
                .replace("{log}", &self.names().log(record_type))
                .replace("{live}", live.names().store());
            self.execute_patiently("look for changed records", &self.names().fill(&sql))
                .await?;
        }
        Ok(())
    }

    /// The numbers of those of [`CAUSES`], from 1 on, that a record between the two snapshots has.
    ///
    /// # Errors
    /// As [`Store::rows`].
    pub async fn steps_with_changes(&self) -> Result<Vec<usize>> {
        #[derive(Deserialize)]
        struct Found {
            step: usize,
        }
        let sql = self
            .names()
            .fill("SELECT DISTINCT step FROM {store}.changes ORDER BY step");
        let found: Vec<Found> = self.rows("look what changed", &sql, &[]).await?;
        Ok(found.into_iter().map(|found| found.step).collect())
    }

    /// What a snapshot would have frozen had only the first `step` of [`CAUSES`] worked.
    ///
    /// # Errors
    /// As [`Store::rows`].
    pub async fn frozen_values_at_step(
        &self,
        period: &Period,
        step: usize,
        is_final: bool,
    ) -> Result<Vec<FrozenValue>> {
        let sql = sql::frozen::values(self.names(), AsOf::Step, period);
        let step = step.to_string();
        let params = [
            ("step", step.as_str()),
            ("is_final", if is_final { "true" } else { "false" }),
        ];
        self.rows("compute a step between snapshots", &sql, &params).await
    }

    /// The records behind the change of every measure, notices among them.
    ///
    /// # Errors
    /// As [`Store::rows`].
    pub async fn changed_records(&self, period: &Period) -> Result<Vec<ChangedRecord>> {
        let mut changed = Vec::new();
        for records in [
            include_str!("../../../schemas/clickhouse/changed_records.sql"),
            include_str!("../../../schemas/clickhouse/changed_earlier.sql"),
        ] {
            let doing = "look for the records behind a change";
            changed.extend(self.changed_in(period, doing, records).await?);
        }
        if self.has_log(RETURN_NOTICE).await? {
            let notices = include_str!("../../../schemas/clickhouse/changed_notices.sql")
                .replace("{record_type}", RETURN_NOTICE)
                .replace("{log}", &self.names().log(RETURN_NOTICE));
            let doing = "look for the notices behind a change";
            changed.extend(self.changed_in(period, doing, &notices).await?);
        }
        // One can be both: itself of the period, and an earlier one of another.
        changed.sort();
        changed.dedup();
        Ok(changed)
    }

    async fn changed_in(&self, period: &Period, doing: &str, sql: &str) -> Result<Vec<ChangedRecord>> {
        let made_of = include_str!("../../../schemas/clickhouse/made_of_measures.sql");
        let sql = without_comments(sql).replace("{made_of}", &without_comments(made_of));
        let sql = self.names().fill(&sql);
        let before = period.year_before();
        let days = [period.first(), period.last(), before.first(), before.last()].map(|day| day.to_string());
        let [first, last, previous_first, previous_last] = days.each_ref().map(String::as_str);
        let params = [
            ("first", first),
            ("last", last),
            ("previous_first", previous_first),
            ("previous_last", previous_last),
        ];
        self.rows(doing, &sql, &params).await
    }
}
