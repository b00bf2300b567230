//! The quarters that returns are made for: April to June is the first.

use jiff::civil::date;

use super::targets::Span;

/// A quarter of the financial year that begins in that April.
pub(super) const fn quarter(april: i16, number: u8) -> Span {
    let next = april + 1;
    match number {
        1 => Span::new(date(april, 4, 1), date(april, 6, 30)),
        2 => Span::new(date(april, 7, 1), date(april, 9, 30)),
        3 => Span::new(date(april, 10, 1), date(april, 12, 31)),
        _ => Span::new(date(next, 1, 1), date(next, 3, 31)),
    }
}

/// The quarters of 2014-15 and of 2015-16, in order.
pub(super) const QUARTERS: [Span; 8] = [
    quarter(2014, 1),
    quarter(2014, 2),
    quarter(2014, 3),
    quarter(2014, 4),
    quarter(2015, 1),
    quarter(2015, 2),
    quarter(2015, 3),
    quarter(2015, 4),
];

/// The quarters of the plan's year.
pub(super) const PLAN: [Span; 4] = [
    quarter(2015, 1),
    quarter(2015, 2),
    quarter(2015, 3),
    quarter(2015, 4),
];
