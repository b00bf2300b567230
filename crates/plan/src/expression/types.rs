//! Checks an expression against the fields of a record type and the code lists, and says what it gives.

use super::{Binary, Expression, ExpressionError, Field, FieldType, Form, Function, Node, suggestion};
use crate::codes::{CodeList, CodeLists};

/// The type of a part of an expression.
#[derive(Debug, Clone)]
pub(crate) enum Type<'c> {
    /// NULL, or a part that is wrong already: fits everything.
    Any,
    Bool,
    Number,
    Text(Option<&'c CodeList>),
    Date,
    Instant,
    List(Box<Type<'c>>),
}

impl Type<'_> {
    fn name(&self) -> &'static str {
        match self {
            Type::Any => "null",
            Type::Bool => "true or false",
            Type::Number => "a number",
            Type::Text(_) => "a text",
            Type::Date => "a date",
            Type::Instant => "an instant",
            Type::List(_) => "a list",
        }
    }

    fn is_like(&self, other: &Type<'_>) -> bool {
        match (self, other) {
            (Type::Any, _) | (_, Type::Any) => true,
            (Type::List(a), Type::List(b)) => a.is_like(b),
            _ => std::mem::discriminant(self) == std::mem::discriminant(other),
        }
    }
}

/// Checks the expressions of one definition.
pub(crate) struct Checker<'c> {
    pub(crate) record_type: &'c str,
    pub(crate) fields: &'c [Field],
    pub(crate) codes: &'c CodeLists,
    /// The lists whose fields stand for one entry.
    pub(crate) each: &'c [String],
    problems: Vec<ExpressionError>,
}

impl<'c> Checker<'c> {
    pub(crate) fn new(
        record_type: &'c str,
        fields: &'c [Field],
        codes: &'c CodeLists,
        each: &'c [String],
    ) -> Self {
        Self {
            record_type,
            fields,
            codes,
            each,
            problems: Vec::new(),
        }
    }

    /// All that is wrong with an expression that must be true or false.
    pub(crate) fn condition(mut self, expression: &'c Expression) -> Vec<ExpressionError> {
        let root = &expression.root;
        let given = self.of(root);
        self.need(root, &given, &Type::Bool);
        self.problems
    }

    /// All that is wrong with an expression that must be a number.
    pub(crate) fn amount(mut self, expression: &'c Expression) -> Vec<ExpressionError> {
        let root = &expression.root;
        let given = self.of(root);
        if !matches!(given, Type::Bool) {
            self.need(root, &given, &Type::Number);
        }
        self.problems
    }

    fn wrong(&mut self, node: &Node, message: String) -> Type<'c> {
        self.problems.push(ExpressionError::new(node.at.start, message));
        Type::Any
    }

    fn need(&mut self, node: &Node, given: &Type<'_>, wanted: &Type<'_>) {
        if !given.is_like(wanted) {
            self.wrong(
                node,
                format!("this is {}; it must be {}", given.name(), wanted.name()),
            );
        }
    }

    fn of(&mut self, node: &'c Node) -> Type<'c> {
        match &node.is {
            Form::Null => Type::Any,
            Form::Bool(_) => Type::Bool,
            Form::Number(_) => Type::Number,
            Form::Text(_) => Type::Text(None),
            Form::Field(name) => self.field(node, name),
            Form::List(items) => self.list(items),
            Form::Not(inner) => {
                self.condition_part(inner);
                Type::Bool
            }
            Form::Minus(inner) => {
                self.number(inner);
                Type::Number
            }
            Form::Binary(binary, left, right) => self.binary(*binary, left, right),
            Form::IsNull(inner, _) => {
                self.of(inner);
                Type::Bool
            }
            Form::In(left, list, _) => {
                let wanted = self.of(left);
                if let Form::List(items) = &list.is {
                    for item in items {
                        let given = self.of(item);
                        self.compare((left, &wanted), (item, &given));
                    }
                }
                Type::Bool
            }
            Form::Between(parts, _) => {
                let [value, low, high] = &**parts;
                let wanted = self.of(value);
                for end in [low, high] {
                    let given = self.of(end);
                    self.compare((value, &wanted), (end, &given));
                }
                Type::Bool
            }
            Form::Call(function, arguments) => self.call(node, *function, arguments),
        }
    }

    fn field(&mut self, node: &Node, name: &str) -> Type<'c> {
        let Some(field) = self.fields.iter().find(|field| field.name == name) else {
            let hint = suggestion(name, self.fields.iter().map(|field| field.name.as_str()));
            return self.wrong(
                node,
                format!("`{name}` is no field of {}; {hint}", self.record_type),
            );
        };
        let text = Type::Text(field.codes.as_deref().and_then(|list| self.codes.list(list)));
        let element = match field.holds {
            FieldType::Bool => return Type::Bool,
            FieldType::Number => return Type::Number,
            FieldType::Text => return text,
            FieldType::Date => return Type::Date,
            FieldType::Instant => return Type::Instant,
            FieldType::Texts => text,
            FieldType::Dates => Type::Date,
        };
        let list = field.list.as_deref().unwrap_or(name);
        if self.each.iter().any(|each| each == list) {
            element
        } else {
            Type::List(Box::new(element))
        }
    }

    fn list(&mut self, items: &'c [Node]) -> Type<'c> {
        let mut element = Type::Any;
        for item in items {
            let given = self.of(item);
            self.need(item, &given, &element);
            element = given;
        }
        Type::List(Box::new(element))
    }

    fn condition_part(&mut self, node: &'c Node) {
        let given = self.of(node);
        self.need(node, &given, &Type::Bool);
    }

    fn number(&mut self, node: &'c Node) {
        let given = self.of(node);
        if !matches!(given, Type::Bool) {
            self.need(node, &given, &Type::Number);
        }
    }

    fn binary(&mut self, binary: Binary, left: &'c Node, right: &'c Node) -> Type<'c> {
        match binary {
            Binary::Or | Binary::And => {
                self.condition_part(left);
                self.condition_part(right);
                Type::Bool
            }
            Binary::Like | Binary::NotLike => {
                for part in [left, right] {
                    let given = self.of(part);
                    self.need(part, &given, &Type::Text(None));
                }
                Type::Bool
            }
            Binary::Plus | Binary::Minus => self.sum(binary, left, right),
            Binary::Times | Binary::Divided | Binary::Modulo => {
                self.number(left);
                self.number(right);
                if binary != Binary::Times && is_zero(right) {
                    self.wrong(right, "this divides by 0".to_owned());
                }
                Type::Number
            }
            _ => {
                let (a, b) = (self.of(left), self.of(right));
                self.compare((left, &a), (right, &b));
                Type::Bool
            }
        }
    }

    /// Numbers, and days: a day and a number of days is a day, the days between two days are a number.
    fn sum(&mut self, binary: Binary, left: &'c Node, right: &'c Node) -> Type<'c> {
        let (a, b) = (self.of(left), self.of(right));
        match (&a, &b) {
            (Type::Date, Type::Date) if binary == Binary::Minus => Type::Number,
            (Type::Date, _) => {
                self.need(right, &b, &Type::Number);
                Type::Date
            }
            _ => {
                for (node, given) in [(left, &a), (right, &b)] {
                    if !matches!(given, Type::Bool) {
                        self.need(node, given, &Type::Number);
                    }
                }
                Type::Number
            }
        }
    }

    fn compare(&mut self, left: (&'c Node, &Type<'c>), right: (&'c Node, &Type<'c>)) {
        for ((_, of), (constant, _)) in [(left, right), (right, left)] {
            if let Form::Text(text) = &constant.is {
                match of {
                    Type::Text(Some(list)) => return self.code(constant, text, list),
                    Type::Date => return self.day(constant, text),
                    _ => {}
                }
            }
        }
        if !left.1.is_like(right.1) {
            let (a, b) = (left.1.name(), right.1.name());
            let hint = match (left.1, right.1) {
                (Type::Instant, _) | (_, Type::Instant) => "; the day of an instant is toDate(...)",
                _ => "",
            };
            self.wrong(
                right.0,
                format!("{a} is compared with {b}; both must be of one type{hint}"),
            );
        }
    }

    fn code(&mut self, node: &Node, code: &str, list: &CodeList) {
        if !list.codes().any(|known| known == code) {
            let hint = suggestion(code, list.codes());
            self.wrong(
                node,
                format!("`{code}` is no code of the list `{}`; {hint}", list.name()),
            );
        }
    }

    fn day(&mut self, node: &Node, text: &str) {
        if crate::period::parse_date(text).is_none() {
            self.wrong(node, format!("`{text}` is no date; write it as '2015-04-01'"));
        }
    }

    fn call(&mut self, node: &Node, function: Function, arguments: &'c [Node]) -> Type<'c> {
        let given: Vec<Type<'c>> = arguments.iter().map(|argument| self.of(argument)).collect();
        let pairs: Vec<(&'c Node, Type<'c>)> = arguments.iter().zip(given).collect();
        match (function, pairs.as_slice()) {
            (Function::Abs, [(a, of)]) => {
                self.need(a, of, &Type::Number);
                Type::Number
            }
            (Function::Empty | Function::NotEmpty, [(a, of)]) => {
                self.need_long(a, of);
                Type::Bool
            }
            (Function::Length, [(a, of)]) => {
                self.need_long(a, of);
                Type::Number
            }
            (Function::StartsWith | Function::EndsWith, parts) => {
                for (a, of) in parts {
                    self.need(a, of, &Type::Text(None));
                }
                Type::Bool
            }
            (Function::Has, [(list, of), (entry, wanted)]) => {
                let element = self.element(list, of);
                self.compare((list, &element), (entry, wanted));
                Type::Bool
            }
            (Function::HasAll | Function::HasAny, [(list, of), (others, _)]) => {
                self.entries((list, of), others);
                Type::Bool
            }
            (Function::If, [(condition, of), (a, then), (b, otherwise)]) => {
                self.need(condition, of, &Type::Bool);
                self.same(&[(*a, then.clone()), (*b, otherwise.clone())])
            }
            (Function::Latest, [(values, of), (days, list), (day, on)]) => {
                let element = self.element(values, of);
                let days_element = self.element(days, list);
                self.need(days, &days_element, &Type::Date);
                self.need(day, on, &Type::Date);
                element
            }
            (Function::ToDate, [(a, of)]) => {
                self.need(a, of, &Type::Instant);
                Type::Date
            }
            (Function::Coalesce | Function::IfNull | Function::Greatest | Function::Least, parts) => {
                self.same(parts)
            }
            _ => self.wrong(node, format!("`{}` takes other arguments", function.name())),
        }
    }

    fn need_long(&mut self, node: &Node, given: &Type<'_>) {
        if !matches!(given, Type::Any | Type::List(_) | Type::Text(_)) {
            self.wrong(
                node,
                format!("this is {}; it must be a list or a text", given.name()),
            );
        }
    }

    fn element(&mut self, node: &Node, given: &Type<'c>) -> Type<'c> {
        match given {
            Type::List(element) => (**element).clone(),
            Type::Any => Type::Any,
            other => self.wrong(node, format!("this is {}; it must be a list", other.name())),
        }
    }

    /// Each entry of a list that is written out must be of the list it is compared with.
    fn entries(&mut self, list: (&'c Node, &Type<'c>), others: &'c Node) {
        let element = self.element(list.0, list.1);
        match &others.is {
            Form::List(items) => {
                for item in items {
                    let given = self.of(item);
                    self.compare((list.0, &element), (item, &given));
                }
            }
            _ => {
                let given = self.of(others);
                self.need(others, &given, list.1);
            }
        }
    }

    fn same(&mut self, parts: &[(&'c Node, Type<'c>)]) -> Type<'c> {
        let Some((first, of)) = parts.first() else {
            return Type::Any;
        };
        for (node, given) in parts.iter().skip(1) {
            self.compare((first, of), (node, given));
        }
        parts
            .iter()
            .map(|(_, given)| given.clone())
            .find(|given| !matches!(given, Type::Any))
            .unwrap_or(Type::Any)
    }
}

fn is_zero(node: &Node) -> bool {
    matches!(&node.is, Form::Number(number) if number.parse() == Ok(0.0))
}
