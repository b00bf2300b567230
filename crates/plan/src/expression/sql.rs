//! Writes an expression as ClickHouse's SQL, with brackets around every part so that no precedence is left to guess.

use super::{Binary, Form, Function, Node};

pub(super) fn render(node: &Node, column: &dyn Fn(&str) -> String) -> String {
    let sql = |node: &Node| render(node, column);
    match &node.is {
        Form::Null => "NULL".to_owned(),
        Form::Bool(value) => value.to_string(),
        Form::Number(number) => number.clone(),
        Form::Text(text) => quoted(text),
        Form::Field(name) => column(name),
        Form::List(items) => format!("[{}]", joined(items, column)),
        Form::Not(inner) => format!("(NOT {})", sql(inner)),
        Form::Minus(inner) => format!("(-{})", sql(inner)),
        Form::Binary(binary, left, right) => {
            format!("({} {} {})", sql(left), sign(*binary), sql(right))
        }
        Form::IsNull(inner, not) => format!("({} IS {}NULL)", sql(inner), negation(*not)),
        Form::In(left, list, not) => {
            let items = match &list.is {
                Form::List(items) => joined(items, column),
                _ => sql(list),
            };
            format!("({} {}IN ({items}))", sql(left), negation(*not))
        }
        Form::Between(parts, not) => {
            let [value, low, high] = &**parts;
            format!(
                "({} {}BETWEEN {} AND {})",
                sql(value),
                negation(*not),
                sql(low),
                sql(high)
            )
        }
        Form::Call(Function::Latest, arguments) => match arguments.as_slice() {
            [values, days, day] => format!(
                "arrayLast((value_of, day_of) -> day_of <= {}, {}, {})",
                sql(day),
                sql(values),
                sql(days)
            ),
            _ => "NULL".to_owned(),
        },
        Form::Call(Function::ToDate, arguments) => {
            format!("toDate32({}, 'Europe/London')", joined(arguments, column))
        }
        Form::Call(function, arguments) => format!("{}({})", function.name(), joined(arguments, column)),
    }
}

fn joined(nodes: &[Node], column: &dyn Fn(&str) -> String) -> String {
    nodes
        .iter()
        .map(|node| render(node, column))
        .collect::<Vec<_>>()
        .join(", ")
}

/// A text has neither quote nor backslash: the lexer sees to it.
fn quoted(text: &str) -> String {
    format!("'{text}'")
}

fn negation(not: bool) -> &'static str {
    if not { "NOT " } else { "" }
}

fn sign(binary: Binary) -> &'static str {
    match binary {
        Binary::Or => "OR",
        Binary::And => "AND",
        Binary::Equal => "=",
        Binary::NotEqual => "<>",
        Binary::Less => "<",
        Binary::AtMost => "<=",
        Binary::Greater => ">",
        Binary::AtLeast => ">=",
        Binary::Like => "LIKE",
        Binary::NotLike => "NOT LIKE",
        Binary::Plus => "+",
        Binary::Minus => "-",
        Binary::Times => "*",
        Binary::Divided => "/",
        Binary::Modulo => "%",
    }
}
