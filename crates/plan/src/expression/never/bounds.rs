//! The numbers or days that comparisons leave to a field, and whether any are left.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use crate::expression::{Binary, Form, Node};

/// A number, or a text such as a day: days in digits follow each other as texts do.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
enum Value<'n> {
    Number(f64),
    Text(&'n str),
}

/// Where the values of a field begin or end, and whether that one is among them.
#[derive(Debug, Clone, Copy)]
struct End<'n> {
    value: Value<'n>,
    is_included: bool,
}

#[derive(Debug, Default)]
struct Bounds<'n> {
    low: Option<End<'n>>,
    high: Option<End<'n>>,
}

/// A field to which the parts leave no value, if there is one.
pub(super) fn without_value<'n>(parts: &[&'n Node]) -> Option<&'n str> {
    let mut of_fields: BTreeMap<&str, Bounds<'_>> = BTreeMap::new();
    for (field, op, value) in parts.iter().flat_map(|part| comparisons(part)) {
        let bounds = of_fields.entry(field).or_default();
        bounds.narrow(op, value);
        if bounds.is_empty() {
            return Some(field);
        }
    }
    None
}

fn comparisons(part: &Node) -> Vec<(&str, Binary, Value<'_>)> {
    match &part.is {
        Form::Binary(op, left, right) => {
            match (super::field(left), value(right), value(left), super::field(right)) {
                (Some(field), Some(value), ..) => vec![(field, *op, value)],
                (.., Some(value), Some(field)) => vec![(field, turned(*op), value)],
                _ => Vec::new(),
            }
        }
        Form::Between(of, false) => {
            let [inner, low, high] = &**of;
            let each = [(Binary::AtLeast, low), (Binary::AtMost, high)];
            let each = each.into_iter();
            each.filter_map(|(op, end)| Some((super::field(inner)?, op, value(end)?)))
                .collect()
        }
        _ => Vec::new(),
    }
}

fn value(node: &Node) -> Option<Value<'_>> {
    super::number(node)
        .map(Value::Number)
        .or_else(|| node.text().map(Value::Text))
}

/// The comparison with its sides changed.
fn turned(op: Binary) -> Binary {
    match op {
        Binary::Less => Binary::Greater,
        Binary::AtMost => Binary::AtLeast,
        Binary::Greater => Binary::Less,
        Binary::AtLeast => Binary::AtMost,
        other => other,
    }
}

impl<'n> Bounds<'n> {
    fn narrow(&mut self, op: Binary, value: Value<'n>) {
        let end = |is_included| End { value, is_included };
        match op {
            Binary::Less => tighten(&mut self.high, end(false), Ordering::Less),
            Binary::AtMost => tighten(&mut self.high, end(true), Ordering::Less),
            Binary::Greater => tighten(&mut self.low, end(false), Ordering::Greater),
            Binary::AtLeast => tighten(&mut self.low, end(true), Ordering::Greater),
            Binary::Equal => {
                tighten(&mut self.high, end(true), Ordering::Less);
                tighten(&mut self.low, end(true), Ordering::Greater);
            }
            _ => {}
        }
    }

    fn is_empty(&self) -> bool {
        let (Some(low), Some(high)) = (self.low, self.high) else {
            return false;
        };
        match low.value.partial_cmp(&high.value) {
            Some(Ordering::Greater) => true,
            Some(Ordering::Equal) => !(low.is_included && high.is_included),
            _ => false,
        }
    }
}

fn tighten<'n>(known: &mut Option<End<'n>>, new: End<'n>, tighter: Ordering) {
    let is_tighter = known.is_none_or(|known| match new.value.partial_cmp(&known.value) {
        Some(Ordering::Equal) => !new.is_included,
        Some(order) => order == tighter,
        None => false,
    });
    if is_tighter {
        *known = Some(new);
    }
}
