//! Reads how a figure is checked against its print.

use super::super::{Check, CheckOp};
use crate::reader::Section;

pub(super) fn read_check_of(section: &mut Section<'_>) -> Check {
    if !section.has("check") {
        section.missing("check");
    }
    let unread = Check {
        op: CheckOp::None,
        value: 0.0,
        decimals: 0,
    };
    section.table("check", "`check`", read_check).unwrap_or(unread)
}

fn read_check(section: &mut Section<'_>) -> Check {
    let ops = [
        ("equal", CheckOp::Equal),
        ("less", CheckOp::Less),
        ("greater", CheckOp::Greater),
        ("at_least", CheckOp::AtLeast),
        ("about", CheckOp::About),
        ("none", CheckOp::None),
    ];
    let op = section.choice("op", &ops);
    let value = section.number("value");
    match (op, section.has("value")) {
        (Some(CheckOp::None), true) => section.problem("value", "a check `none` takes no `value`"),
        (Some(CheckOp::None), false) | (None, _) | (_, true) => {}
        (Some(_), false) => section.missing("value"),
    }
    Check {
        op: op.unwrap_or(CheckOp::None),
        value: value.unwrap_or_default(),
        decimals: section.integer_within("decimals", (0, 6), 0),
    }
}
