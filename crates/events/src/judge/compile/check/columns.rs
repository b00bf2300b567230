//! Finding the columns that a check is about, and telling which are of the wrong kind.

use quarterday_plan::codes::CodeList;
use quarterday_plan::feeds::Condition;

use crate::judge::checks::{Day, Relation, Test, Wanted, When};
use crate::judge::compile::Compiler;
use crate::kind::Kind;

impl Compiler<'_> {
    pub(super) fn pair(&mut self, earlier: &str, later: &str, relation: Relation) -> Option<Test> {
        let days = (self.day(earlier)?, self.day(later)?);
        let list = |field: &str| {
            let columns = self.record_type.columns().iter();
            columns
                .clone()
                .find(|spec| spec.name == field)
                .and_then(|spec| spec.list.as_ref())
        };
        if list(earlier).is_some() && list(later).is_some() {
            self.of_one_list(earlier, later)?;
        }
        Some(Test::Pair {
            earlier: days.0,
            later: days.1,
            relation,
        })
    }

    pub(super) fn of_one_list(&mut self, one: &str, other: &str) -> Option<()> {
        let (one, other) = (self.column(one)?.1, self.column(other)?.1);
        if one.list == other.list {
            return Some(());
        }
        let problem = format!("fields {} and {} are of two arrays", one.name, other.name);
        self.problems.push(problem);
        None
    }

    pub(super) fn day(&mut self, field: &str) -> Option<Day> {
        let is_day = |kind: &Kind| matches!(kind, Kind::Date | Kind::Dates | Kind::TimestampMillis);
        let column = self.of_kind(field, "a date", is_day)?;
        let kind = self.record_type.columns().get(column).map(|spec| &spec.kind);
        Some(Day {
            column,
            is_instant: kind == Some(&Kind::TimestampMillis),
        })
    }

    pub(super) fn dates(&mut self, field: &str) -> Option<usize> {
        self.of_kind(field, "a date of an array of records", |kind| {
            matches!(kind, Kind::Dates)
        })
    }

    pub(super) fn text(&mut self, field: &str) -> Option<usize> {
        self.of_kind(field, "a string", |kind| matches!(kind, Kind::String))
    }

    pub(super) fn integer(&mut self, field: &str) -> Option<usize> {
        self.of_kind(field, "a whole number", |kind| {
            matches!(kind, Kind::Int | Kind::Long)
        })
    }

    pub(super) fn of_kind(
        &mut self,
        field: &str,
        wanted: &str,
        is_kind: impl Fn(&Kind) -> bool,
    ) -> Option<usize> {
        let (column, spec) = self.column(field)?;
        if is_kind(&spec.kind) {
            return Some(column);
        }
        self.problems.push(format!("field {field} is not {wanted}"));
        None
    }

    pub(super) fn can_be_absent(&mut self, field: &str) -> Option<usize> {
        let (column, spec) = self.column(field)?;
        if spec.nullable || matches!(spec.kind, Kind::String | Kind::Strings | Kind::Dates) {
            return Some(column);
        }
        self.problems.push(format!("field {field} can never be absent"));
        None
    }

    pub(super) fn condition(&mut self, condition: &Condition) -> Option<When> {
        // Whether it is given can be asked of every field.
        let (column, values) = if condition.values.is_empty() {
            (self.column(&condition.field)?.0, Wanted::Texts(Vec::new()))
        } else {
            self.wanted(&condition.field, &condition.values)?
        };
        Some(When {
            column,
            values,
            is_negated: condition.is_negated,
        })
    }

    /// The values in the type of the field's column, codes by their own spelling.
    pub(super) fn wanted(&mut self, field: &str, values: &[String]) -> Option<(usize, Wanted)> {
        let (column, spec) = self.column(field)?;
        let before = self.problems.len();
        let values = self.written_out(values);
        let values = values.iter();
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
            Kind::Double | Kind::Date | Kind::Dates | Kind::TimestampMillis => {
                self.problems.push(format!("field {field} cannot be a condition"));
                return None;
            }
        };
        (self.problems.len() == before).then_some((column, values))
    }

    /// The values, with every code of a list in the place of `list:` and its name.
    fn written_out(&mut self, values: &[String]) -> Vec<String> {
        let mut written = Vec::new();
        for value in values {
            match value.strip_prefix("list:") {
                None => written.push(value.clone()),
                Some(name) => match self.lists.list(name) {
                    Some(list) => written.extend(list.codes().map(str::to_owned)),
                    None => self.problems.push(format!("there is no code list {name}")),
                },
            }
        }
        written
    }

    pub(super) fn canonical(&mut self, value: &str, list: Option<&CodeList>) -> Option<String> {
        match list {
            Some(list) => self.known(list.normalise(value).map(str::to_owned), value),
            None => Some(value.to_owned()),
        }
    }

    pub(super) fn known<T>(&mut self, value: Option<T>, text: &str) -> Option<T> {
        if value.is_none() {
            self.problems
                .push(format!("\"{text}\" is no value of its condition's field"));
        }
        value
    }
}
