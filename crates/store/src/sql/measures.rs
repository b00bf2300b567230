//! The measure queries: cells from contributions, refreshes per record type, and the rows that readers see.

use super::returns;
use super::source::Source;
use crate::Names;
use crate::declared::RETURN_NOTICE;

const CELLS: &str = include_str!("../../../../schemas/clickhouse/cells.sql");
const NO_CELLS: &str = include_str!("../../../../schemas/clickhouse/no_cells.sql");
const REFRESH: &str = include_str!("../../../../schemas/clickhouse/refresh.sql");
const MEASURE_ROWS: &str = include_str!("../../../../schemas/clickhouse/measure_rows.sql");
const FREE_CELLS: &str = include_str!("../../../../schemas/clickhouse/free_cells.sql");
const BETWEEN: &str = include_str!("../../../../schemas/clickhouse/measures_between.sql");
const BI_VIEWS: &str = include_str!("../../../../schemas/clickhouse/bi_views.sql");

/// The span of the parameterised view as the one shown period, and the same span a year before as its base.
const FREE_PERIODS: &str = "(\
     SELECT concat(toString({first:Date32}), '..', toString({last:Date32})) AS id, {first:Date32} AS first, \
     {last:Date32} AS last, 'previous' AS previous, {previous_first:Date32} AS previous_first, true AS shown \
     UNION ALL \
     SELECT 'previous', {previous_first:Date32}, {previous_last:Date32}, '', {previous_first:Date32}, false)";

/// `above / below * times`, rounded half away from zero at `decimals`, in integers of millionths: floating point would round the
/// halves as it likes.
fn rounded(above: &str, below: &str, times: &str) -> String {
    format!(
        "sign({above}) * sign({below}) * intDiv(\
         toInt128(round(abs({above}) * 1000000)) * 2 * {times} * toInt128(exp10(decimals)) + toInt128(round(abs({below}) * 1000000)), \
         2 * greatest(toInt128(round(abs({below}) * 1000000)), 1)) / exp10(decimals)"
    )
}

/// The statements that (re)create the measure view of one record type.
#[must_use]
pub fn refresh_view(names: &Names, source: &Source<'_>) -> Vec<String> {
    let record_type = source.name();
    let view = names.measure_view(record_type);
    if record_type == RETURN_NOTICE {
        return returns::refresh_view(names);
    }
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
    let with_cells: Vec<&Source<'_>> = sources.iter().filter(|source| source.has_cells()).collect();
    let record_types: Vec<&str> = with_cells.iter().map(|source| source.name()).collect();
    let views = names
        .fill(BI_VIEWS)
        .replace("{notices}", RETURN_NOTICE)
        .replace("{kept_rows}", &kept)
        .replace("{free_rows}", &free_rows(names, &record_types));
    let mut statements: Vec<String> = with_cells.iter().map(|source| free_view(names, source)).collect();
    statements.extend(split_statements(&views));
    statements
}

/// The query of measures between two dates that are counted from these record types, for the parameters `first`, `last`,
/// `previous_first`, `previous_last`, `level` and `id`.
#[must_use]
pub fn between(names: &Names, record_types: &[&str]) -> String {
    super::without_comments(BETWEEN).replace("{rows}", &free_rows(names, record_types))
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
    if source.measures.is_empty() {
        return super::without_comments(NO_CELLS);
    }
    names
        .fill(CELLS)
        .replace("{record_type}", source.name())
        .replace("{contributions}", &names.contributions(source.name()))
        .replace("{presence}", &names.presence(source.name()))
        .replace("{periods}", periods)
        .replace("{expected}", &source.expected())
}

fn kept_periods(names: &Names) -> String {
    format!(
        "(SELECT id, first, last, previous, previous_first, shown FROM {}.periods)",
        names.store()
    )
}

/// The view of one record type's cells of any span. Each is a view of its own: ClickHouse's planning of one large query takes
/// longer than that of its parts.
fn free_view(names: &Names, source: &Source<'_>) -> String {
    let periods = "[(concat(toString({first:Date32}), '..', toString({last:Date32})), {first:Date32}, {last:Date32}), \
         ('previous', {previous_first:Date32}, {previous_last:Date32})]";
    names
        .fill(FREE_CELLS)
        .replace("{view}", &names.cells_between(source.name()))
        .replace("{record_type}", source.name())
        .replace("{cells}", &cells(names, source, periods))
}

fn free_rows(names: &Names, record_types: &[&str]) -> String {
    let each = record_types.iter().map(|name| {
        format!(
            "SELECT * FROM {}(first = {{first:Date32}}, last = {{last:Date32}}, \
             previous_first = {{previous_first:Date32}}, previous_last = {{previous_last:Date32}})",
            names.cells_between(name)
        )
    });
    let mut each: Vec<String> = each.collect();
    if each.is_empty() {
        each.push(format!(
            "SELECT * FROM {}.newest_cells WHERE false",
            names.store()
        ));
    }
    measure_rows(names, &format!("({})", each.join("\nUNION ALL\n")), FREE_PERIODS)
}

fn measure_rows(names: &Names, cells: &str, periods: &str) -> String {
    names
        .fill(MEASURE_ROWS)
        .replace("{ratio}", &rounded("n", "n_below", "toInt128(times)"))
        .replace("{percent}", &rounded("(n - n_before)", "n_before", "100"))
        .replace("{cells}", cells)
        .replace("{periods}", periods)
}
