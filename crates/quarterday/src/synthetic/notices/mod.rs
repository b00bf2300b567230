//! Return notices: what each partner says of each quarter. The board says which notice came; beside it stand notices of
//! a part of a feed, and notices that were wrong.

mod board;
mod special;

use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::{Value, json};

use super::calendar::{add_days, instant};
use super::quarters::QUARTERS;
use super::random::Random;
use super::statement::{Payload, Statement};
use super::story::{Produced, later};

pub(super) const FEED: &str = "return-notices";

/// A notice about a feed and one of the eight quarters from April 2014.
#[derive(Clone)]
struct Notice {
    feed: &'static str,
    partner: &'static str,
    quarter: usize,
    kind: &'static str,
    scope: &'static [&'static str],
    mode: &'static str,
    declared: Option<usize>,
    /// Of the return number, where there are several for a quarter.
    suffix: &'static str,
    sent_at: Timestamp,
}

/// One version of a notice.
struct Version<'n> {
    notice: &'n Notice,
    number: i64,
    op: &'static str,
    /// The quarter as typed, from 1.
    quarter: usize,
    at: Timestamp,
}

/// All notices; so many records were declared for the quarter that was returned again as a whole.
pub(super) fn produced(seed: u64, declared: usize) -> Vec<Produced> {
    let random = &mut Random::new(seed, FEED);
    let mut produced = Vec::new();
    for row in board::BOARD {
        for (quarter, sign) in row.signs.chars().enumerate() {
            let kind = match sign {
                'R' => "RETURN",
                'N' => "NIL",
                'A' => "NOT_APPLICABLE",
                'E' => "EXTENSION",
                _ => continue,
            };
            let notice = Notice::new(random, (row.feed, row.partner), quarter, kind);
            told(&notice, produced.len(), &mut produced);
        }
    }
    special::told(random, declared, &mut produced);
    produced
}

impl Notice {
    /// Sent in the weeks after the quarter's end.
    fn new(
        random: &mut Random,
        (feed, partner): (&'static str, &'static str),
        quarter: usize,
        kind: &'static str,
    ) -> Self {
        let end = QUARTERS.get(quarter).map_or(Date::ZERO, |quarter| quarter.last);
        let days = random.percents(&[((8, 16), 80), ((17, 30), 15)], (31, 80));
        let day = add_days(end, random.between(days.0, days.1));
        let sent_at = instant(day.at(9, 0, 0, 0));
        Notice {
            feed,
            partner,
            quarter,
            kind,
            scope: &[],
            mode: "DELTA",
            declared: None,
            suffix: "",
            sent_at: later(sent_at, random.between(0, 6 * 3_600_000)),
        }
    }

    fn year(&self) -> &'static str {
        if self.quarter < 4 { "2014-15" } else { "2015-16" }
    }

    /// Volunteers write the year as people do.
    fn year_as_typed(&self) -> String {
        match self.partner {
            "STREET_PASTORS" | "CFTW" => self.year().replace('-', "/"),
            _ => self.year().to_owned(),
        }
    }

    fn number(&self) -> String {
        let (feed, year, quarter) = (self.feed.to_uppercase(), self.year(), self.quarter % 4 + 1);
        format!("{feed}/{year}/Q{quarter}{}", self.suffix)
    }

    fn version(&self, number: i64, op: &'static str) -> Version<'_> {
        Version {
            notice: self,
            number,
            op,
            quarter: self.quarter % 4 + 1,
            at: self.sent_at,
        }
    }
}

/// As it is; now and then twice, or with the number of the quarter of the calendar at first.
fn told(notice: &Notice, number: usize, produced: &mut Vec<Produced>) {
    match number % 40 {
        13 => {
            let version = notice.version(1, "SUBMIT");
            let again = Version {
                at: later(notice.sent_at, 7_200_000),
                ..notice.version(1, "SUBMIT")
            };
            produced.extend([version.produced(), again.produced()]);
        }
        33 => {
            let wrong = Version {
                quarter: (notice.quarter + 1) % 4 + 1,
                ..notice.version(1, "SUBMIT")
            };
            let mended = Version {
                at: later(notice.sent_at, 3 * 86_400_000),
                ..notice.version(2, "AMEND")
            };
            produced.extend([wrong.produced(), mended.produced()]);
        }
        _ => produced.push(notice.version(1, "SUBMIT").produced()),
    }
}

impl Version<'_> {
    fn produced(&self) -> Produced {
        let notice = self.notice;
        let reference = notice.number();
        let received_on = instant_date(self.at);
        let body = json!({
            "covered_feed": notice.feed,
            "fy": notice.year_as_typed(),
            "quarter": self.quarter,
            "kind": notice.kind,
            "scope": notice.scope,
            "mode": notice.mode,
            "declared_records": notice.declared,
            "received_on": received_on.to_string(),
            "role_signed": board::ROLE,
        });
        let is_withdrawal = self.op == "WITHDRAW";
        let record = json!({
            "feed": FEED,
            "partner": notice.partner,
            "ref": reference,
            "op": self.op,
            "version": self.number,
            "reason": is_withdrawal.then_some("ERROR"),
            "sent_at": self.at.to_string(),
            "return_id": reference,
            "district": Value::Null,
            "ward": Value::Null,
            "body": (!is_withdrawal).then_some(body),
        });
        Produced {
            at: self.at,
            statement: Statement {
                feed: FEED,
                partner: notice.partner,
                reference,
                payload: Payload::Record(record),
            },
        }
    }
}

/// The day of sending: nothing is sent within an hour of midnight.
fn instant_date(at: Timestamp) -> Date {
    at.to_zoned(jiff::tz::TimeZone::UTC).date()
}
