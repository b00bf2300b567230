//! Substance misuse and the streets: outreach, group work, home visits, court orders; Sherwood; the Winter Shelter.

use jiff::civil::{Date, date};
use serde_json::json;

use super::super::calendar::{ANY_TIME, OFFICE, STREETS, add_days};
use super::super::cohort::heads;
use super::super::mixes::{SMALL, TINY, UNMOVED};
use super::super::quarters::quarter;
use super::super::targets::Span;
use super::{ANYBODY, Draft, Home, Random, Return, Service, as_it_is, feed, set, text};

// The shelter opens late in November and closes in March.
const WINTER_14: Span = Span::new(date(2014, 11, 24), date(2014, 12, 31));
const SPRING_15: Span = Span::new(date(2015, 1, 1), date(2015, 3, 22));
const WINTER_15: Span = Span::new(date(2015, 11, 23), date(2015, 12, 31));
const SPRING_16: Span = Span::new(date(2016, 1, 1), date(2016, 3, 20));

static CRI: &[Service] = &[
    Service {
        code: "HOTSPOT_OUTREACH",
        provider: "CRI",
        sort: ANYBODY,
        modes: &[("OUTREACH", 100)],
        home: Home::Anywhere,
        rhythm: &STREETS,
        contacts: (1, 3),
        beside: ("service", "HOTSPOT_OUTREACH"),
        goes_on: as_it_is,
        heads: &[
            heads(quarter(2014, 3), 14, 0),
            heads(quarter(2014, 4), 9, 6),
            heads(quarter(2015, 1), 12, 5).shared(6),
            heads(quarter(2015, 2), 15, 8).shared(5),
            heads(quarter(2015, 3), 11, 9).shared(4),
            heads(quarter(2015, 4), 10, 7).shared(3),
        ],
    },
    Service {
        code: "CRI_STRUCTURED",
        provider: "CRI",
        sort: ANYBODY,
        modes: &[("GROUP", 60), ("ONE_TO_ONE", 40)],
        home: Home::Anywhere,
        rhythm: &OFFICE,
        contacts: (1, 4),
        beside: ("mode", "ASSESSMENT"),
        goes_on: as_it_is,
        heads: &[
            heads(quarter(2014, 4), 22, 0).beside(4),
            heads(quarter(2015, 1), 14, 12).beside(3),
            heads(quarter(2015, 2), 12, 15).beside(5),
            heads(quarter(2015, 3), 16, 11).beside(2),
            heads(quarter(2015, 4), 10, 14).beside(4),
        ],
    },
    // R11: 24 people, visited more than once.
    Service {
        code: "DRUG_HOME_VISIT",
        provider: "CRI",
        sort: ANYBODY,
        modes: &[("HOME_VISIT", 100)],
        home: Home::Anywhere,
        rhythm: &OFFICE,
        contacts: (1, 3),
        beside: ("mode", "TELEPHONE"),
        goes_on: as_it_is,
        heads: &[
            heads(quarter(2014, 1), 15, 0).beside(2),
            heads(quarter(2014, 2), 9, 5).beside(1),
            heads(quarter(2014, 3), 8, 4),
        ],
    },
    // R12: 12 requirements of ten people.
    Service {
        code: "DRR_ATR",
        provider: "CRI",
        sort: ANYBODY,
        modes: &[("ORDER_REQUIREMENT", 100)],
        home: Home::Anywhere,
        rhythm: &OFFICE,
        contacts: (1, 1),
        beside: ("mode", "ASSESSMENT"),
        goes_on: as_it_is,
        heads: &[
            heads(quarter(2013, 4), 5, 0),
            heads(quarter(2014, 1), 6, 0).beside(1),
            heads(quarter(2014, 2), 4, 2).beside(2),
            heads(quarter(2014, 3), 6, 1),
        ],
    },
];

static SHERWOOD: &[Service] = &[Service {
    code: "SHERWOOD",
    provider: "SHERWOOD",
    sort: ANYBODY,
    modes: &[("ONE_TO_ONE", 60), ("DROP_IN", 25), ("GROUP", 15)],
    home: Home::Sherwood,
    rhythm: &OFFICE,
    contacts: (1, 4),
    beside: ("service", "SHERWOOD"),
    goes_on: now_and_then_from_next_door,
    heads: &[
        heads(quarter(2014, 3), 18, 0),
        heads(quarter(2014, 4), 14, 10),
        heads(quarter(2015, 1), 16, 12),
        heads(quarter(2015, 2), 11, 15),
        heads(quarter(2015, 3), 19, 9).tallies(&[8]),
        heads(quarter(2015, 4), 13, 14),
    ],
}];

static SHELTER: &[Service] = &[Service {
    code: "WINTER_SHELTER",
    provider: "CFTW",
    sort: ANYBODY,
    modes: &[("OVERNIGHT", 100)],
    home: Home::Unknown,
    rhythm: &ANY_TIME,
    contacts: (2, 9),
    beside: ("service", "WINTER_SHELTER"),
    goes_on: guest,
    heads: &[
        heads(WINTER_14, 16, 0),
        heads(SPRING_15, 12, 9),
        heads(WINTER_15, 18, 0),
        heads(SPRING_16, 15, 11),
    ],
}];

pub(super) static RETURNS: &[Return] = &[
    Return {
        feed: feed("cri-contacts", "CRI", 9, SMALL),
        prefix: "CRI/",
        services: CRI,
    },
    Return {
        feed: feed("sherwood-contacts", "SHERWOOD", 13, SMALL),
        prefix: "SH-",
        services: SHERWOOD,
    },
    Return {
        feed: feed("winter-shelter-nights", "CFTW", 5, UNMOVED),
        prefix: "WS-",
        services: SHELTER,
    },
    // The police note the visits too; R11 is of what CRI returned.
    Return {
        feed: feed("police-contacts", "KPOL", 6, TINY),
        prefix: "HV",
        services: &[Service {
            code: "DRUG_HOME_VISIT",
            provider: "KPOL",
            sort: ANYBODY,
            modes: &[("HOME_VISIT", 100)],
            home: Home::Anywhere,
            rhythm: &OFFICE,
            contacts: (1, 2),
            beside: ("mode", "TELEPHONE"),
            goes_on: as_it_is,
            heads: &[heads(quarter(2014, 1), 9, 0), heads(quarter(2014, 2), 7, 4)],
        }],
    },
];

/// Help is given to people of the next ward too, who are not counted.
fn now_and_then_from_next_door(random: &mut Random, mut draft: Draft, _: Date) -> Draft {
    if random.percent(6) {
        draft
            .stages
            .iter_mut()
            .for_each(|stage| stage.ward = Some("St. James"));
    }
    draft
}

/// What is known of a guest goes with the pseudonym, so that it is the same every night.
fn guest(random: &mut Random, mut draft: Draft, day: Date) -> Draft {
    let Some(stage) = draft.stages.last_mut() else {
        return draft;
    };
    let mut signs = text(&stage.body, "subject_pid")
        .bytes()
        .rev()
        .map(|sign| char::from(sign).to_digit(16).unwrap_or(0));
    let (known, luck) = (signs.next().unwrap_or(0), signs.next().unwrap_or(0));
    let attrs: Vec<&str> = [
        ("OFFENDER", known < 6),
        ("SUBSTANCE_MISUSE", (4..11).contains(&known)),
        ("NFA", known % 2 == 0),
        ("VULNERABLE", known > 12),
    ]
    .into_iter()
    .filter_map(|(attribute, has)| has.then_some(attribute))
    .collect();
    set(&mut stage.body, "attrs", json!(attrs));
    let outcome = match luck {
        0..7 => "POSITIVE",
        7..9 => "DISENGAGED",
        _ => return draft,
    };
    // The books are closed in March: no outcome belongs to a quarter without a shelter.
    let closing = if day.month() > 6 {
        date(day.year() + 1, 3, 28)
    } else {
        date(day.year(), 3, 28)
    };
    let outcome_on = add_days(day, random.between(3, 25)).min(closing);
    draft.then(
        outcome_on,
        [
            ("outcome", json!(outcome)),
            ("outcome_on", json!(outcome_on.to_string())),
        ],
    )
}
