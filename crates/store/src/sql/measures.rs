//! The rows of measures that readers see, made of cells.

use super::cells::{self, AsOf};
use super::free_periods::FreePeriods;
use crate::declared::RETURN_NOTICE;
use crate::{Names, stores};

const MEASURE_ROWS: &str = include_str!("../../../../schemas/clickhouse/measure_rows.sql");
const NEWEST_CELLS: &str = include_str!("../../../../schemas/clickhouse/newest_cells.sql");
const KEPT: &str = include_str!("../../../../schemas/clickhouse/measures_kept.sql");
const BETWEEN: &str = include_str!("../../../../schemas/clickhouse/measures_between.sql");
const READER_VIEWS: &str = include_str!("../../../../schemas/clickhouse/reader_views.sql");
const BI_VIEWS: &str = include_str!("../../../../schemas/clickhouse/bi_views.sql");
const BI_VIEW_BETWEEN: &str = include_str!("../../../../schemas/clickhouse/bi_view_between.sql");

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

/// The statements that replace what the views for readers are made of.
#[must_use]
pub fn reader_views(names: &Names) -> Vec<String> {
    let kept = measure_rows(
        names,
        &format!("{}.newest_cells", names.store()),
        &kept_periods(names),
    );
    let views = names
        .fill(READER_VIEWS)
        .replace("{notices}", RETURN_NOTICE)
        .replace("{kept_rows}", &kept)
        .replace("{newest_cells}", &newest_cells(names, "true"));
    split_statements(&views)
}

/// The views for readers, each with the query that it is: kept periods, any dates as of now, and as known then, which was in the stores
/// `earlier` before this.
#[must_use]
pub fn bi_views(names: &Names, earlier: &[Names]) -> Vec<(String, String)> {
    let kept = split_statements(&names.fill(BI_VIEWS));
    let mut views: Vec<(String, String)> = kept.iter().filter_map(|view| named(view)).collect();
    let now = free_view(names, AsOf::Now);
    let mut then = free_view(names, AsOf::Then);
    if !earlier.is_empty() {
        let each = earlier.iter().chain([names]);
        let each = each.map(|names| where_true(&free_view(names, AsOf::Then), &stores::held_at(names)));
        then = each.collect::<Vec<_>>().join("\nUNION ALL\n");
    }
    views.push(("measures_between".to_owned(), now));
    views.push((AS_KNOWN.to_owned(), then));
    views
}

/// What stands between the name of a view and its query.
const DEFINED: &str = " SQL SECURITY DEFINER AS\n";

/// The view of measures as they were known.
pub const AS_KNOWN: &str = "measures_as_known";

/// The statement that replaces a view for readers. It runs with the rights of whoever runs this: BI users may read the view and not what it
/// reads from.
#[must_use]
pub fn replace_view(names: &Names, view: &str, query: &str) -> String {
    names.fill(&format!("CREATE OR REPLACE VIEW {{bi}}.{view}{DEFINED}{query}"))
}

/// A query of one store as long as it is in force, and of the other from then on.
#[must_use]
pub fn by_store_in_force(
    (before, query_before): (&Names, &str),
    (after, query_after): (&Names, &str),
) -> String {
    format!(
        "{}\nUNION ALL\n{}",
        where_true(query_before, &stores::is_in_force(before)),
        where_true(query_after, &stores::is_in_force(after))
    )
}

fn where_true(query: &str, condition: &str) -> String {
    format!("SELECT *\nFROM\n(\n{query}\n)\nWHERE {condition}")
}

/// The name and the query of a view, out of the statement that makes it.
fn named(statement: &str) -> Option<(String, String)> {
    let (head, query) = statement.split_once(DEFINED)?;
    Some((head.rsplit_once('.')?.1.to_owned(), query.to_owned()))
}

fn free_view(names: &Names, as_of: AsOf) -> String {
    names
        .fill(BI_VIEW_BETWEEN)
        .replace("{free_rows}", &free_rows(names, as_of))
}

/// The query of the measures of a kept period, or of all, for the parameters `period`, `level` and `id`; one that is empty asks for all.
/// Only the cells of this period and of the same a year before are read.
#[must_use]
pub fn kept(names: &Names) -> String {
    let periods = format!(
        "period IN (SELECT arrayJoin([id, previous]) FROM {}.periods WHERE {{period:String}} IN ('', id))",
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

/// The query of measures of all kept periods as known at the parameter `at`, for `level` and `id`.
#[must_use]
pub fn kept_as_known(names: &Names) -> String {
    let rows = rows_of(names, AsOf::Then, &FreePeriods::kept(names));
    super::without_comments(BETWEEN).replace("{rows}", &rows)
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
    rows_of(names, as_of, &FreePeriods::of_parameters())
}

/// The rows of measures of dates that no view keeps.
pub(super) fn rows_of(names: &Names, as_of: AsOf, periods: &FreePeriods) -> String {
    let cells = format!("({})", cells::free(names, as_of, periods));
    measure_rows_as_of(names, &cells, &periods.table, as_of)
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
