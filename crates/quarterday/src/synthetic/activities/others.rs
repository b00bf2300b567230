//! Courses, trainings and events that are not about roads.

use jiff::civil::date;

use super::super::mixes::OWN_DISTRICT;
use super::super::quarters::quarter;
use super::super::targets::{R31_SESSIONS, Span};
use super::super::troubles::{Mix, Trouble};
use super::{Dates, Return, feed, kind, run};

/// A handful of rows.
const HANDFUL: Mix = &[
    (Trouble::Mended, 1),
    (Trouble::SentTwice, 1),
    (Trouble::Withdrawn, 1),
    (Trouble::Elsewhere, 1),
];

/// A course that begins then ends in June: nothing of it is of the summer.
const APRIL: Span = Span::new(date(2015, 4, 1), date(2015, 4, 8));

/// The weeks of Safety in Action, in June.
const WEEK_14: Span = Span::new(date(2014, 6, 16), date(2014, 6, 20));
const WEEK_15: Span = Span::new(date(2015, 6, 15), date(2015, 6, 19));

pub(super) static RETURNS: &[Return] = &[
    // No programme began in the summer of 2015: a notice says so.
    Return {
        feed: feed("davss-activities", "DAVSS", HANDFUL),
        prefix: "FP",
        kinds: &[kind(
            "FREEDOM_PROGRAMME",
            "COMMUNITY",
            &["DAVSS"],
            &[
                run(quarter(2014, 3), 1).sessions(12),
                run(quarter(2014, 4), 1).sessions(12),
                run(APRIL, 1).sessions(12),
                run(quarter(2015, 3), 2).sessions(23).cancelled(1),
                run(quarter(2015, 4), 1).sessions(11),
            ],
        )
        .dates(Dates::Held(80))
        .people([0, 14, 2])],
    },
    Return {
        feed: feed("police-activities", "KPOL", HANDFUL),
        prefix: "LT",
        kinds: &[
            kind(
                "LICENSING_TRAINING",
                "PROFESSIONALS",
                &["KPOL", "STP"],
                &[
                    run(quarter(2014, 4), 2),
                    run(quarter(2015, 1), 3),
                    run(quarter(2015, 2), 1).assisted(1),
                    run(quarter(2015, 3), 4),
                    run(quarter(2015, 4), 2),
                ],
            )
            .dates(Dates::Offered),
            // Held without having been offered before.
            kind(
                "LICENSING_TRAINING",
                "PROFESSIONALS",
                &["KPOL"],
                &[run(quarter(2015, 2), 1)],
            )
            .people([0, 0, 12]),
        ],
    },
    Return {
        feed: feed("stp-activities", "STP", HANDFUL),
        prefix: "STP-A",
        kinds: &[kind(
            "LICENSING_TRAINING",
            "PROFESSIONALS",
            &["STP"],
            &[
                run(quarter(2015, 1), 2),
                run(quarter(2015, 3), 1),
                run(quarter(2015, 4), 1),
            ],
        )
        .dates(Dates::Offered)],
    },
    Return {
        feed: feed("salus-activities", "SALUS", HANDFUL),
        prefix: "SIA",
        kinds: &[kind(
            "SAFETY_IN_ACTION",
            "PRIMARY",
            &["OTHER"],
            &[run(WEEK_14, 5), run(WEEK_15, 5).cancelled(1)],
        )
        .people([290, 25, 18])
        .organisations(&[
            "KFRS",
            "KPOL",
            "ST_JOHN",
            "RNLI",
            "NETWORK_RAIL",
            "UKPN",
            "TWBC",
            "KCC_WARDENS",
            "RED_CROSS",
        ])],
    },
    // No training in the third quarter of 2015-16: a notice says so.
    Return {
        feed: feed("kca-activities", "KCA", HANDFUL),
        prefix: "DT",
        kinds: &[kind(
            "DUST_TRAINING",
            "PROFESSIONALS",
            &["KCA"],
            &[
                run(quarter(2014, 4), 1),
                run(quarter(2015, 1), 2),
                run(quarter(2015, 2), 1).assisted(1),
                run(quarter(2015, 4), 2).cancelled(1),
            ],
        )
        .people([0, 0, 18])],
    },
    Return {
        feed: feed("vawk-activities", "VAWK", OWN_DISTRICT),
        prefix: "SAFE",
        kinds: &[
            // R31: 44 sessions of fewer activities.
            kind(
                "SAFE_PROJECT_SESSION",
                "SECONDARY",
                &["OTHER"],
                &[
                    run(quarter(2013, 4), 6).sessions(15),
                    run(quarter(2014, 1), 8).sessions(R31_SESSIONS / 2).cancelled(1),
                    run(quarter(2014, 2), 7)
                        .sessions(R31_SESSIONS - R31_SESSIONS / 2)
                        .assisted(1),
                    run(quarter(2014, 3), 6).sessions(14),
                ],
            )
            .people([28, 2, 1]),
        ],
    },
];
