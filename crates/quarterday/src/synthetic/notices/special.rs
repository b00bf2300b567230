//! Notices of a part of a feed, of a whole return, and notices that were wrong.

use super::super::contacts::{FULL_FEED, FULL_PARTNER, full_sent_at};
use super::super::random::Random;
use super::super::story::{Produced, later};
use super::{Notice, Version};

const WEEK: &[&str] = &["RSW_PRESENTATION", "RSW_ACTIVITY"];
const CENTRE: &[&str] = &["RS_CENTRE_SESSION"];
const KFRS: (&str, &str) = ("kfrs-activities", "KFRS");
const CSU: (&str, &str) = ("csu-activities", "CSU");

/// A notice about some codes of a feed, in some quarters.
struct Part {
    of: (&'static str, &'static str),
    scope: &'static [&'static str],
    suffix: &'static str,
    quarters: &'static [usize],
}

const fn part(
    of: (&'static str, &'static str),
    scope: &'static [&'static str],
    suffix: &'static str,
    quarters: &'static [usize],
) -> Part {
    Part {
        of,
        scope,
        suffix,
        quarters,
    }
}

/// Not applicable: Road Safety Week is in November, and the centre opened in October 2015.
const PARTS: [Part; 3] = [
    part(KFRS, WEEK, "/RSW", &[4, 5, 7]),
    part(CSU, WEEK, "/RSW", &[4, 5, 7]),
    part(KFRS, CENTRE, "/CENTRE", &[4, 5]),
];

/// Sent when the whole feed's notice is there for certain: the newest that applies holds.
const AFTER: i64 = 90 * 86_400_000;

const DAY: i64 = 86_400_000;

pub(super) fn told(random: &mut Random, declared: usize, produced: &mut Vec<Produced>) {
    for part in PARTS {
        for quarter in part.quarters {
            let whole = Notice::new(random, part.of, *quarter, "NOT_APPLICABLE");
            let notice = Notice {
                scope: part.scope,
                suffix: part.suffix,
                sent_at: later(whole.sent_at, AFTER),
                ..whole
            };
            produced.push(notice.version(1, "SUBMIT").produced());
        }
    }
    let kca = Notice::new(random, (FULL_FEED, FULL_PARTNER), 4, "RETURN");
    let full = Notice {
        mode: "FULL",
        declared: Some(declared),
        suffix: "/FULL",
        sent_at: full_sent_at(),
        ..kca
    };
    produced.push(full.version(1, "SUBMIT").produced());
    incomplete(random, produced);
    wrong(random, produced);
}

/// Another whole return of which nothing arrived: it drops nothing.
fn incomplete(random: &mut Random, produced: &mut Vec<Produced>) {
    let kenward = Notice::new(random, ("kenward-contacts", "KENWARD"), 5, "RETURN");
    let full = Notice {
        mode: "FULL",
        declared: Some(61),
        suffix: "/FULL",
        sent_at: later(kenward.sent_at, AFTER),
        ..kenward
    };
    produced.push(full.version(1, "SUBMIT").produced());
}

fn wrong(random: &mut Random, produced: &mut Vec<Produced>) {
    // There was none, it said, and was withdrawn: nothing came at all.
    let shop = Notice {
        suffix: "/A",
        ..Notice::new(random, ("one-stop-shop-contacts", "WK_REFUGE"), 6, "NIL")
    };
    let withdrawn = Version {
        at: later(shop.sent_at, 20 * DAY),
        ..shop.version(2, "WITHDRAW")
    };
    produced.extend([shop.version(1, "SUBMIT").produced(), withdrawn.produced()]);
    // There was none, it said, before the return came: the later notice holds.
    let early = Notice {
        suffix: "/A",
        ..Notice::new(random, ("cdap-contacts", "CDAP"), 5, "NIL")
    };
    let early = Notice {
        sent_at: later(early.sent_at, -90 * DAY),
        ..early
    };
    produced.push(early.version(1, "SUBMIT").produced());
    // Time was asked for, and then the rows came.
    let asked = Notice {
        suffix: "/E",
        ..Notice::new(random, ("hospital-admissions", "KCC_PH"), 6, "EXTENSION")
    };
    produced.push(asked.version(1, "SUBMIT").produced());
}
