//! When a computed value agrees with a printed figure.

use std::fmt;

use crate::rounding::round_half_away;

/// The share of the print by which an approximate figure may differ.
const ABOUT: f64 = 0.05;

/// The comparison of a computed value with the print.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Check {
    /// How they are compared.
    pub op: CheckOp,
    /// The printed value; 0 for [`CheckOp::None`].
    pub value: f64,
    /// Decimals of the print, at which equality is judged.
    pub decimals: u8,
}

/// A way of comparing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CheckOp {
    /// The computed value, rounded to the printed decimals, is the print.
    Equal,
    /// It is below the print.
    Less,
    /// It is above the print.
    Greater,
    /// It is the print or above.
    AtLeast,
    /// It is within 5 % of the print. The caller sees to it that the value is marked approximate.
    About,
    /// The figure cannot be derived from records: never right and never wrong.
    None,
}

impl Check {
    /// Whether the computed value agrees. A figure that cannot be derived gives `None`; one that can be, but for
    /// which nothing was computed, does not agree.
    pub fn passes(&self, computed: Option<f64>) -> Option<bool> {
        if self.op == CheckOp::None {
            return None;
        }
        Some(computed.is_some_and(|computed| self.agrees(computed)))
    }

    fn agrees(&self, computed: f64) -> bool {
        match self.op {
            CheckOp::Equal => {
                round_half_away(computed, self.decimals) == round_half_away(self.value, self.decimals)
            }
            CheckOp::Less => computed < self.value,
            CheckOp::Greater => computed > self.value,
            CheckOp::AtLeast => computed >= self.value,
            CheckOp::About => (computed - self.value).abs() <= ABOUT * self.value.abs(),
            CheckOp::None => false,
        }
    }
}

impl fmt::Display for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (value, decimals) = (self.value, usize::from(self.decimals));
        let sign = match self.op {
            CheckOp::Equal => "=",
            CheckOp::Less => "<",
            CheckOp::Greater => ">",
            CheckOp::AtLeast => ">=",
            CheckOp::About => "~",
            CheckOp::None => return f.write_str("not derivable"),
        };
        write!(f, "{sign} {value:.decimals$}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(op: CheckOp, value: f64, decimals: u8) -> Check {
        Check { op, value, decimals }
    }

    #[test]
    fn equality_is_at_the_printed_decimals() {
        let change = check(CheckOp::Equal, -3.0, 0);
        assert_eq!(
            change.passes(Some(100.0 * (4998.0 - 5150.0) / 5150.0)),
            Some(true)
        );
        assert_eq!(change.passes(Some(-2.5)), Some(true));
        assert_eq!(change.passes(Some(-3.5)), Some(false));
        let rate = check(CheckOp::Equal, 31.7, 1);
        assert_eq!(rate.passes(Some(30_900.0 / 975.0)), Some(true));
        assert_eq!(rate.passes(Some(30_900.0 / 977.0)), Some(false));
    }

    #[test]
    fn bounds_are_as_printed() {
        assert_eq!(check(CheckOp::Less, 5000.0, 0).passes(Some(4998.0)), Some(true));
        assert_eq!(check(CheckOp::Less, 5000.0, 0).passes(Some(5000.0)), Some(false));
        assert_eq!(
            check(CheckOp::Greater, 1300.0, 0).passes(Some(1306.0)),
            Some(true)
        );
        assert_eq!(
            check(CheckOp::Greater, 1300.0, 0).passes(Some(1300.0)),
            Some(false)
        );
        assert_eq!(check(CheckOp::AtLeast, 4.0, 0).passes(Some(4.0)), Some(true));
        assert_eq!(check(CheckOp::AtLeast, 4.0, 0).passes(Some(3.0)), Some(false));
    }

    #[test]
    fn about_is_within_five_per_cent() {
        let about = check(CheckOp::About, 250.0, 0);
        assert_eq!(about.passes(Some(237.5)), Some(true));
        assert_eq!(about.passes(Some(262.5)), Some(true));
        assert_eq!(about.passes(Some(263.0)), Some(false));
    }

    #[test]
    fn nothing_computed_is_wrong_unless_nothing_can_be() {
        assert_eq!(check(CheckOp::Equal, 43.0, 0).passes(None), Some(false));
        assert_eq!(check(CheckOp::None, 0.0, 0).passes(None), None);
        assert_eq!(check(CheckOp::None, 0.0, 0).passes(Some(100.0)), None);
        assert_eq!(check(CheckOp::Less, 43.0, 0).passes(Some(f64::NAN)), Some(false));
    }

    #[test]
    fn a_check_prints_as_a_reader_writes_it() {
        assert_eq!(check(CheckOp::Equal, -3.0, 0).to_string(), "= -3");
        assert_eq!(check(CheckOp::Equal, 31.7, 1).to_string(), "= 31.7");
        assert_eq!(check(CheckOp::AtLeast, 4.0, 0).to_string(), ">= 4");
        assert_eq!(check(CheckOp::None, 0.0, 0).to_string(), "not derivable");
    }
}
