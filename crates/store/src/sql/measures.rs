//! The rows of measures that readers see, made of cells.

use super::cells::{self, AsOf};
use crate::Names;
use crate::declared::RETURN_NOTICE;

const MEASURE_ROWS: &str = include_str!("../../../../schemas/clickhouse/measure_rows.sql");
const NEWEST_CELLS: &str = include_str!("../../../../schemas/clickhouse/newest_cells.sql");
const KEPT: &str = include_str!("../../../../schemas/clickhouse/measures_kept.sql");
const BETWEEN: &str = include_str!("../../../../schemas/clickhouse/measures_between.sql");
const BI_VIEWS: &str = include_str!("../../../../schemas/clickhouse/bi_views.sql");
const BI_VIEW_BETWEEN: &str = include_str!("../../../../schemas/clickhouse/bi_view_between.sql");

/// The span of the parameterised view as the one shown period, and the same span a year before as its base.
const FREE_PERIODS: &str = "(\
     SELECT concat(toString({first:Date32}), '..', toString({last:Date32})) AS id, {first:Date32} AS first, \
     {last:Date32} AS last, 'previous' AS previous, {previous_first:Date32} AS previous_first, true AS shown \
     UNION ALL \
     SELECT 'previous', {previous_first:Date32}, {previous_last:Date32}, '', {previous_first:Date32}, false)";

/// `above / below * times`, rounded half away from zero at `decimals`, in integers of millionths: floating point would round the
/// halves as it likes.
pub(super) fn rounded(above: &str, below: &str, times: &str, decimals: &str) -> String {
    format!(
        "sign({above}) * sign({below}) * intDiv(\
         toInt128(round(abs({above}) * 1000000)) * 2 * {times} * toInt128(exp10({decimals})) + toInt128(round(abs({below}) * 1000000)), \
         2 * greatest(toInt128(round(abs({below}) * 1000000)), 1)) / exp10({decimals})"
    )
}

/// A change in per cent of the year before.
pub(super) fn percent(decimals: &str) -> String {
    rounded("(n - n_before)", "n_before", "100", decimals)
}

/// Decimals of the per cent that stand beside every change (G8).
const DECIMALS_OF_CHANGE: &str = "1";

/// The statements that replace the views for readers.
#[must_use]
pub fn reader_views(names: &Names) -> Vec<String> {
    let kept = measure_rows(
        names,
        &format!("{}.newest_cells", names.store()),
        &kept_periods(names),
    );
    let views = names
        .fill(BI_VIEWS)
        .replace("{notices}", RETURN_NOTICE)
        .replace("{kept_rows}", &kept)
        .replace("{newest_cells}", &newest_cells(names, "true"));
    split_statements(&views)
}

/// The statements that replace the views for readers of any dates, as of now and as known then.
#[must_use]
pub fn free_views(names: &Names) -> [String; 2] {
    [("measures_between", AsOf::Now), ("measures_as_known", AsOf::Then)].map(|(view, as_of)| {
        names
            .fill(BI_VIEW_BETWEEN)
            .replace("{view}", view)
            .replace("{free_rows}", &free_rows(names, as_of))
    })
}

/// The query of the measures of a kept period, for the parameters `period`, `level` and `id`. Only the cells of this period and
/// of the same a year before are read.
#[must_use]
pub fn kept(names: &Names) -> String {
    let periods = format!(
        "period IN (SELECT arrayJoin([id, previous]) FROM {}.periods WHERE id = {{period:String}})",
        names.store()
    );
    let cells = format!("({})", newest_cells(names, &periods));
    let rows = measure_rows(names, &cells, &kept_periods(names));
    super::without_comments(KEPT).replace("{rows}", &rows)
}

/// The query of measures between two dates, for the parameters `first`, `last`, `previous_first`, `previous_last`, `level` and
/// `id`.
#[must_use]
pub fn between(names: &Names, as_of: AsOf) -> String {
    super::without_comments(BETWEEN).replace("{rows}", &free_rows(names, as_of))
}

/// Cuts a file of statements at its lines that end in `;`.
#[must_use]
pub fn split_statements(sql: &str) -> Vec<String> {
    sql.split(";\n")
        .map(str::trim)
        .filter(|s| !s.is_empty())
        .map(str::to_owned)
        .collect()
}

fn newest_cells(names: &Names, which: &str) -> String {
    names.fill(NEWEST_CELLS).replace("{which}", which)
}

fn kept_periods(names: &Names) -> String {
    format!(
        "(SELECT id, first, last, previous, previous_first, shown FROM {}.periods)",
        names.store()
    )
}

fn free_rows(names: &Names, as_of: AsOf) -> String {
    let cells = format!("({})", cells::free(names, as_of));
    measure_rows_as_of(names, &cells, FREE_PERIODS, as_of)
}

fn measure_rows(names: &Names, cells: &str, periods: &str) -> String {
    measure_rows_as_of(names, cells, periods, AsOf::Now)
}

fn measure_rows_as_of(names: &Names, cells: &str, periods: &str, as_of: AsOf) -> String {
    names
        .fill(MEASURE_ROWS)
        .replace("{definitions}", &as_of.definitions(names))
        .replace("{ratio}", &rounded("n", "n_below", "toInt128(times)", "decimals"))
        .replace("{percent}", &percent("decimals"))
        .replace("{percent_of_change}", &percent(DECIMALS_OF_CHANGE))
        .replace("{cells}", cells)
        .replace("{periods}", periods)
}
