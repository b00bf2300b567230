//! The measure queries: cells from contributions, refreshes per record type, and the rows that readers see.

use super::contributions::Source;
use crate::Names;

const CELLS: &str = include_str!("../../../../schemas/clickhouse/cells.sql");
const REFRESH: &str = include_str!("../../../../schemas/clickhouse/refresh.sql");
const MEASURE_ROWS: &str = include_str!("../../../../schemas/clickhouse/measure_rows.sql");
const FREE_CELLS: &str = include_str!("../../../../schemas/clickhouse/free_cells.sql");
const FREE_POSITIONS: &str = include_str!("../../../../schemas/clickhouse/free_positions.sql");
const BI_VIEWS: &str = include_str!("../../../../schemas/clickhouse/bi_views.sql");

/// The span of the parameterised view as the one shown period, and the same span a year before as its base.
const FREE_PERIODS: &str = "(\
     SELECT concat(toString({first:Date32}), '..', toString({last:Date32})) AS id, {first:Date32} AS first, \
     {last:Date32} AS last, 'previous' AS previous, true AS shown \
     UNION ALL \
     SELECT 'previous', {previous_first:Date32}, {previous_last:Date32}, '', false)";

/// The statements that (re)create the measure view of one record type.
#[must_use]
pub fn refresh_view(names: &Names, source: &Source<'_>) -> Vec<String> {
    let record_type = source.record_type.name();
    let view = names.measure_view(record_type);
    let cells = cells(names, source, "kept_periods");
    let create = names
        .fill(REFRESH)
        .replace("{view}", &view)
        .replace("{record_type}", record_type)
        .replace("{cells}", &cells);
    vec![format!("DROP VIEW IF EXISTS {view}"), create]
}

/// The statements that replace the views for readers.
#[must_use]
pub fn reader_views(names: &Names, sources: &[Source<'_>]) -> Vec<String> {
    let kept = measure_rows(
        names,
        &format!("{}.newest_cells", names.store()),
        &kept_periods(names),
    );
    let free = measure_rows(names, &free_cells(names, sources), FREE_PERIODS);
    let views = names
        .fill(BI_VIEWS)
        .replace("{kept_rows}", &kept)
        .replace("{free_rows}", &free);
    split_statements(&views)
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

fn cells(names: &Names, source: &Source<'_>, periods: &str) -> String {
    super::without_comments(CELLS)
        .replace("{contributions}", &names.contributions(source.record_type.name()))
        .replace("{periods}", periods)
        .replace("{returned_by}", &source.returned_by())
}

fn kept_periods(names: &Names) -> String {
    format!(
        "(SELECT id, first, last, previous, shown FROM {}.periods)",
        names.store()
    )
}

/// Cells of any span, straight from the contributions of every record type, with the positions read before them.
fn free_cells(names: &Names, sources: &[Source<'_>]) -> String {
    let periods = "[(concat(toString({first:Date32}), '..', toString({last:Date32})), {first:Date32}, {last:Date32}), \
         ('previous', {previous_first:Date32}, {previous_last:Date32})]";
    let each = sources.iter().map(|source| {
        let name = source.record_type.name();
        FREE_CELLS
            .replace("{record_type}", name)
            .replace("{cells}", &cells(names, source, periods))
    });
    let each: Vec<String> = each.collect();
    let names_of_types = sources.iter().map(|source| source.record_type.name());
    names
        .fill(FREE_POSITIONS)
        .replace("{each}", &each.join("UNION ALL\n"))
        .replace(
            "{record_types}",
            &format!("[{}]", super::quoted_list(names_of_types)),
        )
}

fn measure_rows(names: &Names, cells: &str, periods: &str) -> String {
    names
        .fill(MEASURE_ROWS)
        .replace("{cells}", cells)
        .replace("{periods}", periods)
}
