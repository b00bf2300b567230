//! The expressions of filters and amounts: a small, closed part of ClickHouse's SQL.
//!
//! Contract: what passes here is one expression over fields and constants. It has no statement, sub-select, comment or
//! function but those of [`Function`], so that a plan file can say what counts and do nothing else. Its types are checked
//! against the fields of the record type and the code lists before it is ever used.

mod field;
mod functions;
mod implied;
mod lexer;
mod never;
mod parser;
mod sql;
mod types;

use std::ops::Range;

pub use field::{Field, FieldType, Fields};
pub use functions::Function;

pub(crate) use types::Checker;

/// One expression with its text.
#[derive(Debug, Clone, PartialEq)]
pub struct Expression {
    text: String,
    /// Where the text begins in its file, as a byte offset.
    pub(crate) offset: usize,
    pub(crate) root: Node,
}

/// A part of an expression, and which bytes of the text it is.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Node {
    pub(crate) at: Range<usize>,
    pub(crate) is: Form,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Form {
    Null,
    Bool(bool),
    Number(String),
    Text(String),
    Field(String),
    /// `[a, b]`, or the right side of IN.
    List(Vec<Node>),
    Not(Box<Node>),
    Minus(Box<Node>),
    Binary(Binary, Box<Node>, Box<Node>),
    /// `a IS [NOT] NULL`; true: NOT.
    IsNull(Box<Node>, bool),
    /// `a [NOT] IN (...)`.
    In(Box<Node>, Box<Node>, bool),
    /// `a [NOT] BETWEEN b AND c`.
    Between(Box<[Node; 3]>, bool),
    Call(Function, Vec<Node>),
}

/// What stands between two parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Binary {
    Or,
    And,
    Equal,
    NotEqual,
    Less,
    AtMost,
    Greater,
    AtLeast,
    Like,
    NotLike,
    Plus,
    Minus,
    Times,
    Divided,
    Modulo,
}

/// What is wrong with an expression, and at which byte of its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExpressionError {
    /// Byte of the text at which it is wrong.
    pub at: usize,
    /// What is wrong and what to do, in plain English.
    pub message: String,
}

impl ExpressionError {
    fn new(at: usize, message: impl Into<String>) -> Self {
        Self {
            at,
            message: message.into(),
        }
    }
}

impl Expression {
    /// Reads an expression.
    ///
    /// # Errors
    /// The first thing that is no part of such an expression.
    pub fn parse(text: &str) -> Result<Self, ExpressionError> {
        Ok(Self {
            text: text.to_owned(),
            offset: 0,
            root: parser::parse(text)?,
        })
    }

    /// The same expression, whose text begins at this byte of its file.
    pub(crate) fn standing_at(self, offset: usize) -> Self {
        Self { offset, ..self }
    }

    /// The expression as it was written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The fields that it names, in its order.
    pub fn fields(&self) -> Vec<&str> {
        let mut fields = Vec::new();
        self.root.visit(&mut |node| {
            if let Form::Field(name) = &node.is {
                fields.push(name.as_str());
            }
        });
        fields
    }

    /// The expression as SQL, where `column` gives the SQL of each field.
    pub fn to_sql(&self, column: &dyn Fn(&str) -> String) -> String {
        sql::render(&self.root, column)
    }

    /// Why no record whose `fields` have one of these values can make it true, where that can be seen from the expression alone.
    pub(crate) fn never_true(&self, fields: &[(&str, Vec<&str>)]) -> Option<String> {
        never::reason(&self.root, fields)
    }

    /// Whether all that passes this filter passes the other one; `false` also where that cannot be seen from the texts.
    pub fn implies(&self, other: &Self) -> bool {
        implied::implies(&self.root, &other.root)
    }

    /// Whether nothing passes both this filter and the other one; `false` also where that cannot be seen from the texts.
    pub fn excludes(&self, other: &Self) -> bool {
        let [one, other] = [&self.root, &other.root].map(|root| Box::new(root.clone()));
        let both = Node {
            at: 0..0,
            is: Form::Binary(Binary::And, one, other),
        };
        never::reason(&both, &[]).is_some()
    }

    /// The codes that the expression demands of `field`: of the parts that AND joins, those that say `field = 'X'` or
    /// `field IN (...)`. Empty where it demands none.
    pub fn demanded(&self, field: &str) -> Vec<&str> {
        let mut codes = Vec::new();
        demanded(&self.root, field, &mut codes);
        codes
    }
}

fn demanded<'n>(node: &'n Node, field: &str, codes: &mut Vec<&'n str>) {
    match &node.is {
        Form::Binary(Binary::And, left, right) => {
            demanded(left, field, codes);
            demanded(right, field, codes);
        }
        Form::Binary(Binary::Equal, left, right) if left.is_field(field) => codes.extend(right.text()),
        Form::In(left, list, false) if left.is_field(field) => {
            if let Form::List(items) = &list.is {
                codes.extend(items.iter().filter_map(Node::text));
            }
        }
        _ => {}
    }
}

impl Node {
    fn is_field(&self, field: &str) -> bool {
        matches!(&self.is, Form::Field(name) if name == field)
    }

    fn text(&self) -> Option<&str> {
        match &self.is {
            Form::Text(text) => Some(text),
            _ => None,
        }
    }

    fn visit<'n>(&'n self, see: &mut dyn FnMut(&'n Node)) {
        see(self);
        match &self.is {
            Form::Null | Form::Bool(_) | Form::Number(_) | Form::Text(_) | Form::Field(_) => {}
            Form::List(nodes) | Form::Call(_, nodes) => nodes.iter().for_each(|node| node.visit(see)),
            Form::Not(node) | Form::Minus(node) | Form::IsNull(node, _) => node.visit(see),
            Form::Binary(_, left, right) | Form::In(left, right, _) => {
                left.visit(see);
                right.visit(see);
            }
            Form::Between(nodes, _) => nodes.iter().for_each(|node| node.visit(see)),
        }
    }
}

/// `did you mean …?` for the nearest of `known`, if one is near; else the whole list.
pub(crate) fn suggestion<'k>(word: &str, known: impl IntoIterator<Item = &'k str>) -> String {
    let known: Vec<&str> = known.into_iter().collect();
    match nearest(word, known.iter().copied()) {
        Some(name) => format!("did you mean `{name}`?"),
        None => format!("there are {}", known.join(", ")),
    }
}

/// The one of `known` that is most like `word`, if one is like it.
pub fn nearest<'k>(word: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    let word = word.to_lowercase();
    let likeness = known
        .into_iter()
        .map(|name| (strsim::jaro_winkler(&word, &name.to_lowercase()), name));
    let near = likeness.filter(|(likeness, _)| *likeness > 0.8);
    near.max_by(|(a, _), (b, _)| a.total_cmp(b)).map(|(_, name)| name)
}

#[cfg(test)]
mod tests;
