//! A definition as a query that runs: for the parameters `first` and `last`, the value over the live records, as if all that is
//! needed had been returned. What was returned, nil and FULL returns (G9, F01) are judged by the views, in the same way for all.
//!
//! It is for people who want to know what a number is made of. The numbers themselves come from the contributions
//! ([`super::contributions`]), which are made of the same expressions.

use quarterday_plan::plan::{Against, Basis, ChangeValue, Counting, Measure, Ranking, Ratio};

use super::contribution::{Contribution, Counts};
use super::literal;
use super::measures::{percent, rounded};
use super::source::{ELEMENT, GRADE, Source};
use crate::Names;
use crate::declared::Defined;

/// The span that is counted: its first and last day as expressions.
struct Between {
    first: &'static str,
    last: &'static str,
}

const THIS: Between = Between {
    first: "{first:Date32}",
    last: "{last:Date32}",
};

/// The last day of a February has the last day of a February before it (G8).
const YEAR_BEFORE: Between = Between {
    first: "addYears({first:Date32}, -1)",
    last: "if(toMonth({last:Date32} + 1) = 3 AND toMonth({last:Date32}) = 2, toLastDayOfMonth(addYears({last:Date32}, -1)), \
           addYears({last:Date32}, -1))",
};

/// The query of a definition; none for what is counted from nothing.
#[must_use]
pub fn query(names: &Names, sources: &[Source<'_>], defined: &Defined<'_>) -> Option<String> {
    match &defined.measure.basis {
        Basis::Nothing => None,
        Basis::Ratio(ratio) => of_ratio(names, sources, defined, ratio),
        Basis::Records(counting) => {
            let counted = Counted::find(names, sources, defined)?;
            Some(match &counting.against {
                Against::Nothing | Against::Expected(_) => counted.total("value", &THIS),
                Against::YearBefore { value, decimals } => of_change(&counted, *value, *decimals),
                Against::Areas(ranking) => of_rank(&counted, ranking),
            })
        }
    }
}

fn of_ratio(names: &Names, sources: &[Source<'_>], defined: &Defined<'_>, ratio: &Ratio) -> Option<String> {
    let part = |id: &str, called: &str| -> Option<String> {
        let plan = defined.plan;
        let measure: &Measure = plan.definition(id)?;
        let part = Defined { measure, plan };
        Some(Counted::find(names, sources, &part)?.total(called, &THIS))
    };
    Some(format!(
        "WITH {} AS decimals\nSELECT if(n_below = 0, NULL, {}) AS value\nFROM\n(\n{}\n) AS above\nCROSS JOIN\n(\n{}\n) AS below",
        ratio.decimals,
        rounded("n", "n_below", &format!("toInt128({})", ratio.times), "decimals"),
        indented(&part(&ratio.numerator, "n")?),
        indented(&part(&ratio.denominator, "n_below")?),
    ))
}

fn of_change(counted: &Counted<'_>, value: ChangeValue, decimals: u8) -> String {
    let value = match value {
        ChangeValue::Delta => "n - n_before".to_owned(),
        ChangeValue::Percent => format!("if(n_before = 0, NULL, {})", percent("decimals")),
    };
    // What began later than the base has none.
    let value = match counted.defined.measure.series_from {
        Some(from) => format!("if({} < toDate32('{from}'), NULL, {value})", YEAR_BEFORE.first),
        None => value,
    };
    format!(
        "WITH {decimals} AS decimals\nSELECT {value} AS value\nFROM\n(\n{}\n) AS this_period\nCROSS JOIN\n(\n{}\n) AS year_before",
        indented(&counted.total("n", &THIS)),
        indented(&counted.total("n_before", &YEAR_BEFORE)),
    )
}

/// Ties share the better rank; unknown if an area has nothing to be ranked by.
fn of_rank(counted: &Counted<'_>, ranking: &Ranking) -> String {
    let per_area = |called: &str, between: &Between| indented(&counted.per_place(called, between));
    let (by, rest) = if ranking.change {
        let before = per_area("n_before", &YEAR_BEFORE);
        (
            "n / nullIf(n_before, 0)",
            format!("\nINNER JOIN\n(\n{before}\n) AS year_before USING (ranked_area)"),
        )
    } else {
        ("n", String::new())
    };
    let areas = format!(
        "SELECT ranked_area, {by} AS ranked_by\nFROM\n(\n{}\n) AS this_period{rest}",
        per_area("n", &THIS)
    );
    let better = if ranking.descending { ">" } else { "<" };
    format!(
        "WITH areas AS\n(\n{}\n)\nSELECT if(count(ranked_by) < {}, NULL, 1 + countIf(ranked_by {better} own)) AS value\nFROM areas\n\
         CROSS JOIN (SELECT any(ranked_by) AS own FROM areas WHERE ranked_area = {}) AS district",
        indented(&areas),
        ranking.among.len(),
        literal(&counted.defined.plan.district)
    )
}

/// What is counted from the records of one type.
struct Counted<'s> {
    live: String,
    source: &'s Source<'s>,
    defined: &'s Defined<'s>,
    counting: &'s Counting,
}

impl<'s> Counted<'s> {
    fn find(names: &Names, sources: &'s [Source<'s>], defined: &'s Defined<'s>) -> Option<Self> {
        let counting = defined.measure.counting()?;
        let source = sources
            .iter()
            .find(|source| source.name() == counting.record_type)?;
        Some(Self {
            live: names.live(source.name()),
            source,
            defined,
            counting,
        })
    }

    fn total(&self, called: &str, between: &Between) -> String {
        format!("SELECT {NUMBER} AS {called}\n{}", self.counts(between))
    }

    fn per_place(&self, called: &str, between: &Between) -> String {
        format!(
            "SELECT ranked_area, {NUMBER} AS {called}\n{}\nGROUP BY ranked_area",
            self.counts(between)
        )
    }

    /// The contributions of a span.
    fn counts(&self, Between { first, last }: &Between) -> String {
        let made = self.source.contribute(self.defined, self.counting);
        let counts = match made.counts {
            // A span that ends before it begins is in no quarter.
            Counts::During => format!(
                "counts_since <= {last} AND counts_until >= {first} \
                 AND dateDiff('quarter', greatest(counts_since, {first}), least(counts_until, {last})) >= 0"
            ),
            Counts::AtEnd => format!("counts_since <= {last} AND counts_until >= {last}"),
            Counts::Exactly => format!("counts_since = {first} AND counts_until = {last}"),
        };
        format!(
            "FROM\n(\n{}\n)\nWHERE {counts}",
            indented(&self.contributions(&made))
        )
    }

    /// Its aliases are no names of fields.
    fn contributions(&self, made: &Contribution) -> String {
        let mut sql = format!(
            "SELECT\n    toFloat64(ifNull({}, 0)) AS counted_amount,\n    {} AS counted_identity,\n    {} AS counts_since,\n    {} AS counts_until",
            made.amount, made.identity, made.since, made.until
        );
        if matches!(self.counting.against, Against::Areas(_)) {
            sql.push_str(&format!(",\n    toString({}) AS ranked_area", made.place));
        }
        sql.push_str(&format!(
            "\nFROM {}\nWHERE {}",
            self.read_from(made),
            made.condition
        ));
        if let Some(followed) = self.followed() {
            sql.push_str(&followed);
        }
        sql
    }

    /// The live records, one row for each entry of a list that is counted entry by entry.
    fn read_from(&self, made: &Contribution) -> String {
        let each = made.list.iter().map(|list| (list, ELEMENT));
        let each = each.chain(made.grades.iter().map(|grades| (grades, GRADE)));
        let each: String = each
            .map(|(list, called)| format!(", arrayJoin(arrayEnumerate({list})) AS {called}"))
            .collect();
        if each.is_empty() {
            self.live.clone()
        } else {
            format!("(SELECT *{each} FROM {})", self.live)
        }
    }

    /// That there is an earlier record about the same person.
    fn followed(&self) -> Option<String> {
        let (follows, precedes) = self.source.look_back_of(self.defined)?;
        let live = &self.live;
        Some(format!(
            "\n    AND (topic, kafka_partition, kafka_offset) IN\n    (\n        \
             SELECT f.topic, f.kafka_partition, f.kafka_offset\n        \
             FROM (SELECT topic, kafka_partition, kafka_offset, arrayJoin({follows}) AS later FROM {live}) AS f\n        \
             INNER JOIN (SELECT arrayJoin({precedes}) AS earlier FROM {live}) AS p ON f.later.2 = p.earlier.2\n        \
             WHERE f.later.4 > p.earlier.4 AND f.later.3 <= addMonths(p.earlier.3, f.later.5)\n    )"
        ))
    }
}

/// Amounts are added; of identities, each counts once (G4, G5).
const NUMBER: &str = "sum(counted_amount) + uniqExactIf(counted_identity, counted_identity != '')";

fn indented(sql: &str) -> String {
    let lines: Vec<String> = sql.lines().map(|line| format!("    {line}")).collect();
    lines.join("\n")
}
