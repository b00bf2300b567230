//! Services around domestic abuse, sexual violence and hate crime.

use jiff::civil::Date;

use super::super::calendar::{ANY_TIME, OFFICE};
use super::super::cohort::{Sort, heads};
use super::super::mixes::{OWN_DISTRICT, SMALL};
use super::super::places::NEIGHBOURS;
use super::super::quarters::quarter;
use super::super::troubles::{Mix, Trouble};
use super::{ANYBODY, Draft, Home, Random, Return, Service, as_it_is, feed};

const MEN: Sort = Sort {
    sexes: &[("M", 100)],
    ages: &[("25+", 80), ("20-24", 20)],
};

const MOSTLY_WOMEN: Sort = Sort {
    sexes: &[("F", 91), ("M", 9)],
    ages: &[("25+", 60), ("20-24", 20), ("18-19", 10), ("10-17", 10)],
};

/// Two calls in all leave no room for more.
const TWO_CALLS: Mix = &[
    (Trouble::SentTwice, 1),
    (Trouble::Withdrawn, 1),
    (Trouble::Elsewhere, 2),
];

pub(super) static RETURNS: &[Return] = &[
    Return {
        feed: feed("cdap-contacts", "CDAP", 12, SMALL),
        prefix: "CDAP/",
        services: &[Service {
            code: "CDAP",
            provider: "CDAP",
            sort: MEN,
            modes: &[("GROUP", 75), ("ONE_TO_ONE", 25)],
            home: Home::Anywhere,
            rhythm: &OFFICE,
            contacts: (2, 5),
            beside: ("mode", "ASSESSMENT"),
            goes_on: as_it_is,
            heads: &[
                heads(quarter(2014, 3), 9, 0).beside(3),
                heads(quarter(2014, 4), 4, 6).beside(2),
                heads(quarter(2015, 1), 5, 6).beside(3),
                heads(quarter(2015, 2), 4, 5).beside(3),
                heads(quarter(2015, 3), 6, 7).beside(4),
                heads(quarter(2015, 4), 3, 9).beside(2),
            ],
        }],
    },
    // The third quarter of 2015-16 has rows and a notice that there are none.
    Return {
        feed: feed("isva-contacts", "FAMILY_MATTERS", 10, SMALL),
        prefix: "FM-",
        services: &[Service {
            code: "ISVA",
            provider: "FAMILY_MATTERS",
            sort: MOSTLY_WOMEN,
            modes: &[("ONE_TO_ONE", 60), ("TELEPHONE", 40)],
            home: Home::Anywhere,
            rhythm: &OFFICE,
            contacts: (1, 4),
            beside: ("service", "ISVA"),
            goes_on: as_it_is,
            heads: &[
                heads(quarter(2014, 4), 15, 0),
                heads(quarter(2015, 1), 9, 8),
                heads(quarter(2015, 2), 8, 11),
                heads(quarter(2015, 3), 7, 9),
                heads(quarter(2015, 4), 11, 10),
            ],
        }],
    },
    // Nothing came for the third quarter of 2015-16.
    Return {
        feed: feed("one-stop-shop-contacts", "WK_REFUGE", 14, SMALL),
        prefix: "OSS-",
        services: &[Service {
            code: "OSS",
            provider: "WK_REFUGE",
            sort: MOSTLY_WOMEN,
            modes: &[("DROP_IN", 100)],
            home: Home::Anywhere,
            rhythm: &OFFICE,
            contacts: (1, 2),
            beside: ("service", "OSS"),
            goes_on: as_it_is,
            heads: &[
                heads(quarter(2014, 4), 30, 0).tallies(&[5]),
                heads(quarter(2015, 1), 26, 9).tallies(&[6]),
                heads(quarter(2015, 2), 28, 7).tallies(&[4, 5]),
                heads(quarter(2015, 4), 33, 0).tallies(&[7]),
            ],
        }],
    },
    Return {
        feed: feed("davss-helpline-calls", "DAVSS", 8, OWN_DISTRICT),
        prefix: "HL",
        services: &[
            // R27: 213 calls in all districts, nine of them from a list of one evening.
            Service {
                code: "DAVSS_HELPLINE",
                provider: "DAVSS",
                sort: MOSTLY_WOMEN,
                modes: &[("TELEPHONE", 100)],
                home: Home::Unknown,
                rhythm: &ANY_TIME,
                contacts: (1, 1),
                beside: ("mode", "DROP_IN"),
                goes_on: elsewhere,
                heads: &[
                    heads(quarter(2013, 4), 70, 0).beside(2),
                    heads(quarter(2014, 1), 88, 10).beside(3),
                    heads(quarter(2014, 2), 90, 16).beside(4).tallies(&[9]),
                    heads(quarter(2014, 3), 80, 20).beside(2),
                ],
            },
        ],
    },
    Return {
        feed: feed("hate-line-calls", "HATE_LINE", 15, TWO_CALLS),
        prefix: "HC-",
        services: &[
            // R22: 2 calls.
            Service {
                code: "HATE_LINE",
                provider: "HATE_LINE",
                sort: ANYBODY,
                modes: &[("TELEPHONE", 100)],
                home: Home::Anywhere,
                rhythm: &ANY_TIME,
                contacts: (1, 1),
                beside: ("mode", "DROP_IN"),
                goes_on: as_it_is,
                heads: &[
                    heads(quarter(2014, 1), 1, 0),
                    heads(quarter(2014, 2), 1, 0).beside(1),
                    heads(quarter(2014, 4), 1, 0),
                ],
            },
        ],
    },
];

/// Three of ten calls come from another district, and of one in eight nobody knows from where.
fn elsewhere(random: &mut Random, mut draft: Draft, _: Date) -> Draft {
    let district = match random.below(40) {
        0..12 => Some(random.pick(&NEIGHBOURS)),
        12..17 => None,
        _ => return draft,
    };
    draft
        .stages
        .iter_mut()
        .for_each(|stage| stage.district = district);
    draft
}
