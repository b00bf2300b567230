//! Fitting the checks of a feed.

use quarterday_plan::codes::CodeList;
use quarterday_plan::feeds::{Check, Condition, Rule};

use super::Compiler;
use crate::judge::checks::{CompiledCheck, Day, Test, Wanted, When};
use crate::judge::forms::days_of;
use crate::kind::{ColumnSpec, Kind};

impl Compiler<'_> {
    pub(super) fn check(&mut self, check: &Check) -> Option<CompiledCheck> {
        let before = self.problems.len();
        let compiled = self.compile_check(check);
        for problem in self.problems.iter_mut().skip(before) {
            *problem = format!("check {}: {problem}", check.id);
        }
        compiled
    }

    fn compile_check(&mut self, check: &Check) -> Option<CompiledCheck> {
        let test = self.test(&check.rule)?;
        let when = match condition_of(&check.rule) {
            Some(condition) => Some(self.condition(condition)?),
            None => None,
        };
        let fields = check.rule.fields();
        let columns = self.record_type.columns().iter();
        let blamed = blamed(&check.rule);
        Some(CompiledCheck {
            id: check.id.clone(),
            severity: check.severity,
            message: check.message.clone(),
            path: columns
                .clone()
                .find(|spec| spec.name == blamed)
                .map(ColumnSpec::path)
                .unwrap_or_default(),
            needs_body: columns
                .clone()
                .any(|spec| spec.in_body && fields.contains(&spec.name.as_str())),
            when,
            test,
        })
    }

    fn test(&mut self, rule: &Rule) -> Option<Test> {
        match rule {
            Rule::NotBefore { earlier, later } => self.order(earlier, later, false),
            Rule::NotSameOrBefore { earlier, later } => self.order(earlier, later, true),
            Rule::Range { field, min, max, .. } => {
                let is_number = |kind: &Kind| matches!(kind, Kind::Int | Kind::Long);
                let column = self.of_kind(field, "a whole number", is_number)?;
                Some(Test::Range {
                    column,
                    min: min.unwrap_or(i64::MIN),
                    max: max.unwrap_or(i64::MAX),
                })
            }
            Rule::Required { field, .. } => Some(Test::Required {
                column: self.column(field)?.0,
            }),
            Rule::Absent { field, .. } => Some(Test::Absent {
                column: self.can_be_absent(field)?,
            }),
            Rule::DateWithin {
                field, from, until, ..
            } => Some(Test::Within {
                day: self.day(field)?,
                from: from.map_or(i64::MIN, days_of),
                until: until.map_or(i64::MAX, days_of),
            }),
            Rule::Reference { field } => {
                let column = self.of_kind(field, "a string", |kind| matches!(kind, Kind::String))?;
                Some(Test::Reference { column })
            }
        }
    }

    fn order(&mut self, earlier: &str, later: &str, strictly: bool) -> Option<Test> {
        Some(Test::Order {
            earlier: self.day(earlier)?,
            later: self.day(later)?,
            strictly,
        })
    }

    fn day(&mut self, field: &str) -> Option<Day> {
        let is_day = |kind: &Kind| matches!(kind, Kind::Date | Kind::TimestampMillis);
        let column = self.of_kind(field, "a date", is_day)?;
        let kind = self.record_type.columns().get(column).map(|spec| &spec.kind);
        Some(Day {
            column,
            is_instant: kind == Some(&Kind::TimestampMillis),
        })
    }

    fn of_kind(&mut self, field: &str, wanted: &str, is_kind: impl Fn(&Kind) -> bool) -> Option<usize> {
        let (column, spec) = self.column(field)?;
        if is_kind(&spec.kind) {
            return Some(column);
        }
        self.problems.push(format!("field {field} is not {wanted}"));
        None
    }

    fn can_be_absent(&mut self, field: &str) -> Option<usize> {
        let (column, spec) = self.column(field)?;
        if spec.nullable || matches!(spec.kind, Kind::String | Kind::Strings) {
            return Some(column);
        }
        self.problems.push(format!("field {field} can never be absent"));
        None
    }

    fn condition(&mut self, condition: &Condition) -> Option<When> {
        let (column, spec) = self.column(&condition.field)?;
        let before = self.problems.len();
        let values = condition.is_in.iter();
        let values = match &spec.kind {
            Kind::String | Kind::Strings => {
                let list = spec.codes.as_ref().and_then(|_| self.list_of(column));
                Wanted::Texts(
                    values
                        .filter_map(|value| self.canonical(value, list.as_ref()))
                        .collect(),
                )
            }
            Kind::Enum(symbols) => Wanted::Symbols(
                values
                    .filter_map(|value| {
                        let position = symbols.iter().position(|symbol| symbol == value);
                        self.known(position.and_then(|position| u8::try_from(position).ok()), value)
                    })
                    .collect(),
            ),
            Kind::Bool => Wanted::Booleans(values.filter_map(|v| self.known(v.parse().ok(), v)).collect()),
            Kind::Int | Kind::Long => {
                Wanted::Integers(values.filter_map(|v| self.known(v.parse().ok(), v)).collect())
            }
            Kind::Double | Kind::Date | Kind::TimestampMillis => {
                self.problems
                    .push(format!("field {} cannot be a condition", condition.field));
                return None;
            }
        };
        (self.problems.len() == before).then_some(When { column, values })
    }

    fn canonical(&mut self, value: &str, list: Option<&CodeList>) -> Option<String> {
        match list {
            Some(list) => self.known(list.normalise(value).map(str::to_owned), value),
            None => Some(value.to_owned()),
        }
    }

    fn known<T>(&mut self, value: Option<T>, text: &str) -> Option<T> {
        if value.is_none() {
            self.problems
                .push(format!("\"{text}\" is no value of its condition's field"));
        }
        value
    }
}

fn condition_of(rule: &Rule) -> Option<&Condition> {
    match rule {
        Rule::Range { when, .. }
        | Rule::Required { when, .. }
        | Rule::Absent { when, .. }
        | Rule::DateWithin { when, .. } => when.as_ref(),
        Rule::NotBefore { .. } | Rule::NotSameOrBefore { .. } | Rule::Reference { .. } => None,
    }
}

/// The field that a partner would correct: of two dates the later one.
fn blamed(rule: &Rule) -> &str {
    match rule {
        Rule::NotBefore { later, .. } | Rule::NotSameOrBefore { later, .. } => later,
        Rule::Range { field, .. }
        | Rule::Required { field, .. }
        | Rule::Absent { field, .. }
        | Rule::DateWithin { field, .. }
        | Rule::Reference { field } => field,
    }
}
