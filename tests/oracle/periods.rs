//! The periods that are compared: those of the figures, quarters, a half, years, and a span that no view keeps. Their
//! days stand here by hand, so that the product's calendar is compared too.

use jiff::civil::date;

use super::model::calendar::Span;

#[derive(Debug, Clone, Copy)]
pub struct Named {
    pub id: &'static str,
    pub span: Span,
}

const fn named(id: &'static str, (y1, m1, d1): (i16, i8, i8), (y2, m2, d2): (i16, i8, i8)) -> Named {
    Named {
        id,
        span: Span {
            first: date(y1, m1, d1),
            last: date(y2, m2, d2),
        },
    }
}

/// The last two are dates that no view keeps, in the plans of the tests.
pub const PERIODS: &[Named] = &[
    named("2014-15/H1", (2014, 4, 1), (2014, 9, 30)),
    named("2013-10-01..2014-09-30", (2013, 10, 1), (2014, 9, 30)),
    named("2014-15/Q1", (2014, 4, 1), (2014, 6, 30)),
    named("2014-15/Q2", (2014, 7, 1), (2014, 9, 30)),
    named("2014-15/Q4", (2015, 1, 1), (2015, 3, 31)),
    named("2015-16/Q1", (2015, 4, 1), (2015, 6, 30)),
    named("2015-16/Q3", (2015, 10, 1), (2015, 12, 31)),
    named("2015-16/H2", (2015, 10, 1), (2016, 3, 31)),
    named("2014-15", (2014, 4, 1), (2015, 3, 31)),
    named("2015-16", (2015, 4, 1), (2016, 3, 31)),
    named("2013-01-01..2013-12-31", (2013, 1, 1), (2013, 12, 31)),
    named("2014-05-10..2014-08-20", (2014, 5, 10), (2014, 8, 20)),
];
