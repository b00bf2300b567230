//! The records of one type as rows of the table `contributions`: for which quarters, and what each contributes.

use std::collections::BTreeSet;

use quarterday_events::RecordType;
use quarterday_plan::period::Period;

use super::columns::first_date;
use super::free_periods::FreePeriods;
use super::hash;
use super::measures::split_statements;
use super::presence::SPANS;
use super::record_tables::{all_columns, has_full_returns};
use super::source::{ELEMENT, Source};
use super::without_comments;
use crate::Names;
use crate::declared::RETURN_NOTICE;

const TOUCHES: &str = include_str!("../../../../schemas/clickhouse/touches.sql");
const PLACINGS: &str = include_str!("../../../../schemas/clickhouse/placings.sql");

/// Columns that name a record, which group its versions.
const KEY: [&str; 3] = ["feed", "partner", "ref"];

/// A day that stands for no quarter.
const NO_DAY: &str = "toDate32('1900-01-01')";

/// The statements that create what places the records of a type.
#[must_use]
pub fn statements(names: &Names, source: &Source<'_>) -> Vec<String> {
    if !source.has_cells() {
        return Vec::new();
    }
    split_statements(&filled(names, source).replace("{made_by}", &made_by(names, source)))
}

/// Hash of what the rows of a record type are made by: with others, they have to be made anew. Empty if there are none.
#[must_use]
pub fn made_by(names: &Names, source: &Source<'_>) -> String {
    if !source.has_cells() {
        return String::new();
    }
    hash(&filled(names, source))
}

fn filled(names: &Names, source: &Source<'_>) -> String {
    let made = source.made();
    let columns = Columns::of(source);
    names
        .fill(PLACINGS)
        .replace("{placings}", &names.placings(source.name()))
        .replace("{log}", &names.log(source.name()))
        .replace("{record_type}", source.name())
        .replace("{scope}", &scope(source))
        .replace("{first_quarter}", &first_quarter(&source.record_type))
        .replace("{entry}", &made.parameters)
        .replace("{contribution}", &made.contribution)
        .replace("{entries_apart}", made.arguments)
        .replace("{entries}", &made.entries)
        .replace("{present}", &source.placed().join(",\n        "))
        .replace("{follows}", &source.follows())
        .replace("{precedes}", &source.precedes())
        .replace("{newest_columns}", &columns.newest)
        .replace("{other_columns}", &columns.others)
        .replace("{all_columns}", &columns.all)
        .replace("{spans}", &spans(source).join(",\n                            "))
}

/// Lists of the record type's columns, as the query needs them.
struct Columns {
    all: String,
    /// Those that do not name the record.
    others: String,
    /// All of them, from the tuple of the others.
    newest: String,
}

impl Columns {
    fn of(source: &Source<'_>) -> Self {
        let all = all_columns(&source.record_type);
        let others = all.iter().filter(|name| !KEY.contains(&name.as_str()));
        let newest = others
            .clone()
            .zip(1..)
            .map(|(name, number): (&String, usize)| format!("newest.{number} AS {name}"));
        let newest: Vec<String> = KEY.iter().map(|key| (*key).to_owned()).chain(newest).collect();
        Columns {
            others: others.map(String::as_str).collect::<Vec<_>>().join(", "),
            newest: newest.join(", "),
            all: all.join(", "),
        }
    }
}

fn scope(source: &Source<'_>) -> String {
    source
        .scope
        .map_or("''".to_owned(), |field| format!("ifNull(toString({field}), '')"))
}

/// The quarter of whose FULL return a record should be part.
pub(crate) fn first_quarter(record_type: &RecordType) -> String {
    match first_date(record_type).filter(|_| has_full_returns(record_type)) {
        Some(date) => {
            format!("ifNull(makeDate32(toYear({date}), intDiv(toMonth({date}) - 1, 3) * 3 + 1, 1), {NO_DAY})")
        }
        None => NO_DAY.to_owned(),
    }
}

/// What is wanted of a version log.
pub struct LogWanted<'w> {
    /// Its columns, as a list of SQL.
    pub columns: &'w str,
    /// What a snapshot is about.
    pub period: &'w Period,
    /// Whether partners say what they return.
    pub has_notices: bool,
}

impl LogWanted<'_> {
    fn notices(&self, of: &Names) -> String {
        if self.has_notices {
            of.log(RETURN_NOTICE)
        } else {
            "(SELECT '' AS ref, '' AS mode WHERE false)".to_owned()
        }
    }
}

/// The version log of another store, as a view: of its records those that a snapshot of this period can need, with all of their versions.
/// What a snapshot is made of is a tenth of a history of ten years.
#[must_use]
pub fn log_for_snapshot(names: &Names, of: &Names, source: &Source<'_>, wanted: &LogWanted<'_>) -> String {
    let LogWanted { columns, period, .. } = *wanted;
    let (log, record_type) = (of.log(source.name()), source.name());
    let mut sql = format!(
        "CREATE VIEW {} AS SELECT {columns} FROM {log}",
        names.log(record_type)
    );
    if source.has_cells() {
        let windows = FreePeriods::all_of_snapshot(period);
        let windows = windows
            .iter()
            .map(|period| window(period, source.months_looked_back()));
        let windows: Vec<String> = windows.collect();
        let condition = without_comments(TOUCHES)
            .replace("{spans}", &spans(source).join(", "))
            .replace("{windows}", &windows.join(" OR "))
            .replace("{notices}", &wanted.notices(of))
            .replace("{log}", &log);
        sql.push('\n');
        sql.push_str(&condition);
    }
    sql
}

/// Whether a span `s` touches a quarter of the period, or one in which an earlier record matters.
fn window(period: &Period, months_looked_back: u8) -> String {
    let quarters = period.quarters();
    let first = quarters.first().map_or(period.first(), Period::first);
    let last = quarters.last().map_or(period.last(), Period::last);
    format!("(s.1 <= toDate32('{last}') AND s.2 >= addMonths(toDate32('{first}'), -{months_looked_back}))")
}

/// Arrays of the spans of a version that have to do with some measure: when it counts, what shows that its partner has returned,
/// and by which days it follows another record.
fn spans(source: &Source<'_>) -> Vec<String> {
    let mut spans: BTreeSet<String> = source.placed().into_iter().collect();
    for counting in source
        .measures
        .iter()
        .filter_map(|defined| defined.measure.counting())
    {
        // A grade's span lies within that of the whole.
        let (since, until) = source.whole_span(counting).unwrap_or_else(|| {
            let when = source.when(counting);
            (when.since, when.until)
        });
        let list = counting.each.first().and_then(|list| source.list_column(list));
        spans.insert(match list {
            Some(list) => {
                format!("CAST(arrayMap({ELEMENT} -> ({since}, {until}), arrayEnumerate({list})), '{SPANS}')")
            }
            None => format!("CAST([({since}, {until})], '{SPANS}')"),
        });
        for day in source.days_of_look_back(counting) {
            spans.insert(format!("CAST([({day}, {day})], '{SPANS}')"));
        }
    }
    spans.into_iter().collect()
}
