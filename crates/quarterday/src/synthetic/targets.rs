//! What has to come out: the published figures of the Review of 2014/15 as whole numbers, and the spans they are of.
//!
//! Percentages are printed without a base, so a base was chosen that gives the printed value at its precision. The
//! numbers stand here and nowhere else; the rows are drawn to them and never mended afterwards.

use jiff::civil::{Date, date};

/// Dates in London from the first to the last, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// The first day.
    pub first: Date,
    /// The last day.
    pub last: Date,
}

impl Span {
    const fn new(first: Date, last: Date) -> Self {
        Span { first, last }
    }

    /// Whether the day belongs to it.
    pub fn contains(&self, day: Date) -> bool {
        self.first <= day && day <= self.last
    }
}

/// The year of the police figures, Y.
pub const YEAR: Span = Span::new(date(2013, 10, 1), date(2014, 9, 30));
/// The year before it, Y-1.
pub const YEAR_BEFORE: Span = Span::new(date(2012, 10, 1), date(2013, 9, 30));
/// The half-year of the partners' outputs, H1.
pub const HALF: Span = Span::new(date(2014, 4, 1), date(2014, 9, 30));
/// The half-year before it, which is the first half of [`YEAR`].
pub const HALF_BEFORE: Span = Span::new(date(2013, 10, 1), date(2014, 3, 31));
/// The half-year after it; nothing of it was published.
pub const HALF_AFTER: Span = Span::new(date(2014, 10, 1), date(2015, 3, 31));

/// Recorded crimes of one span.
#[derive(Debug, Clone, Copy)]
pub struct Crimes {
    /// When they were recorded.
    pub span: Span,
    /// All of them.
    pub all: usize,
    /// Of these theft and handling stolen goods.
    pub thsg: usize,
    /// Of these shoplifting.
    pub shoplifting: usize,
    /// Of all violence against the person.
    pub vap: usize,
}

/// R01 -3 % and R02 "below 5000" (4998); R13 -12 %; R16 -11 %; R23 +15 %.
pub const CRIMES: Crimes = Crimes {
    span: YEAR,
    all: 4998,
    thsg: 1760,
    shoplifting: 445,
    vap: 1081,
};
/// The bases of R01, R13, R16 and R23.
pub const CRIMES_BEFORE: Crimes = Crimes {
    span: YEAR_BEFORE,
    all: 5150,
    thsg: 2000,
    shoplifting: 500,
    vap: 940,
};
/// Not published; the next plan has the numbers about level.
pub const CRIMES_AFTER: Crimes = Crimes {
    span: HALF_AFTER,
    all: 2440,
    thsg: 850,
    shoplifting: 216,
    vap: 560,
};

/// R50 "over 1300", and its part of R48.
pub const R50_ASB: usize = 1306;
/// The other part of R48 -9 %: together 2300.
pub const R48_ASB_HALF_BEFORE: usize = 994;
/// The base of R48.
pub const R48_ASB_BEFORE: usize = 2527;
/// Not published.
pub const ASB_AFTER: usize = 930;

/// What CCTV watched in one half-year.
#[derive(Debug, Clone, Copy)]
pub struct Cctv {
    /// The half-year.
    pub span: Span,
    /// Incidents of shoplifting, monitored.
    pub shoplifting: usize,
    /// Incidents of violence, monitored.
    pub violence: usize,
    /// Incidents raised over the Pubwatch radio, monitored.
    pub pubwatch: usize,
    /// Incidents that are in both of the two before.
    pub violence_by_pubwatch: usize,
    /// Arrests from what the operators saw themselves.
    pub operator_arrests: i64,
}

/// R06 175; R19 90; R20 91, overlapping R19; R05 210.
pub const CCTV: Cctv = Cctv {
    span: HALF,
    shoplifting: 175,
    violence: 90,
    pubwatch: 91,
    violence_by_pubwatch: 38,
    operator_arrests: 210,
};
/// Not published.
pub const CCTV_BEFORE: Cctv = Cctv {
    span: HALF_BEFORE,
    shoplifting: 161,
    violence: 84,
    pubwatch: 80,
    violence_by_pubwatch: 33,
    operator_arrests: 188,
};
/// Not published.
pub const CCTV_AFTER: Cctv = Cctv {
    span: HALF_AFTER,
    shoplifting: 168,
    violence: 88,
    pubwatch: 95,
    violence_by_pubwatch: 41,
    operator_arrests: 202,
};

/// R04: people excluded from shops after a conviction for shoplifting.
pub const R04_PEOPLE: usize = 50;
/// R17: new Pubwatch exclusions for violence.
pub const R17_EXCLUSIONS: usize = 43;
/// R18: warning letters.
pub const R18_WARNINGS: usize = 4;

/// R28: DAVSS cases dealt with.
pub const R28_DEALT_WITH: usize = 87;
/// R29: of these high risk.
pub const R29_HIGH: usize = 32;
/// The other 55 of R28 are these,
pub const DAVSS_MEDIUM: usize = 29;
/// these
pub const DAVSS_STANDARD: usize = 21;
/// and these.
pub const DAVSS_UNASSESSED: usize = R28_DEALT_WITH - R29_HIGH - DAVSS_MEDIUM - DAVSS_STANDARD;

/// R07: visits of wardens to victims of crime.
pub const R07_VISITS: usize = 43;
/// R08: shed alarms provided.
pub const R08_ALARMS: i64 = 47;
/// R09: people referred by wardens.
pub const R09_PEOPLE: usize = 43;
