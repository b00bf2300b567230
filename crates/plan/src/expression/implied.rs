//! Whether what passes one filter passes another one, as far as their texts say.
//!
//! Contract: `true` is certain. `false` may only mean that it cannot be seen.

use super::never::{conjuncts, demand};
use super::{Binary, Form, Node};

/// Whether all that passes `given` passes `wanted`.
pub(super) fn implies(given: &Node, wanted: &Node) -> bool {
    let mut parts = Vec::new();
    conjuncts(given, &mut parts);
    follows(&parts, wanted)
}

fn follows(given: &[&Node], wanted: &Node) -> bool {
    let is_met = match &wanted.is {
        Form::Binary(Binary::And, left, right) => {
            return follows(given, left) && follows(given, right);
        }
        Form::Binary(Binary::Or, left, right) => follows(given, left) || follows(given, right),
        _ => false,
    };
    is_met || given.iter().any(|part| is_enough(part, wanted))
}

/// Whether one part alone is as strict.
fn is_enough(part: &Node, wanted: &Node) -> bool {
    if is_same(part, wanted) {
        return true;
    }
    match (&part.is, demand(part), demand(wanted)) {
        (Form::Binary(Binary::Or, left, right), ..) => implies(left, wanted) && implies(right, wanted),
        (_, Some((field, codes)), Some((other, more))) => {
            field == other && codes.iter().all(|code| more.contains(code))
        }
        _ => false,
    }
}

/// Whether two parts say the same, wherever they stand in their texts.
fn is_same(one: &Node, other: &Node) -> bool {
    let sql = |node: &Node| super::sql::render(node, &|field: &str| field.to_owned());
    sql(one) == sql(other)
}

#[cfg(test)]
mod tests {
    use crate::expression::Expression;

    fn check(given: &str, wanted: &str) -> bool {
        let [given, wanted] = [given, wanted].map(|text| Expression::parse(text).unwrap());
        given.implies(&wanted)
    }

    #[test]
    fn more_conditions_are_stricter() {
        assert!(check(
            "a = 'X' AND b IS NOT NULL AND c = 'Y'",
            "b IS NOT NULL AND a  =  'X'"
        ));
        assert!(!check("a = 'X'", "a = 'X' AND b IS NOT NULL"));
    }

    #[test]
    fn fewer_codes_are_stricter() {
        assert!(check("a = 'X'", "a IN ('X', 'Y')"));
        assert!(check("a IN ('Y', 'X')", "a IN ('X', 'Y')"));
        assert!(!check("a IN ('X', 'Y')", "a = 'X'"));
        assert!(!check("a = 'X'", "b IN ('X', 'Y')"));
    }

    #[test]
    fn one_of_two_is_stricter_than_either() {
        let both = "((a = 'X' AND b = 'Y') OR a = 'Z') AND c IN ('1', '2')";
        assert!(check("a = 'X' AND b = 'Y' AND c IN ('1', '2')", both));
        assert!(check("a = 'Z' AND c = '1'", both));
        assert!(!check("a = 'X' AND c = '1'", both));
        assert!(check(both, "a IN ('X', 'Z')"));
    }
}
