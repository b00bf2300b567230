//! Checks the names and expressions of a plan against the record types and code lists there are.

use super::counting::{Against, Counting, Placing};
use super::{Measure, Plan};
use crate::Problem;
use crate::codes::CodeLists;
use crate::expression::{Checker, Expression, ExpressionError, Field, FieldType, Fields, suggestion};

pub(super) fn check(plan: &Plan, text: &str, fields: &Fields, codes: &CodeLists) -> Vec<Problem> {
    let known = Known { text, fields, codes };
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

/// What a plan may name.
struct Known<'k> {
    text: &'k str,
    fields: &'k Fields,
    codes: &'k CodeLists,
}

impl Known<'_> {
    fn partners(&self, measure: &Measure) -> Vec<Problem> {
        let Some(partners) = self.codes.list("partner") else {
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
        let Some(fields) = self.fields.get(record_type) else {
            let hint = suggestion(record_type, self.fields.keys().map(String::as_str));
            let message = format!(
                "`{}` needs the record type `{record_type}`, which does not exist; {hint}",
                measure.id
            );
            return vec![self.at(measure, message)];
        };
        let mut problems: Vec<Problem> = named(counting, fields)
            .into_iter()
            .map(|wrong| self.at(measure, format!("`{}` {wrong}", measure.id)))
            .collect();
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
        let checker = || Checker::new(&counting.record_type, fields, self.codes, &counting.each);
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

    fn at(&self, measure: &Measure, message: String) -> Problem {
        Problem::at_line(self.text, measure.line, message)
    }
}

/// What is wrong with the fields that a measure names by themselves.
fn named(counting: &Counting, fields: &[Field]) -> Vec<String> {
    let find = |name: &str| fields.iter().find(|field| field.name == name);
    let mut wrong: Vec<String> = counting
        .named_fields()
        .into_iter()
        .filter(|name| !name.is_empty() && find(name).is_none())
        .map(|name| {
            let hint = suggestion(name, fields.iter().map(|field| field.name.as_str()));
            format!(
                "names `{name}`, which is no field of {}; {hint}",
                counting.record_type
            )
        })
        .collect();
    for each in &counting.each {
        let lists = fields.iter().filter(|field| is_list(field));
        if !lists.clone().any(|field| list_of(field) == each) {
            let hint = suggestion(each, lists.map(list_of));
            wrong.push(format!(
                "counts each `{each}`, which is no list of {}; {hint}",
                counting.record_type
            ));
        }
    }
    let dates = dates(counting).into_iter().filter_map(find);
    wrong.extend(
        dates
            .filter(|field| !is_day(field, &counting.each))
            .map(|field| format!("places records by `{}`, which is no date", field.name)),
    );
    if let Against::Areas(ranking) = &counting.against
        && find(&ranking.by).is_some_and(|field| field.holds != FieldType::Text)
    {
        wrong.push(format!("ranks by `{}`, which is no text", ranking.by));
    }
    wrong
}

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
