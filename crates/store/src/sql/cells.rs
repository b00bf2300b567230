//! The query of cells, and the statements around it: refreshes, any dates, the records behind a number.

use super::free_periods::FreePeriods;
use super::without_comments;
use crate::Names;

const KNOWN: &str = include_str!("../../../../schemas/clickhouse/known.sql");
const KNOWN_AT_STEP: &str = include_str!("../../../../schemas/clickhouse/known_at_step.sql");
const LIMITS: &str = include_str!("../../../../schemas/clickhouse/limits.sql");
const MADE_OF_NEWEST: &str = include_str!("../../../../schemas/clickhouse/made_of_newest.sql");
const MADE_OF_STEP: &str = include_str!("../../../../schemas/clickhouse/made_of_step.sql");
const MADE_OF_KNOWN: &str = include_str!("../../../../schemas/clickhouse/made_of_known.sql");
const CLAIMED: &str = include_str!("../../../../schemas/clickhouse/claimed.sql");
const FULL_RETURNS: &str = include_str!("../../../../schemas/clickhouse/full_returns.sql");
const ROWS: &str = include_str!("../../../../schemas/clickhouse/rows.sql");
const FOLLOWED: &str = include_str!("../../../../schemas/clickhouse/followed.sql");
const REACHED: &str = include_str!("../../../../schemas/clickhouse/reached.sql");
const CELLS: &str = include_str!("../../../../schemas/clickhouse/cells.sql");
const COUNTS_IN: &str = include_str!("../../../../schemas/clickhouse/counts_in.sql");
const RETURN_STATES: &str = include_str!("../../../../schemas/clickhouse/return_states.sql");
const NOT_RETURNED: &str = include_str!("../../../../schemas/clickhouse/not_returned.sql");
const REFRESH: &str = include_str!("../../../../schemas/clickhouse/refresh.sql");
const REFRESH_UNCOUNTED: &str = include_str!("../../../../schemas/clickhouse/refresh_uncounted.sql");
const FREE_CELLS: &str = include_str!("../../../../schemas/clickhouse/free_cells.sql");
const PREPARE: &str = include_str!("../../../../schemas/clickhouse/prepare.sql");
const TRACED: &str = include_str!("../../../../schemas/clickhouse/traced.sql");
const TRACE_SUMS: &str = include_str!("../../../../schemas/clickhouse/trace_sums.sql");
const PREPARE_UNCOUNTED: &str = include_str!("../../../../schemas/clickhouse/prepare_uncounted.sql");
const TRACE: &str = include_str!("../../../../schemas/clickhouse/trace.sql");

/// The first days of the quarters that `periods` touch.
const QUARTERS_OF_PERIODS: &str = "arrayDistinct(arrayFlatten(arrayMap(p -> arrayMap(\
     n -> toDate32(addMonths(makeDate32(toYear(p.2), intDiv(toMonth(p.2) - 1, 3) * 3 + 1, 1), 3 * n)), \
     range(toUInt32(dateDiff('quarter', p.2, p.3) + 1))), periods)))";

/// The statements that (re)create the views that compute measures.
#[must_use]
pub fn refresh_views(names: &Names) -> Vec<String> {
    let each = [
        (names.refreshed_measures(), "NOT IN", LookBacks::None),
        (names.refreshed_look_backs(), "IN", LookBacks::Followed),
    ];
    let statements = each.into_iter().flat_map(|(view, which, look_backs)| {
        let create = filled(names, REFRESH, look_backs)
            .replace("{view}", &view)
            .replace("{which}", which);
        [format!("DROP VIEW IF EXISTS {view}"), create]
    });
    statements.collect()
}

/// The notices of the refresh of them that a preparation goes by.
const NOTICES_NOW: &str =
    "(SELECT * FROM {store}.notices_kept FINAL WHERE computed_at = notices_now AND partner != '')";
/// The statements that (re)create the view that refreshes record types of which nothing is counted; no measure depends on it.
#[must_use]
pub fn refresh_uncounted(names: &Names) -> [String; 2] {
    let view = names.refreshed_uncounted();
    [
        format!("DROP VIEW IF EXISTS {view}"),
        names.fill(REFRESH_UNCOUNTED).replace("{view}", &view),
    ]
}

/// Those of `wanted` of which some record looks back.
const LOOKING: &str = "arrayFilter(w -> has(arrayMap(l -> l.1, looked_at), w.1), wanted)";

/// Whether a query is about record types that look back. Planning for those is half of the work where there are few records.
#[derive(Debug, Clone, Copy)]
enum LookBacks {
    None,
    Followed,
}

/// The breakdowns of cells.
struct Levels {
    /// Which one a row is of.
    level: &'static str,
    /// What it is about.
    key: &'static str,
    /// The sets that are grouped by.
    sets: &'static str,
    /// What is kept of a record only where wards are among them.
    ward: &'static str,
}

/// All that readers can ask for.
const ALL: Levels = Levels {
    level: "multiIf(grouping(ward) = 0, 'ward', grouping(place) = 0, 'area', grouping(partner) = 0, 'partner', 'total')",
    key: "multiIf(level = 'ward', ifNull(toString(ward), ''), level = 'partner', toString(partner), \
          level = 'total' OR place = '', '', grouping(partner) = 0, concat(partner, ' ', place), place)",
    sets: "(record_type, measure, place_of_period), (record_type, measure, place_of_period, ward), \
           (record_type, measure, place_of_period, partner), (record_type, measure, place_of_period, place), \
           (record_type, measure, place_of_period, partner, place)",
    ward: "ward, ",
};

/// What snapshots freeze: totals, and the areas that they are ranked among. A third of the work.
const TOTALS: Levels = Levels {
    level: "if(grouping(place) = 0, 'area', 'total')",
    key: "if(level = 'area', place, '')",
    sets: "(record_type, measure, place_of_period), (record_type, measure, place_of_period, place)",
    ward: "",
};

/// As of when numbers are computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AsOf {
    /// The newest refresh.
    Now,
    /// The newest refresh at or before the parameter `at`, by the definitions of then.
    Then,
    /// Between two snapshots, the parameter `step` of the way to the newest preparation.
    Step,
}

impl AsOf {
    fn made_of(self) -> &'static str {
        match self {
            AsOf::Now => MADE_OF_NEWEST,
            AsOf::Step => MADE_OF_STEP,
            AsOf::Then => MADE_OF_KNOWN,
        }
    }

    fn known(self) -> &'static str {
        match self {
            AsOf::Now | AsOf::Then => KNOWN,
            AsOf::Step => KNOWN_AT_STEP,
        }
    }

    /// The definitions by which numbers are computed.
    pub(super) fn definitions(self, names: &Names) -> String {
        let store = names.store();
        match self {
            AsOf::Now | AsOf::Step => format!("{store}.definitions"),
            AsOf::Then => format!(
                "(SELECT * FROM {store}.definitions_kept WHERE installed_at = (\
                 SELECT max(installed_at) FROM {store}.definitions_kept WHERE installed_at <= {{at:DateTime64(6, 'UTC')}}))"
            ),
        }
    }
}

/// The query of cells of periods that no view keeps, for their parameters, and `at`.
pub(super) fn free(names: &Names, as_of: AsOf, periods: &FreePeriods) -> String {
    let levels = if periods.totals_only { &TOTALS } else { &ALL };
    filled_of_levels(names, FREE_CELLS, LookBacks::Followed, as_of, levels)
        .replace("{free_periods}", &periods.spans)
        .replace("{free_shown}", &periods.shown)
}

/// The statement that notes what the refresh of some record types has to do. `asked`: an array of (record type, watermark).
#[must_use]
pub fn prepare(names: &Names, asked: &str, stamp: &str) -> String {
    filled(names, PREPARE, LookBacks::None)
        .replace("{asked}", asked)
        .replace("{stamp}", stamp)
}

/// As [`prepare`], of record types of which nothing is counted.
#[must_use]
pub fn prepare_uncounted(names: &Names, asked: &str) -> String {
    names.fill(PREPARE_UNCOUNTED).replace("{asked}", asked)
}

/// The query of the records behind a number, for the parameters `part`, `record_type`, `measure`, `first` and `last`.
#[must_use]
pub fn trace(names: &Names, as_of: AsOf) -> String {
    filled_as_of(names, TRACE, LookBacks::Followed, as_of)
}

/// The query of what the records behind each number add up to, for the parameters `record_type`, `measure`, `period` (all that are kept
/// if it is empty), `first` and `last`.
#[must_use]
pub fn trace_sums(names: &Names) -> String {
    filled(names, TRACE_SUMS, LookBacks::Followed)
}

fn filled(names: &Names, sql: &str, look_backs: LookBacks) -> String {
    filled_as_of(names, sql, look_backs, AsOf::Now)
}

fn filled_as_of(names: &Names, sql: &str, look_backs: LookBacks, as_of: AsOf) -> String {
    filled_of_levels(names, sql, look_backs, as_of, &ALL)
}

fn filled_of_levels(names: &Names, sql: &str, look_backs: LookBacks, as_of: AsOf, levels: &Levels) -> String {
    let rows = |wanted: &str| {
        without_comments(ROWS)
            .replace("{wanted}", wanted)
            .replace("{quarters}", "w.4")
    };
    let (counts, looked_at) = match look_backs {
        LookBacks::None => ("NOT m.looks_back".to_owned(), String::new()),
        LookBacks::Followed => {
            let followed = without_comments(FOLLOWED)
                .replace("{rows}", &rows("looking"))
                .replace("{earlier_rows}", &rows("looked_at"));
            (
                format!("NOT m.looks_back OR sipHash64(record_hash, m.measure) IN (\n{followed})"),
                format!(
                    "    ({}) AS looked_at,\n    {LOOKING} AS looking,\n",
                    without_comments(REACHED)
                ),
            )
        }
    };
    let counts_in = |first: &str, last: &str| {
        without_comments(COUNTS_IN)
            .replace("{first}", first)
            .replace("{last}", last)
    };
    let cells = without_comments(CELLS)
        .replace("{counts_in}", &counts_in("first", "last"))
        .replace("{level}", levels.level)
        .replace("{key}", levels.key)
        .replace("{level_sets}", levels.sets)
        .replace("{ward}", levels.ward);
    let sql = without_comments(sql)
        .replace("{cells}", &cells)
        .replace("{traced}", &without_comments(TRACED))
        .replace("{counts_in}", &counts_in("{first:Date32}", "{last:Date32}"))
        .replace("{counts_in_each}", &counts_in("first", "last"))
        .replace("{return_states}", &without_comments(RETURN_STATES))
        .replace("{not_returned}", &without_comments(NOT_RETURNED))
        .replace("{counts}", &counts)
        .replace("{looked_at}", &looked_at)
        .replace("{rows}", &rows("wanted"))
        .replace("{wanted}", "wanted")
        .replace("{quarters_of_periods}", QUARTERS_OF_PERIODS)
        .replace("{made_of}", &without_comments(as_of.made_of()))
        .replace("{limits}", &without_comments(LIMITS))
        .replace("{full_returns}", &without_comments(FULL_RETURNS))
        .replace("{claimed}", &without_comments(CLAIMED))
        .replace("{hashes_now}", &super::returns::hashes(NOTICES_NOW))
        .replace("{known}", &without_comments(as_of.known()))
        .replace("{definitions}", &as_of.definitions(names));
    names.fill(&sql)
}
