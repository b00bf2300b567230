//! The definition register and the kept periods: one block of rows for each installation, of which the newest holds.

use quarterday_plan::period::Period;
use quarterday_plan::plan::{Against, Basis, ChangeValue, Measure};

use super::cells::refresh_views;
use super::contribution::Counts;
use super::measures::split_statements;
use super::placings::made_by;
use super::source::Source;
use super::{hash, literal, quoted_list};
use crate::Names;
use crate::declared::{Declared, Defined};

/// The statements that replace the register. `periods`: each with whether readers see it.
#[must_use]
pub fn statements(
    names: &Names,
    declared: &Declared,
    sources: &[Source<'_>],
    periods: &[(Period, bool)],
) -> Vec<String> {
    let mut columns = Vec::new();
    let mut definitions = Vec::new();
    for (position, defined) in declared.definitions().enumerate() {
        let row = definition(names, position, &defined, sources);
        columns = row.iter().map(|(column, _)| (*column).to_owned()).collect();
        let values: Vec<String> = row.into_iter().map(|(_, value)| value).collect();
        definitions.push(format!("({})", values.join(", ")));
    }
    let periods: Vec<String> = periods
        .iter()
        .map(|(period, shown)| kept_period(period, *shown))
        .collect();
    let sql = names
        .fill(include_str!("../../../../schemas/clickhouse/register.sql"))
        .replace("{periods_hash}", &hash(&periods.join("\n")))
        .replace("{periods}", &periods.join(",\n    "))
        .replace("{cells_hash}", &cells_hash(names))
        .replace("{definitions_hash}", &hash(&definitions.join("\n")))
        .replace("{names}", &column_names(&columns))
        .replace("{added_columns}", &added_columns(&columns))
        .replace("{columns}", &columns.join(", "))
        .replace("{definitions}", &definitions.join(",\n    "));
    split_statements(&sql)
}

/// Hash of how cells are computed: with another version of the software all have to be computed again.
fn cells_hash(names: &Names) -> String {
    hash(&refresh_views(names).join("\n"))
}

/// The names of `name type` columns.
fn column_names(columns: &[String]) -> String {
    let names = columns.iter().filter_map(|column| column.split(' ').next());
    names.collect::<Vec<_>>().join(", ")
}

/// Columns that a register of an earlier version may lack.
fn added_columns(columns: &[String]) -> String {
    let added = columns
        .iter()
        .map(|column| format!("ADD COLUMN IF NOT EXISTS {column}"));
    added.collect::<Vec<_>>().join(", ")
}

fn kept_period(period: &Period, shown: bool) -> String {
    let before = period.year_before();
    format!(
        "({}, '{}', '{}', {}, '{}', {shown})",
        literal(&period.id()),
        period.first(),
        period.last(),
        literal(&before.id()),
        before.first(),
    )
}

/// Each column of a definition with its value.
fn definition(
    names: &Names,
    position: usize,
    defined: &Defined<'_>,
    sources: &[Source<'_>],
) -> Vec<(&'static str, String)> {
    let Defined { measure, plan } = *defined;
    let source = plan
        .record_type(measure)
        .and_then(|name| sources.iter().find(|source| source.name() == name));
    // Without the record type in the store, it is counted from nothing.
    let record_type = source.map_or("", Source::name);
    let sql = super::definition::query(names, sources, defined).unwrap_or_default();
    let (role, beside) = role(defined);
    let mut row = vec![
        ("id String", literal(&measure.id)),
        ("position UInt16", position.to_string()),
        ("plan String", literal(&plan.id)),
        ("district String", literal(&plan.district)),
        ("role String", literal(role)),
        ("beside String", literal(beside)),
        ("record_type String", literal(record_type)),
        ("definition String", literal(&sql)),
        ("definition_text String", literal(&plan.definition_text(measure))),
        ("definition_hash String", literal(&plan.definition_hash(measure))),
        (
            "contributions_hash String",
            literal(&source.map_or(String::new(), |source| made_by(names, source))),
        ),
        (
            "months_looked_back UInt8",
            source.map_or(0, Source::months_looked_back).to_string(),
        ),
        ("scope Array(String)", scope(source, measure)),
        ("is_at_end Bool", is_at_end(source, measure).to_string()),
    ];
    row.extend(words(measure));
    row.extend(arithmetic(measure));
    row
}

fn role<'d>(defined: &Defined<'d>) -> (&'static str, &'d str) {
    let id = &defined.measure.id;
    if let Some(companion) = defined.plan.companions.iter().find(|c| c.measure.id == *id) {
        return ("companion", &companion.of);
    }
    let is_figure = defined.plan.figures.iter().any(|figure| figure.measure.id == *id);
    (if is_figure { "figure" } else { "measure" }, "")
}

/// The scope codes that a notice has to name if it is about the measure and not the whole feed (G9).
fn scope(source: Option<&Source<'_>>, measure: &Measure) -> String {
    let field = source.and_then(|source| source.scope);
    let codes = measure
        .counting()
        .zip(field)
        .map(|(counting, field)| counting.scope(field));
    format!("[{}]", quoted_list(codes.unwrap_or_default()))
}

/// Whether it is about the last day of a period, so that what counts is the return of that day's quarter (G6, G9).
fn is_at_end(source: Option<&Source<'_>>, measure: &Measure) -> bool {
    let counting = measure.counting();
    source
        .zip(counting)
        .is_some_and(|(source, counting)| matches!(source.when(counting).counts, Counts::AtEnd))
}

/// What people read.
fn words(measure: &Measure) -> Vec<(&'static str, String)> {
    let text = |text: &Option<String>| literal(text.as_deref().unwrap_or_default());
    let texts = |texts: &[String]| format!("[{}]", quoted_list(texts.iter().map(String::as_str)));
    vec![
        ("action String", text(&measure.action)),
        ("kind String", literal(measure.kind.name())),
        ("title String", literal(&measure.title)),
        ("wording String", text(&measure.wording)),
        (
            "page Nullable(UInt16)",
            measure.page.map_or("NULL".to_owned(), |page| page.to_string()),
        ),
        ("responsible Array(String)", texts(&measure.responsible)),
        ("returned_by Array(String)", texts(&measure.returned_by)),
        ("unit String", literal(&measure.unit)),
        ("polarity String", literal(measure.polarity.name())),
        ("sensitivity String", literal(measure.sensitivity.name())),
        ("version UInt16", measure.version.to_string()),
        ("valid_from Nullable(Date32)", date_or_null(measure.valid_from)),
        ("series_from Nullable(Date32)", date_or_null(measure.series_from)),
        ("notes String", text(&measure.notes)),
    ]
}

fn date_or_null(date: Option<impl std::fmt::Display>) -> String {
    date.map_or("NULL".to_owned(), |date| format!("'{date}'"))
}

/// What the query of measure rows makes the value from.
#[derive(Default)]
struct Arithmetic<'m> {
    basis: &'static str,
    change: &'static str,
    decimals: u8,
    times: u32,
    numerator: &'m str,
    denominator: &'m str,
    expected: u8,
    areas: &'m [String],
    descending: bool,
    rank_of_change: bool,
}

impl<'m> Arithmetic<'m> {
    fn of(measure: &'m Measure) -> Self {
        let plain = Self {
            basis: "records",
            ..Self::default()
        };
        match &measure.basis {
            Basis::Nothing => Self {
                basis: "nothing",
                ..plain
            },
            Basis::Ratio(ratio) => Self {
                basis: "ratio",
                decimals: ratio.decimals,
                times: ratio.times,
                numerator: &ratio.numerator,
                denominator: &ratio.denominator,
                ..plain
            },
            Basis::Records(counting) => match &counting.against {
                Against::Nothing => plain,
                Against::YearBefore { value, decimals } => Self {
                    basis: "change",
                    change: match value {
                        ChangeValue::Delta => "delta",
                        ChangeValue::Percent => "percent",
                    },
                    decimals: *decimals,
                    ..plain
                },
                Against::Expected(expected) => Self {
                    basis: "milestone",
                    expected: *expected,
                    ..plain
                },
                Against::Areas(ranking) => Self {
                    basis: "rank",
                    areas: &ranking.among,
                    descending: ranking.descending,
                    rank_of_change: ranking.change,
                    ..plain
                },
            },
        }
    }
}

fn arithmetic(measure: &Measure) -> Vec<(&'static str, String)> {
    let of = Arithmetic::of(measure);
    vec![
        ("basis String", literal(of.basis)),
        ("change String", literal(of.change)),
        ("decimals UInt8", of.decimals.to_string()),
        ("times UInt32", of.times.to_string()),
        ("numerator_id String", literal(of.numerator)),
        ("denominator_id String", literal(of.denominator)),
        ("expected UInt8", of.expected.to_string()),
        (
            "areas Array(String)",
            format!("[{}]", quoted_list(of.areas.iter().map(String::as_str))),
        ),
        ("descending Bool", of.descending.to_string()),
        ("rank_of_change Bool", of.rank_of_change.to_string()),
    ]
}
