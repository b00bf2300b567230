//! Who is referred, by whom and where to, quarter by quarter.

use super::super::cohort::{Shares, Sort, heads};
use super::super::mixes::{SMALL, TINY};
use super::super::quarters::quarter;
use super::{Return, Route, feed};

const YOUNG: Sort = Sort {
    sexes: &[("M", 60), ("F", 40)],
    ages: &[("10-17", 90), ("18-19", 10)],
};
const ADULTS: Sort = Sort {
    sexes: &[("M", 52), ("F", 46), ("U", 2)],
    ages: &[("25+", 64), ("20-24", 20), ("18-19", 16)],
};
const MEN: Sort = Sort {
    sexes: &[("M", 100)],
    ages: &[("25+", 80), ("20-24", 20)],
};

const BY_GROUP: Shares = &[("KPOL", 50), ("CSU", 20), ("TCHG", 20), ("TWBC_HOUSING", 10)];

static CSU: &[Route] = &[
    // R39: 11 repeat offenders; those referred for the first time are beside them.
    Route {
        to: "ASB_GROUP",
        from: BY_GROUP,
        kind: "PERSON",
        repeat: true,
        sort: ADULTS,
        beside: ("to_service", "SIGNPOST"),
        heads: &[
            heads(quarter(2013, 4), 5, 0),
            heads(quarter(2014, 1), 6, 2).beside(1),
            heads(quarter(2014, 2), 3, 4).beside(1),
            heads(quarter(2014, 3), 6, 2),
            heads(quarter(2014, 4), 4, 3),
            heads(quarter(2015, 1), 5, 2),
            heads(quarter(2015, 2), 6, 3).beside(2),
            heads(quarter(2015, 3), 3, 4),
            heads(quarter(2015, 4), 5, 1),
        ],
    },
    Route {
        to: "ASB_GROUP",
        from: BY_GROUP,
        kind: "PERSON",
        repeat: false,
        sort: ADULTS,
        beside: ("to_service", "SIGNPOST"),
        heads: &[
            heads(quarter(2014, 1), 7, 0),
            heads(quarter(2014, 2), 9, 0),
            heads(quarter(2015, 1), 8, 0),
            heads(quarter(2015, 2), 6, 1).unnamed(1),
            heads(quarter(2015, 3), 10, 1),
            heads(quarter(2015, 4), 7, 2),
        ],
    },
    Route {
        to: "EP",
        from: &[("CSU", 100)],
        kind: "COMPLAINT",
        repeat: false,
        sort: ADULTS,
        beside: ("from_agency", "KPOL"),
        heads: &[
            heads(quarter(2014, 4), 9, 0),
            heads(quarter(2015, 1), 11, 1).beside(2),
            heads(quarter(2015, 2), 14, 2).tallies(&[3]).beside(1),
            heads(quarter(2015, 3), 8, 1),
            heads(quarter(2015, 4), 10, 2).beside(2),
        ],
    },
];

static EHPS: &[Route] = &[
    Route {
        to: "EHPS",
        from: &[("SCHOOL", 45), ("SOCIAL_CARE", 25), ("KPOL", 20), ("CSU", 10)],
        kind: "PERSON",
        repeat: false,
        sort: YOUNG,
        beside: ("to_service", "SIGNPOST"),
        heads: &[
            heads(quarter(2014, 4), 14, 0),
            heads(quarter(2015, 1), 15, 2).beside(1),
            heads(quarter(2015, 2), 11, 1),
            heads(quarter(2015, 3), 18, 3).beside(2),
            heads(quarter(2015, 4), 16, 2),
        ],
    },
    Route {
        to: "YISP",
        from: &[("KPOL", 70), ("SCHOOL", 30)],
        kind: "PERSON",
        repeat: false,
        sort: YOUNG,
        beside: ("to_service", "SIGNPOST"),
        heads: &[
            heads(quarter(2014, 4), 4, 0),
            heads(quarter(2015, 1), 5, 0),
            heads(quarter(2015, 2), 3, 1),
            heads(quarter(2015, 3), 6, 0),
            heads(quarter(2015, 4), 4, 2),
        ],
    },
];

pub(super) static RETURNS: [Return; 5] = [
    Return {
        feed: feed("csu-referrals", "CSU", 10, SMALL),
        prefix: "CSU/",
        routes: CSU,
    },
    Return {
        feed: feed("ehps-referrals", "KCC_EHPS", 9, SMALL),
        prefix: "EHR",
        routes: EHPS,
    },
    Return {
        feed: feed("kca-referrals", "KCA", 7, TINY),
        prefix: "KY-",
        routes: &[Route {
            to: "KYDIS",
            from: &[("KPOL", 100)],
            kind: "PERSON",
            repeat: false,
            sort: YOUNG,
            beside: ("from_agency", "SCHOOL"),
            heads: &[
                heads(quarter(2014, 4), 6, 0).beside(3),
                heads(quarter(2015, 1), 7, 1).beside(4),
                heads(quarter(2015, 2), 5, 0).beside(2),
                heads(quarter(2015, 3), 9, 1).beside(3),
                heads(quarter(2015, 4), 6, 2).beside(5),
            ],
        }],
    },
    // What the CSU sends is received here: P4.10 is of what it sent.
    Return {
        feed: feed("ep-referrals", "TWBC_EP", 12, TINY),
        prefix: "EP",
        routes: &[Route {
            to: "EP",
            from: &[("CSU", 100)],
            kind: "COMPLAINT",
            repeat: false,
            sort: ADULTS,
            beside: ("from_agency", "TCHG"),
            heads: &[
                heads(quarter(2015, 1), 8, 1).beside(3),
                heads(quarter(2015, 2), 12, 1).beside(2),
                heads(quarter(2015, 3), 7, 1).beside(4),
                heads(quarter(2015, 4), 9, 1),
            ],
        }],
    },
    // R30: "at least four" men.
    Return {
        feed: feed("cdap-referrals", "CDAP", 12, TINY),
        prefix: "IN-",
        routes: &[Route {
            to: "CDAP",
            from: &[("PROBATION", 40), ("SELF", 30), ("SOCIAL_CARE", 20), ("KPOL", 10)],
            kind: "PERSON",
            repeat: false,
            sort: MEN,
            beside: ("sex", "U"),
            heads: &[
                heads(quarter(2014, 1), 3, 0).beside(1),
                heads(quarter(2014, 2), 3, 1),
                heads(quarter(2014, 3), 5, 0),
                heads(quarter(2014, 4), 4, 1),
                heads(quarter(2015, 1), 4, 0),
                heads(quarter(2015, 2), 6, 1).beside(1),
                heads(quarter(2015, 3), 5, 0),
                heads(quarter(2015, 4), 4, 1),
            ],
        }],
    },
];
