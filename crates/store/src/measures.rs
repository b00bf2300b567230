//! Reading measures.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use quarterday_plan::period::Period;
use serde::{Deserialize, Serialize};

use crate::sql::cells::AsOf;
use crate::{Result, Store, sql};

/// One measure or published figure for one period, as the views give it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MeasureRow {
    /// Id in the plan file.
    pub id: String,
    /// Title in the plan file.
    pub title: String,
    /// The period.
    pub period: String,
    /// Its first day.
    pub first: String,
    /// Its last day.
    pub last: String,
    /// The ward's GSS code, when asked for by ward.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ward: Option<String>,
    /// The partner's code, when asked for by partner.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partner: Option<String>,
    /// The number; null where there is none, for example a percentage over nothing.
    pub value: Option<f64>,
    /// What the value is made of: the count itself, or for a change this period's count.
    pub numerator: Option<f64>,
    /// For a change: the count of the same span a year before.
    pub denominator: Option<f64>,
    /// For a change: this period less the same span a year before, whatever form the value has (G8).
    pub delta: Option<f64>,
    /// For a change: the same in per cent of the year before, one decimal; null over nothing.
    pub percent: Option<f64>,
    /// What is counted.
    pub unit: String,
    /// `provisional`, `nil`, `not_returned`, `not_applicable`, `conflict` or `unknown` (G9).
    pub status: String,
    /// Which of the partners that should return have returned.
    pub coverage: Coverage,
    /// Whether an estimate is in the number: printed "~" (G5).
    pub approximate: bool,
    /// Whether the same person may be in the number twice: printed "up to" (G5).
    pub up_to: bool,
    /// The returns that are missing, as partner and quarter: `SHERWOOD 2014-15/Q1`.
    pub missing: Vec<String>,
    /// Version of the definition, as the plan file numbers it.
    pub definition_version: u16,
    /// Hash of the definition that the number was computed by.
    pub definition_hash: String,
    /// Per `topic/partition`, the offset up to which the number is computed: every record below is in it.
    pub watermark: BTreeMap<String, u64>,
    /// When it was computed, UTC.
    pub computed_at: String,
}

/// How many of the expected partners have returned.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coverage {
    /// Partners with a record or a notice of theirs in some quarter of the period.
    pub returned: u16,
    /// Partners whose return the measure needs.
    pub expected: u16,
}

/// How measures are broken down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Breakdown {
    /// Not at all: one row per measure.
    Total,
    /// One row per ward in which something counted.
    Ward,
    /// One row per partner whose return the measure needs.
    Partner,
}

impl Breakdown {
    fn level(self) -> &'static str {
        match self {
            Breakdown::Total => "total",
            Breakdown::Ward => "ward",
            Breakdown::Partner => "partner",
        }
    }
}

/// What is asked for.
#[derive(Clone, Copy)]
struct Asked<'a> {
    /// All that are kept if none is named.
    period: Option<&'a Period>,
    /// Only this measure.
    id: Option<&'a str>,
    /// All of them if none is named.
    by: Option<Breakdown>,
}

/// One row of `all_measures` or `measures_between`.
#[derive(Deserialize)]
struct Row {
    level: String,
    key: String,
    position: u32,
    #[serde(flatten)]
    measure: MeasureRow,
}

impl Store {
    /// Measures of a period, in the order of the plan files; all of them, or the one called `id`. Kept periods are read
    /// from the materialised results; any other span is computed by the same query.
    ///
    /// # Errors
    /// As [`Store::rows`].
    pub async fn measures(
        &self,
        period: &Period,
        id: Option<&str>,
        by: Breakdown,
    ) -> Result<Vec<MeasureRow>> {
        let sql = if self.is_kept(period).await? {
            sql::measures::kept(self.names())
        } else {
            sql::measures::between(self.names(), AsOf::Now)
        };
        let (period, by) = (Some(period), Some(by));
        self.read_measures(&sql, Asked { period, id, by }, None).await
    }

    /// Measures of all kept periods, in all their breakdowns or in one.
    ///
    /// # Errors
    /// As [`Store::rows`].
    pub async fn measures_kept(&self, by: Option<Breakdown>) -> Result<Vec<MeasureRow>> {
        let (sql, id, period) = (sql::measures::kept(self.names()), None, None);
        self.read_measures(&sql, Asked { period, id, by }, None).await
    }

    /// Measures of all kept periods in all their breakdowns, as this store showed them at an instant; as [`Store::measures_as_known`].
    ///
    /// # Errors
    /// As [`Store::rows`].
    pub async fn measures_kept_as_known(&self, at: Timestamp) -> Result<Vec<MeasureRow>> {
        let (sql, period, id, by) = (sql::measures::kept_as_known(self.names()), None, None, None);
        self.read_measures(&sql, Asked { period, id, by }, Some(at)).await
    }

    async fn read_measures(
        &self,
        sql: &str,
        Asked { period, id, by }: Asked<'_>,
        at: Option<Timestamp>,
    ) -> Result<Vec<MeasureRow>> {
        let before = period.map(Period::year_before);
        let days = |of: Option<&Period>| of.map_or([Date::ZERO; 2], |of| [of.first(), of.last()]);
        let [[first, last], [previous_first, previous_last]] = [days(period), days(before.as_ref())];
        let dates = [first, last, previous_first, previous_last].map(|date| date.to_string());
        let [first, last, previous_first, previous_last] = dates.each_ref().map(String::as_str);
        let name = period.map(Period::id).unwrap_or_default();
        let at = at.map(sql::instant).unwrap_or_default();
        let params = [
            ("period", name.as_str()),
            ("level", by.map_or("", Breakdown::level)),
            ("id", id.unwrap_or_default()),
            ("first", first),
            ("last", last),
            ("previous_first", previous_first),
            ("previous_last", previous_last),
            ("at", at.as_str()),
        ];
        let mut rows: Vec<Row> = self.rows("read measures", sql, &params).await?;
        rows.sort_by(|a, b| (a.position, &a.key).cmp(&(b.position, &b.key)));
        Ok(rows.into_iter().map(|row| row.into_measure(&name)).collect())
    }

    /// Measures of a period exactly as they were shown at an instant, in milliseconds and less since 1970: computed again from the
    /// messages below the watermarks of the newest refreshes at or before it, by the definitions of then.
    ///
    /// # Errors
    /// As [`Store::rows`].
    pub async fn measures_as_known(
        &self,
        period: &Period,
        id: Option<&str>,
        by: Breakdown,
        at: Timestamp,
    ) -> Result<Vec<MeasureRow>> {
        let store = self.in_force_at(at).await?;
        store.measures_of_this(period, id, by, Some(at)).await
    }

    /// Measures of a period that this store, whether or not it was in force, has shown at an instant, or of what was prepared last.
    ///
    /// # Errors
    /// As [`Store::rows`].
    pub async fn measures_of_this(
        &self,
        period: &Period,
        id: Option<&str>,
        by: Breakdown,
        at: Option<Timestamp>,
    ) -> Result<Vec<MeasureRow>> {
        let as_of = if at.is_some() { AsOf::Then } else { AsOf::Now };
        let sql = sql::measures::between(self.names(), as_of);
        let (period, by) = (Some(period), Some(by));
        self.read_measures(&sql, Asked { period, id, by }, at).await
    }

    /// When the first measures were shown; none if none ever were.
    ///
    /// # Errors
    /// As [`Store::rows`].
    pub async fn shown_since(&self) -> Result<Option<String>> {
        #[derive(Deserialize)]
        struct Since {
            since: String,
        }
        let sql = self.names().fill(
            "SELECT toString(min(computed_at)) AS since FROM {store}.measure_cells WHERE level = 'shown' HAVING count() > 0",
        );
        let since: Vec<Since> = self.rows("ask since when measures are shown", &sql, &[]).await?;
        Ok(since.into_iter().next().map(|since| since.since))
    }

    async fn is_kept(&self, period: &Period) -> Result<bool> {
        let sql = self
            .names()
            .fill("SELECT id FROM {store}.periods WHERE shown AND id = {period:String}");
        let kept: Vec<serde_json::Value> = self
            .rows("look up a period", &sql, &[("period", &period.id())])
            .await?;
        Ok(!kept.is_empty())
    }
}

impl Row {
    fn into_measure(self, period: &str) -> MeasureRow {
        let mut measure = self.measure;
        if !period.is_empty() {
            period.clone_into(&mut measure.period);
        }
        match self.level.as_str() {
            "ward" => measure.ward = Some(self.key),
            "partner" => measure.partner = Some(self.key),
            _ => {}
        }
        measure
    }
}
