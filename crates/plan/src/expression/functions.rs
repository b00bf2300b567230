//! The functions that a plan may use.

/// A function, by its name in ClickHouse; [`Function::Latest`] is the plan's own, and [`Function::ToDate`] is always of
/// London.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Function {
    /// The number without its sign.
    Abs,
    /// The first argument that is not null.
    Coalesce,
    /// Whether a list or text is empty.
    Empty,
    /// Whether a text ends so.
    EndsWith,
    /// The greatest argument.
    Greatest,
    /// Whether a list has an entry.
    Has,
    /// Whether a list has all entries of another.
    HasAll,
    /// Whether a list has any entry of another.
    HasAny,
    /// `if(condition, then, else)`.
    If,
    /// The first argument, or the second where it is null.
    IfNull,
    /// `latest(values, days, day)`: the entry of the list `values` that holds on `day`, which is the last one whose day
    /// in the list `days` is not after it.
    Latest,
    /// The least argument.
    Least,
    /// The length of a list or text.
    Length,
    /// Whether a list or text is not empty.
    NotEmpty,
    /// Whether a text begins so.
    StartsWith,
    /// The day of an instant in Europe/London (G2).
    ToDate,
}

const NAMES: [(&str, Function, usize, usize); 16] = [
    ("abs", Function::Abs, 1, 1),
    ("coalesce", Function::Coalesce, 1, 9),
    ("empty", Function::Empty, 1, 1),
    ("endsWith", Function::EndsWith, 2, 2),
    ("greatest", Function::Greatest, 1, 9),
    ("has", Function::Has, 2, 2),
    ("hasAll", Function::HasAll, 2, 2),
    ("hasAny", Function::HasAny, 2, 2),
    ("if", Function::If, 3, 3),
    ("ifNull", Function::IfNull, 2, 2),
    ("latest", Function::Latest, 3, 3),
    ("least", Function::Least, 1, 9),
    ("length", Function::Length, 1, 1),
    ("notEmpty", Function::NotEmpty, 1, 1),
    ("startsWith", Function::StartsWith, 2, 2),
    ("toDate", Function::ToDate, 1, 1),
];

impl Function {
    pub(super) fn names() -> impl Iterator<Item = &'static str> {
        NAMES.iter().map(|(name, ..)| *name)
    }

    pub(super) fn named(word: &str) -> Option<Self> {
        NAMES
            .iter()
            .find(|(name, ..)| *name == word)
            .map(|(_, function, ..)| *function)
    }

    /// The name as it is written.
    pub fn name(self) -> &'static str {
        NAMES
            .iter()
            .find(|(_, function, ..)| *function == self)
            .map_or("", |(name, ..)| name)
    }

    /// The least and the greatest number of arguments.
    pub(super) fn arguments(self) -> (usize, usize) {
        NAMES
            .iter()
            .find(|(_, function, ..)| *function == self)
            .map_or((0, 0), |(.., min, max)| (*min, *max))
    }
}
