//! Checks the names and expressions of a plan against the record types, code lists and feeds there are.

mod rank;

use super::counting::{Against, Counted, Counting, Graded, Placing};
use super::{Measure, Plan};
use crate::Problem;
use crate::codes::CodeLists;
use crate::expression::{Checker, Expression, ExpressionError, Field, FieldType, Fields, suggestion};
use crate::feeds::Feeds;

/// What a plan may name.
#[derive(Debug, Clone, Copy)]
pub struct Known<'k> {
    /// The fields of every record type.
    pub fields: &'k Fields,
    /// The code lists.
    pub codes: &'k CodeLists,
    /// The feeds.
    pub feeds: &'k Feeds,
}

pub(super) fn check(plan: &Plan, text: &str, known: Known<'_>) -> Vec<Problem> {
    let known = Checking { plan, text, known };
    plan.definitions()
        .flat_map(|measure| {
            let mut problems = known.partners(measure);
            // Without a name, that is a problem already.
            if let Some(counting) = measure
                .counting()
                .filter(|counting| !counting.record_type.is_empty())
            {
                problems.extend(known.counting(measure, counting));
            }
            problems
        })
        .collect()
}

struct Checking<'k> {
    plan: &'k Plan,
    text: &'k str,
    known: Known<'k>,
}

impl Checking<'_> {
    fn partners(&self, measure: &Measure) -> Vec<Problem> {
        let Some(partners) = self.known.codes.list("partner") else {
            return Vec::new();
        };
        let unknown = measure
            .returned_by
            .iter()
            .filter(|code| !partners.codes().any(|known| known == code.as_str()));
        unknown
            .map(|code| {
                let hint = suggestion(code, partners.codes());
                self.at(
                    measure,
                    RETURNED_BY,
                    code,
                    format!(
                        "`{}` is returned by `{code}`, which is no partner; {hint}",
                        measure.id
                    ),
                )
            })
            .collect()
    }

    fn counting(&self, measure: &Measure, counting: &Counting) -> Vec<Problem> {
        let record_type = &counting.record_type;
        let Some(fields) = self.known.fields.get(record_type) else {
            let hint = suggestion(record_type, self.known.fields.keys().map(String::as_str));
            let message = format!(
                "`{}` needs the record type `{record_type}`, which does not exist; {hint}",
                measure.id
            );
            return vec![self.at(measure, "record_type", record_type, message)];
        };
        let mut wrong = named(counting, fields);
        wrong.extend(self.codes(counting, fields));
        let mut problems: Vec<Problem> = wrong
            .into_iter()
            .map(|(name, wrong)| self.at(measure, "", &name, format!("`{}` {wrong}", measure.id)))
            .collect();
        problems.extend(self.without_feed(measure, record_type));
        for (expression, errors) in self.expressions(counting, fields) {
            problems.extend(errors.into_iter().map(|error| {
                let message = format!("`{}`: {}", measure.id, error.message);
                Problem::at(self.text, expression.offset + error.at, message)
            }));
        }
        problems
    }

    fn expressions<'e>(
        &self,
        counting: &'e Counting,
        fields: &[Field],
    ) -> Vec<(&'e Expression, Vec<ExpressionError>)> {
        let checker = || Checker::new(&counting.record_type, fields, self.known.codes, &counting.each);
        let earlier = counting
            .look_back
            .as_ref()
            .and_then(|look_back| look_back.filter.as_ref());
        let conditions = counting.filter.iter().chain(earlier);
        let conditions = conditions.map(|expression| (expression, checker().condition(expression)));
        let amounts = counting
            .amount()
            .into_iter()
            .map(|expression| (expression, checker().amount(expression)));
        conditions.chain(amounts).collect()
    }

    /// Partners that a measure needs a return of, and that have no feed to return it in.
    fn without_feed(&self, measure: &Measure, record_type: &str) -> Vec<Problem> {
        let is_known = |partner: &&String| {
            let list = self.known.codes.list("partner");
            list.is_none_or(|list| list.codes().any(|code| code == partner.as_str()))
        };
        let partners = measure.returned_by.iter().filter(is_known);
        let without = partners.filter(|partner| self.known.feeds.feed_of(partner, record_type).is_none());
        without
            .map(|partner| {
                let message = format!(
                    "`{}` is returned by `{partner}`, which has no feed of {record_type}: it would never be returned",
                    measure.id
                );
                self.at(measure, RETURNED_BY, partner, message)
            })
            .collect()
    }

    /// What is wrong with the codes that a measure names outside its expressions.
    fn codes(&self, counting: &Counting, fields: &[Field]) -> Vec<Misfit> {
        let find = |name: &str| fields.iter().find(|field| field.name == name);
        let mut wrong = Vec::new();
        if let Placing::InForce(_, Some(Graded { by, is, .. })) = &counting.placing {
            wrong.extend(find(by).and_then(|field| self.no_code_of(field, is)));
        }
        if let Against::Areas(ranking) = &counting.against {
            let unknown = ranking
                .among
                .iter()
                .filter_map(|area| self.no_code_of(find(&ranking.by)?, area));
            wrong.extend(unknown);
            wrong.extend(rank::misfits(ranking, counting.area, &self.plan.district));
        }
        wrong
    }

    fn no_code_of(&self, field: &Field, code: &str) -> Option<Misfit> {
        let list = self.known.codes.list(field.codes.as_deref()?)?;
        if list.codes().any(|known| known == code) {
            return None;
        }
        let hint = suggestion(code, list.codes());
        let wrong = format!(
            "names `{code}`, which is not on the list {} of `{}`; {hint}",
            list.name(),
            field.name
        );
        Some((code.to_owned(), wrong))
    }

    /// A problem where a measure names `name`, behind `key` if one is given; else at the measure.
    fn at(&self, measure: &Measure, key: &str, name: &str, message: String) -> Problem {
        match offset_of(self.text, measure.line, key, name) {
            Some(offset) => Problem::at(self.text, offset, message),
            None => Problem::at_line(self.text, measure.line, message),
        }
    }
}

const RETURNED_BY: &str = "returned_by";

/// Where the entry that begins on `line` has `name` in quotes, on the line of `key` or behind it.
fn offset_of(text: &str, line: usize, key: &str, name: &str) -> Option<usize> {
    let mut lines = text.split_inclusive('\n');
    let begin: usize = lines.by_ref().take(line).map(str::len).sum();
    let entry: usize = lines
        .take_while(|line| !line.trim_start().starts_with("[["))
        .map(str::len)
        .sum();
    let entry = text.get(begin..begin + entry)?;
    let from = if key.is_empty() {
        0
    } else {
        entry.find(&format!("\n{key}")).unwrap_or(0)
    };
    let behind = entry.get(from..)?;
    let quoted = ['"', '\'']
        .into_iter()
        .filter_map(|quote| behind.find(&format!("{quote}{name}{quote}")));
    quoted.min().map(|at| begin + from + at)
}

/// A name that does not fit, and what is wrong with it.
type Misfit = (String, String);

/// What is wrong with the fields that a measure names by themselves.
fn named(counting: &Counting, fields: &[Field]) -> Vec<Misfit> {
    let find = |name: &str| fields.iter().find(|field| field.name == name);
    let mut wrong: Vec<Misfit> = counting
        .named_fields()
        .into_iter()
        .filter(|name| !name.is_empty() && find(name).is_none())
        .map(|name| {
            let hint = suggestion(name, fields.iter().map(|field| field.name.as_str()));
            let wrong = format!(
                "names `{name}`, which is no field of {}; {hint}",
                counting.record_type
            );
            (name.to_owned(), wrong)
        })
        .collect();
    for each in &counting.each {
        let lists = fields.iter().filter(|field| is_list(field));
        if !lists.clone().any(|field| list_of(field) == each) {
            let hint = suggestion(each, lists.map(list_of));
            let misfit = format!(
                "counts each `{each}`, which is no list of {}; {hint}",
                counting.record_type
            );
            wrong.push((each.clone(), misfit));
        }
    }
    let dates = dates(counting).into_iter().filter_map(find);
    wrong.extend(dates.filter(|field| !is_day(field, &counting.each)).map(|field| {
        let wrong = format!("places records by `{}`, which is no date", field.name);
        (field.name.clone(), wrong)
    }));
    if let Against::Areas(ranking) = &counting.against
        && find(&ranking.by).is_some_and(|field| field.holds != FieldType::Text)
    {
        let misfit = format!("ranks by `{}`, which is no text", ranking.by);
        wrong.push((ranking.by.clone(), misfit));
    }
    if let Placing::InForce(_, Some(graded)) = &counting.placing {
        let pairs = [
            (&graded.by, FieldType::Texts, "texts"),
            (&graded.on, FieldType::Dates, "dates"),
        ];
        let misfits = pairs
            .into_iter()
            .filter(|(name, holds, _)| find(name).is_some_and(|field| field.holds != *holds));
        wrong.extend(misfits.map(|(name, _, what)| {
            (
                name.clone(),
                format!("is graded by `{name}`, which is no list of {what}"),
            )
        }));
    }
    if let Counted::Distinct { tally: true, .. } = &counting.counted {
        let missing = TALLIED.into_iter().filter(|name| find(name).is_none());
        wrong.extend(missing.map(|name| {
            let wrong = format!(
                "counts headcounts (`tally`), but {} has no field `{name}`",
                counting.record_type
            );
            (counting.record_type.clone(), wrong)
        }));
    }
    wrong
}

/// The fields of record types that can carry a headcount in place of a person (G5).
const TALLIED: [&str; 3] = ["basis", "headcount", "approximate"];

fn dates(counting: &Counting) -> Vec<&str> {
    let mut dates: Vec<&str> = match &counting.placing {
        Placing::On(dates) => dates.iter().map(String::as_str).collect(),
        Placing::During(span) | Placing::InForce(span, _) => std::iter::once(&span.from)
            .chain(&span.until)
            .map(String::as_str)
            .collect(),
        Placing::ReportedFor(from, to) => vec![from, to],
        Placing::DoneBy(date) => vec![date],
    };
    if let Some(look_back) = &counting.look_back {
        dates.push(&look_back.before);
        dates.extend(look_back.counted_from.iter().map(String::as_str));
    }
    dates
}

/// Whether a field places one record, or one entry of a list that is counted entry by entry.
fn is_day(field: &Field, each: &[String]) -> bool {
    match field.holds {
        FieldType::Date | FieldType::Instant => true,
        FieldType::Dates => each.iter().any(|each| each == list_of(field)),
        _ => false,
    }
}

fn is_list(field: &Field) -> bool {
    matches!(field.holds, FieldType::Texts | FieldType::Dates)
}

/// The name under which `each` knows a list.
fn list_of(field: &Field) -> &str {
    field.list.as_deref().unwrap_or(&field.name)
}
