//! The query of what a snapshot freezes.

use quarterday_plan::period::Period;

use super::cells::AsOf;
use super::free_periods::FreePeriods;
use super::measures::{rounded, rows_of};
use super::without_comments;
use crate::Names;

const VALUES: &str = include_str!("../../../../schemas/clickhouse/snapshot_values.sql");

/// What is frozen of every measure for a period, for the parameters `is_final` and `at`.
#[must_use]
pub fn values(names: &Names, as_of: AsOf, period: &Period) -> String {
    let rows = rows_of(names, as_of, &FreePeriods::of_snapshot(period));
    let sql = without_comments(VALUES)
        .replace(
            "{percent_of_change}",
            &rounded("delta", "value_before", "100", "1"),
        )
        .replace("{last_year_first}", &period.year_before().first().to_string())
        .replace("{definitions}", &as_of.definitions(names))
        .replace("{rows}", &rows);
    names.fill(&sql)
}
