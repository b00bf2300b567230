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
    pub(super) const fn new(first: Date, last: Date) -> Self {
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
/// The first half of the plan's year.
pub const PLAN_FIRST: Span = Span::new(date(2015, 4, 1), date(2015, 9, 30));
/// Its second half.
pub const PLAN_SECOND: Span = Span::new(date(2015, 10, 1), date(2016, 3, 31));
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

/// The first half of the plan's year; with [`CRIMES_AFTER`] the 5040 of the next plan.
pub const CRIMES_PLAN_FIRST: Crimes = Crimes {
    span: PLAN_FIRST,
    all: 2600,
    thsg: 880,
    shoplifting: 230,
    vap: 640,
};
/// Not published, and fewer than there will have been: the demo need not carry them all.
pub const CRIMES_PLAN_SECOND: Crimes = Crimes {
    span: PLAN_SECOND,
    all: 1680,
    thsg: 560,
    shoplifting: 145,
    vap: 465,
};

/// R50 "over 1300", and its part of R48.
pub const R50_ASB: usize = 1306;
/// The other part of R48 -9 %: together 2300.
pub const R48_ASB_HALF_BEFORE: usize = 994;
/// R48 now.
pub const ASB_YEAR: usize = R50_ASB + R48_ASB_HALF_BEFORE;
/// The base of R48.
pub const R48_ASB_BEFORE: usize = 2527;
/// Not published.
pub const ASB_AFTER: usize = 930;
/// Of the plan's year, by quarter; of these linked to gangs.
pub const ASB_PLAN: [(usize, usize); 4] = [(610, 14), (690, 9), (480, 17), (455, 6)];

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

/// Of the plan's year.
pub const CCTV_PLAN_FIRST: Cctv = Cctv {
    span: PLAN_FIRST,
    shoplifting: 172,
    violence: 93,
    pubwatch: 101,
    violence_by_pubwatch: 44,
    operator_arrests: 205,
};
/// Of the plan's year.
pub const CCTV_PLAN_SECOND: Cctv = Cctv {
    span: PLAN_SECOND,
    shoplifting: 166,
    violence: 97,
    pubwatch: 98,
    violence_by_pubwatch: 46,
    operator_arrests: 198,
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

/// R21: directions under section 27, in the zone and seen on CCTV.
pub const R21_DIRECTIONS: usize = 25;
/// R44: families of Families First on the books.
pub const R44_FAMILIES: usize = 112;
/// R45: families in Sherwood, in the second quarter only.
pub const R45_FAMILIES: usize = 16;

/// People hurt on the roads in one span.
#[derive(Debug, Clone, Copy)]
pub struct Casualties {
    /// When.
    pub span: Span,
    /// All of them.
    pub all: usize,
    /// Of these killed or seriously hurt.
    pub ksi: usize,
    /// Of all up to 15 years old.
    pub children: usize,
    /// Who are in both of the two before.
    pub children_ksi: usize,
}

/// R53 +14 % and R54 441; R57; R59.
pub const CASUALTIES_13: Casualties = Casualties {
    span: Span::new(date(2013, 1, 1), date(2013, 12, 31)),
    all: 441,
    ksi: 58,
    children: 37,
    children_ksi: 5,
};
/// The base of R53; R56; R58.
pub const CASUALTIES_12: Casualties = Casualties {
    span: Span::new(date(2012, 1, 1), date(2012, 12, 31)),
    all: 387,
    ksi: 39,
    children: 29,
    children_ksi: 4,
};

/// R32 +10 %: incidents of domestic abuse in the year,
pub const DA_INCIDENTS: usize = 1551;
/// and in the year before it.
pub const DA_INCIDENTS_BEFORE: usize = 1410;
/// R36 31.7 %: the victims of [`DA_INCIDENTS`].
pub const DA_VICTIMS: usize = 975;
/// R35: of these who were victims before, within twelve months.
pub const DA_REPEAT_VICTIMS: usize = 309;

/// R10: talks on doorstep crime.
pub const R10_TALKS: usize = 37;
/// R31: sessions of the SAFE project.
pub const R31_SESSIONS: i64 = 44;
/// R51: talks on the Green Cross Code.
pub const R51_TALKS: usize = 5;
/// R52: pedestrian and cycle programmes.
pub const R52_PROGRAMMES: usize = 2;
/// R46: noise-monitoring equipment installed, in the second quarter only.
pub const R46_INSTALLED: usize = 12;
