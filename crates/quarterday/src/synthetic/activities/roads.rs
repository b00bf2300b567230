//! Road safety, and the talks and programmes of the wardens.

use jiff::civil::date;

use super::super::mixes::TINY;
use super::super::quarters::quarter;
use super::super::targets::{HALF, R10_TALKS, R51_TALKS, R52_PROGRAMMES, Span};
use super::{Dates, Return, feed, kind, run};

/// Road Safety Week, in November.
const WEEK_14: Span = Span::new(date(2014, 11, 17), date(2014, 11, 23));
const WEEK_15: Span = Span::new(date(2015, 11, 23), date(2015, 11, 29));

pub(super) static RETURNS: &[Return] = &[
    Return {
        feed: feed("kfrs-activities", "KFRS", TINY),
        prefix: "KF",
        kinds: &[
            kind(
                "RS_SESSION_YP",
                "SECONDARY",
                &["KFRS"],
                &[
                    run(quarter(2014, 4), 3).sessions(7),
                    run(quarter(2015, 1), 4).sessions(9).cancelled(1),
                    run(quarter(2015, 2), 3).sessions(5),
                    run(quarter(2015, 3), 5).sessions(12).assisted(1),
                    run(quarter(2015, 4), 4).sessions(8).cancelled(1),
                ],
            )
            .people([60, 4, 2]),
            // The session for twenty young offenders.
            kind(
                "RS_SESSION_YP",
                "YOUNG_OFFENDERS",
                &["KFRS"],
                &[run(quarter(2015, 3), 1)],
            )
            .feedback("RECEIVED")
            .people([20, 0, 2]),
            // Licence to Kill is one project, however many schools come.
            kind(
                "SCHOOL_ED_PROJECT",
                "SECONDARY",
                &["KFRS", "KPOL"],
                &[
                    run(quarter(2014, 3), 1).fed(1),
                    run(quarter(2015, 1), 2).fed(1),
                    run(quarter(2015, 2), 1),
                    run(quarter(2015, 3), 3).fed(2).assisted(1),
                    run(quarter(2015, 4), 2).fed(2),
                ],
            )
            .titled("Licence-to-Kill")
            .dates(Dates::Completed(10))
            .feedback("PROVIDED")
            .people([900, 40, 12]),
            // The centre opened in October 2015.
            kind(
                "RS_CENTRE_SESSION",
                "SECONDARY",
                &["KFRS"],
                &[
                    run(quarter(2015, 3), 3).sessions(6).fed(2),
                    run(quarter(2015, 4), 5).sessions(11).fed(3).cancelled(1),
                ],
            )
            .feedback("RECEIVED")
            .people([45, 5, 0]),
            kind(
                "RSW_PRESENTATION",
                "PRIMARY",
                &["KFRS"],
                &[run(WEEK_14, 2), run(WEEK_15, 3)],
            )
            .people([120, 5, 0]),
            kind(
                "RSW_ACTIVITY",
                "COMMUNITY",
                &["KFRS", "CSU"],
                &[run(WEEK_14, 1), run(WEEK_15, 2)],
            )
            .people([20, 60, 0]),
        ],
    },
    Return {
        feed: feed("csu-activities", "CSU", TINY),
        prefix: "CSU-A",
        kinds: &[
            kind(
                "RS_CAMPAIGN",
                "ALL",
                &["CSU"],
                &[
                    run(quarter(2014, 3), 2),
                    run(quarter(2014, 4), 1),
                    run(quarter(2015, 1), 2).cancelled(1),
                    run(quarter(2015, 2), 1),
                    run(quarter(2015, 3), 3).assisted(1),
                    run(quarter(2015, 4), 2),
                ],
            )
            .dates(Dates::Held(40)),
            kind(
                "RSW_PRESENTATION",
                "PRIMARY",
                &["CSU"],
                &[run(WEEK_14, 3), run(WEEK_15, 4).cancelled(1)],
            )
            .people([90, 4, 0]),
            kind(
                "RSW_ACTIVITY",
                "COMMUNITY",
                &["CSU", "KFRS"],
                &[run(WEEK_14, 2), run(WEEK_15, 3).assisted(1)],
            )
            .people([10, 50, 0]),
            // R47: 3 sessions.
            kind(
                "ACT2014_TRAINING",
                "PROFESSIONALS",
                &["CSU", "KPOL"],
                &[
                    run(quarter(2014, 1), 1),
                    run(quarter(2014, 2), 2).cancelled(1).assisted(1),
                    run(quarter(2014, 3), 2),
                ],
            )
            .people([0, 0, 25]),
        ],
    },
    Return {
        feed: feed("warden-activities", "KCC_WARDENS", TINY),
        prefix: "WA",
        kinds: &[
            kind(
                "DOORSTEP_CRIME_TALK",
                "COMMUNITY",
                &["KCC_WARDENS"],
                &[
                    run(quarter(2013, 4), 12),
                    run(HALF, R10_TALKS).cancelled(3).assisted(2),
                    run(quarter(2014, 3), 14),
                    run(quarter(2015, 1), 9),
                    run(quarter(2015, 3), 11),
                ],
            )
            .people([0, 30, 2]),
            kind(
                "GREEN_CROSS_TALK",
                "PRIMARY",
                &["KCC_WARDENS"],
                &[
                    run(quarter(2013, 4), 3),
                    run(HALF, R51_TALKS).cancelled(1),
                    run(quarter(2014, 3), 4),
                    run(quarter(2015, 2), 3),
                ],
            )
            .people([60, 3, 0]),
            kind(
                "PED_CYCLE_PROGRAMME",
                "PRIMARY",
                &["KCC_WARDENS", "KFRS"],
                &[run(HALF, R52_PROGRAMMES).assisted(1), run(quarter(2014, 4), 1)],
            )
            .dates(Dates::Held(30))
            .people([40, 3, 0]),
            kind(
                "PED_CYCLE_PROGRAMME",
                "PRIMARY",
                &["KCC_WARDENS"],
                &[
                    run(quarter(2015, 1), 1).fed(1),
                    run(quarter(2015, 2), 2).fed(1),
                    run(quarter(2015, 4), 1).cancelled(1),
                ],
            )
            .dates(Dates::Completed(30))
            .feedback("PROVIDED")
            .people([40, 3, 0]),
        ],
    },
];
