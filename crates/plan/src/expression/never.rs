//! Finds filters that no record can pass: constants, and demands on one field that no value meets.

mod bounds;

use std::collections::BTreeMap;

use super::{Binary, Form, Node};

/// Why no record passes of those whose `fields` have one of these values.
pub(super) fn reason(root: &Node, fields: &[(&str, Vec<&str>)]) -> Option<String> {
    match &root.is {
        Form::Bool(false) | Form::Null => return Some("it says so".to_owned()),
        Form::Binary(Binary::Or, left, right) => {
            return reason(left, fields).and_then(|why| reason(right, fields).map(|_| why));
        }
        _ => {}
    }
    let mut parts = Vec::new();
    conjuncts(root, &mut parts);
    let mut allowed: BTreeMap<&str, Vec<&str>> = fields.iter().cloned().collect();
    for part in &parts {
        if !std::ptr::eq(*part, root)
            && let Some(why) = reason(part, fields)
        {
            return Some(why);
        }
        if let Some(why) = impossible(part) {
            return Some(why);
        }
        let (field, known) = if let Some((field, codes)) = demand(part) {
            let known = allowed.entry(field).or_insert_with(|| codes.clone());
            known.retain(|code| codes.contains(code));
            (field, known)
        } else if let Some((field, codes)) = exclusion(part)
            && let Some(known) = allowed.get_mut(field)
        {
            known.retain(|code| !codes.contains(code));
            (field, known)
        } else {
            continue;
        };
        if known.is_empty() {
            return Some(match fields.iter().find(|(name, _)| *name == field) {
                Some((_, values)) => format!("`{field}` is always {}", values.join(" or ")),
                None => format!("`{field}` cannot have two values at once"),
            });
        }
    }
    if let Some(field) = bounds::without_value(&parts) {
        return Some(format!("no value of `{field}` is left"));
    }
    if let Some(flag) = contradicted(&parts) {
        return Some(format!("`{flag}` cannot be both true and false"));
    }
    let nulls = parts.iter().filter_map(|part| match &part.is {
        Form::IsNull(inner, false) => field(inner),
        _ => None,
    });
    nulls
        .into_iter()
        .find(|name| allowed.contains_key(name) || parts.iter().any(|part| is_not_null(part, name)))
        .map(|name| format!("`{name}` cannot be null and have a value"))
}

/// The parts that AND joins.
pub(super) fn conjuncts<'n>(node: &'n Node, parts: &mut Vec<&'n Node>) {
    match &node.is {
        Form::Binary(Binary::And, left, right) => {
            conjuncts(left, parts);
            conjuncts(right, parts);
        }
        _ => parts.push(node),
    }
}

/// A field that is demanded to be true and not to be.
fn contradicted<'n>(parts: &[&'n Node]) -> Option<&'n str> {
    let flags = parts.iter().filter_map(|part| field(part));
    flags.into_iter().find(|flag| {
        parts.iter().any(|part| match &part.is {
            Form::Not(inner) => field(inner) == Some(flag),
            _ => false,
        })
    })
}

fn field(node: &Node) -> Option<&str> {
    match &node.is {
        Form::Field(name) => Some(name),
        _ => None,
    }
}

fn is_not_null(node: &Node, name: &str) -> bool {
    matches!(&node.is, Form::IsNull(inner, true) if field(inner) == Some(name))
}

/// The values that a part leaves to one field.
pub(super) fn demand(node: &Node) -> Option<(&str, Vec<&str>)> {
    match &node.is {
        Form::Binary(Binary::Equal, left, right) => Some((field(left)?, vec![right.text()?])),
        Form::In(left, list, false) => match &list.is {
            Form::List(items) => Some((field(left)?, items.iter().map(Node::text).collect::<Option<_>>()?)),
            _ => None,
        },
        _ => None,
    }
}

/// The values that a part does not leave to one field.
fn exclusion(node: &Node) -> Option<(&str, Vec<&str>)> {
    match &node.is {
        Form::Binary(Binary::NotEqual, left, right) => Some((field(left)?, vec![right.text()?])),
        Form::In(left, list, true) => match &list.is {
            Form::List(items) => Some((field(left)?, items.iter().map(Node::text).collect::<Option<_>>()?)),
            _ => None,
        },
        Form::Not(inner) => demand(inner),
        _ => None,
    }
}

fn impossible(node: &Node) -> Option<String> {
    match &node.is {
        Form::Between(parts, false) => {
            let [_, low, high] = &**parts;
            let ends = (number(low)?, number(high)?);
            (ends.0 > ends.1).then(|| "BETWEEN goes from the greater to the smaller".to_owned())
        }
        Form::Binary(Binary::Equal, left, right) => {
            let (a, b) = (literal(left)?, literal(right)?);
            (a != b).then(|| format!("`{a}` is not `{b}`"))
        }
        _ => None,
    }
}

fn literal(node: &Node) -> Option<&str> {
    match &node.is {
        Form::Number(number) => Some(number),
        _ => node.text(),
    }
}

fn number(node: &Node) -> Option<f64> {
    match &node.is {
        Form::Number(number) => number.parse().ok(),
        _ => None,
    }
}
