//! Young people: outreach, youth workers, projects, early help.
//!
//! R41 (about 250) is made of headcounts only; R42 (about 185) of names and headcounts; R43 of thirteen people.

use super::super::calendar::{OFFICE, STREETS};
use super::super::cohort::{Sort, heads};
use super::super::mixes::SMALL;
use super::super::quarters::quarter;
use super::{ANYBODY, Home, Return, Service, as_it_is, feed};

const YOUNG: Sort = Sort {
    sexes: &[("M", 58), ("F", 40), ("U", 2)],
    ages: &[("10-17", 82), ("18-19", 18)],
};

const CHILDREN: Sort = Sort {
    sexes: &[("M", 56), ("F", 44)],
    ages: &[("10-17", 100)],
};

static KENWARD: &[Service] = &[
    Service {
        code: "HOTSPOT_OUTREACH",
        provider: "KENWARD",
        sort: YOUNG,
        modes: &[("OUTREACH", 100)],
        home: Home::Anywhere,
        rhythm: &STREETS,
        contacts: (1, 3),
        beside: ("provider", "OTHER"),
        goes_on: as_it_is,
        heads: &[
            heads(quarter(2013, 4), 0, 0).tallies(&[35, 20]),
            heads(quarter(2014, 1), 0, 0).tallies(&[30, 35]),
            heads(quarter(2014, 2), 0, 0).tallies(&[40, 25]),
            heads(quarter(2014, 4), 12, 0).tallies(&[25]),
            heads(quarter(2015, 1), 14, 5).tallies(&[12, 20]).beside(2),
            heads(quarter(2015, 2), 18, 7).tallies(&[30]).beside(3),
            heads(quarter(2015, 3), 11, 6).beside(1),
            heads(quarter(2015, 4), 9, 4).tallies(&[15]),
        ],
    },
    Service {
        code: "HOTSPOT_OUTREACH",
        provider: "KENWARD",
        sort: Sort {
            ages: &[("25+", 70), ("20-24", 25), ("UNK", 5)],
            ..ANYBODY
        },
        modes: &[("OUTREACH", 100)],
        home: Home::Anywhere,
        rhythm: &STREETS,
        contacts: (1, 3),
        beside: ("service", "HOTSPOT_OUTREACH"),
        goes_on: as_it_is,
        heads: &[
            heads(quarter(2014, 1), 9, 0),
            heads(quarter(2014, 2), 8, 3),
            heads(quarter(2015, 1), 10, 0).shared(4),
            heads(quarter(2015, 2), 9, 4).shared(5),
            heads(quarter(2015, 3), 8, 5).shared(3),
            heads(quarter(2015, 4), 6, 4).shared(2),
        ],
    },
];

static EHPS: &[Service] = &[
    Service {
        code: "KCC_YOUTH_OUTREACH",
        provider: "KCC_EHPS",
        sort: YOUNG,
        modes: &[("OUTREACH", 80), ("GROUP", 20)],
        home: Home::Anywhere,
        rhythm: &STREETS,
        contacts: (1, 3),
        beside: ("age_band", "20-24"),
        goes_on: as_it_is,
        heads: &[
            heads(quarter(2013, 4), 0, 0).tallies(&[50]),
            heads(quarter(2014, 1), 0, 0).tallies(&[40, 20]).beside(3),
            heads(quarter(2014, 2), 0, 0).tallies(&[35, 25]).beside(2),
            heads(quarter(2015, 1), 20, 0).beside(2),
            heads(quarter(2015, 2), 24, 8).tallies(&[30]),
            heads(quarter(2015, 3), 15, 12).beside(3),
            heads(quarter(2015, 4), 13, 9).beside(1),
        ],
    },
    Service {
        code: "COMM_PROJECT",
        provider: "KCC_EHPS",
        sort: YOUNG,
        modes: &[("GROUP", 100)],
        home: Home::Anywhere,
        rhythm: &OFFICE,
        contacts: (1, 2),
        beside: ("age_band", "U10"),
        goes_on: as_it_is,
        heads: &[
            heads(quarter(2014, 1), 22, 0).tallies(&[60]).beside(3),
            heads(quarter(2014, 2), 18, 6).tallies(&[50, 35]).beside(2),
            heads(quarter(2015, 1), 25, 0).tallies(&[40]).beside(2),
            heads(quarter(2015, 2), 30, 10).unnamed(1).beside(4),
            heads(quarter(2015, 3), 21, 14),
            heads(quarter(2015, 4), 19, 8).beside(2),
        ],
    },
    Service {
        code: "EHPS",
        provider: "KCC_EHPS",
        sort: CHILDREN,
        modes: &[("ONE_TO_ONE", 70), ("GROUP", 30)],
        home: Home::Anywhere,
        rhythm: &OFFICE,
        contacts: (1, 4),
        beside: ("service", "COMM_PROJECT"),
        goes_on: as_it_is,
        heads: &[
            heads(quarter(2014, 1), 16, 0),
            heads(quarter(2014, 2), 9, 8),
            heads(quarter(2015, 1), 14, 0),
            heads(quarter(2015, 2), 8, 9),
            heads(quarter(2015, 3), 11, 10),
            heads(quarter(2015, 4), 9, 12),
        ],
    },
    Service {
        code: "YISP",
        provider: "KCC_EHPS",
        sort: CHILDREN,
        modes: &[("ONE_TO_ONE", 60), ("GROUP", 40)],
        home: Home::Anywhere,
        rhythm: &OFFICE,
        contacts: (1, 4),
        beside: ("service", "EHPS"),
        goes_on: as_it_is,
        heads: &[
            heads(quarter(2013, 4), 6, 0),
            heads(quarter(2014, 1), 5, 3),
            heads(quarter(2014, 2), 5, 4),
            heads(quarter(2015, 1), 6, 0),
            heads(quarter(2015, 2), 3, 4),
            heads(quarter(2015, 3), 4, 3),
            heads(quarter(2015, 4), 5, 2),
        ],
    },
];

pub(super) static RETURNS: &[Return] = &[
    Return {
        feed: feed("kenward-contacts", "KENWARD", 11, SMALL),
        prefix: "KW",
        services: KENWARD,
    },
    Return {
        feed: feed("ehps-contacts", "KCC_EHPS", 9, SMALL),
        prefix: "EH",
        services: EHPS,
    },
    // The first quarter of 2015-16 was returned again as a whole.
    Return {
        feed: feed("kca-contacts", "KCA", 7, SMALL),
        prefix: "KCA-",
        services: &[Service {
            code: "KCA_YP",
            provider: "KCA",
            sort: CHILDREN,
            modes: &[("ONE_TO_ONE", 55), ("EARLY_INTERVENTION", 45)],
            home: Home::Anywhere,
            rhythm: &OFFICE,
            contacts: (1, 4),
            beside: ("mode", "GROUP"),
            goes_on: as_it_is,
            heads: &[
                heads(quarter(2014, 4), 12, 0).beside(4),
                heads(quarter(2015, 1), 13, 6).beside(5),
                heads(quarter(2015, 2), 7, 10).beside(2),
                heads(quarter(2015, 3), 15, 5).beside(6),
                heads(quarter(2015, 4), 9, 11).beside(3),
            ],
        }],
    },
];
