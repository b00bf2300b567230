//! `quarterday returns`: what each partner owes of a period, what came, and when.

use std::collections::BTreeMap;
use std::sync::Arc;

use anyhow::{Result, bail};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use quarterday_ingest::PROBE;
use quarterday_plan::feeds::ReturnCalendar;
use quarterday_plan::period::Period;
use quarterday_report::Status;
use quarterday_store::{Owed, RETURN_NOTICE, Returned, WaitingFilter};
use serde::Serialize;

use crate::builtin::InForce;
use crate::cli::Returns;
use crate::commands::DONE;
use crate::output::{self, Heading, Rows};
use crate::target::Opened;

/// A day ends in this zone (domain.md G2).
const ZONE: &str = "Europe/London";

pub(super) async fn run(args: Returns) -> Result<u8> {
    let opened = args.target.open_to_read().await?;
    let board = read(&opened, &args).await;
    opened.close().await?;
    let mut board = board?;
    if args.open {
        board.retain(|line| {
            matches!(
                line.state.as_str(),
                "not_returned" | "extension" | "conflict" | "incomplete"
            )
        });
    }
    output::print(&board, args.format)?;
    let open = board.iter().filter(|line| line.state == "not_returned").count();
    eprintln!("{} returns, {open} of them not returned", board.len());
    Ok(DONE)
}

async fn read(opened: &Opened, args: &Returns) -> Result<Vec<Line>> {
    opened.work_off().await?;
    let (store, in_force) = (&opened.system.store, &opened.system.in_force);
    let owed = owed(in_force, args.partner.as_deref());
    if let Some(partner) = args.partner.as_ref().filter(|_| owed.is_empty()) {
        bail!(
            "no feed is of a partner {partner}; 'quarterday returns' without --partner shows who owes what"
        );
    }
    let returned = store.returns(&args.period, &owed).await?;
    let record_types: Vec<&str> = in_force
        .catalogue
        .record_types()
        .keys()
        .map(String::as_str)
        .collect();
    let waiting = store
        .waiting_groups(&record_types, &WaitingFilter::default())
        .await?;
    let mut by_feed: BTreeMap<(String, String), u64> = BTreeMap::new();
    for group in waiting {
        *by_feed.entry((group.feed, group.partner)).or_default() += group.messages;
    }
    let (calendar, zone) = (in_force.catalogue.calendar(), TimeZone::get(ZONE)?);
    let today = Timestamp::now().to_zoned(zone.clone()).date();
    let lines = returned.into_iter().map(|returned| {
        let place = (returned.feed.clone(), returned.partner.clone());
        let waiting = by_feed.get(&place).copied().unwrap_or(0);
        Line::new(returned, waiting, Days::of(calendar, today, &zone))
    });
    Ok(lines.collect())
}

/// Every feed of one partner is a return.
fn owed(in_force: &InForce, partner: Option<&str>) -> Vec<Owed> {
    let feeds = in_force.catalogue.feeds().iter().map(|feed| &feed.feed);
    // The probe is a feed of this software's own.
    let feeds = feeds.filter(|feed| feed.record_type != RETURN_NOTICE && feed.name != PROBE);
    let owed = feeds.filter_map(|feed| {
        Some(Owed {
            feed: feed.name.clone(),
            partner: feed.partner.only()?.to_owned(),
            record_type: Arc::clone(in_force.catalogue.record_types().get(&feed.record_type)?),
        })
    });
    owed.filter(|owed| partner.is_none_or(|partner| owed.partner == partner))
        .collect()
}

/// The days that a return is judged by.
struct Days<'z> {
    calendar: ReturnCalendar,
    today: Date,
    zone: &'z TimeZone,
}

impl<'z> Days<'z> {
    fn of(calendar: ReturnCalendar, today: Date, zone: &'z TimeZone) -> Self {
        Days {
            calendar,
            today,
            zone,
        }
    }

    fn day(&self, ms: Option<i64>) -> Option<Date> {
        let at = Timestamp::from_millisecond(ms?).ok()?;
        Some(at.to_zoned(self.zone.clone()).date())
    }
}

/// One return.
#[derive(Debug, Serialize)]
struct Line {
    quarter: String,
    partner: String,
    feed: String,
    /// As of [`Returned`].
    state: String,
    /// The last day on which it is in time.
    due: Date,
    /// Whoever has not returned is reminded.
    chaser: Date,
    /// The measures are frozen.
    freeze: Date,
    /// The first message or notice came after the due day, or none has and that is over.
    late: bool,
    /// Records that count.
    records: u64,
    /// Records that came with the return that the newest notice is about.
    came_with: u64,
    /// How many were declared.
    declared: Option<u64>,
    /// DELTA or FULL.
    mode: String,
    /// What was told of parts of the feed.
    parts: Vec<String>,
    /// When the first message or notice came.
    first_on: Option<Date>,
    /// When the newest did.
    last_on: Option<Date>,
    /// Messages of the feed that wait in quarantine, contradict each other or have no SUBMIT, of any quarter.
    waiting: u64,
}

impl Line {
    fn new(returned: Returned, waiting: u64, days: Days<'_>) -> Self {
        let quarter = Period::quarter_of(returned.quarter);
        let due = days.calendar.due_on(&quarter);
        // Who says that it has returned says when; else the first message must do.
        let first_on = days.day(returned.told_first_ms.or(returned.first_ms));
        Line {
            late: first_on.map_or(days.today > due, |day| day > due),
            quarter: quarter.id(),
            due,
            chaser: days.calendar.chaser_on(&quarter),
            freeze: days.calendar.freeze_on(&quarter),
            first_on,
            last_on: days.day([returned.last_ms, returned.told_ms].into_iter().flatten().max()),
            state: returned.state,
            partner: returned.partner,
            feed: returned.feed,
            records: returned.records,
            came_with: returned.came_with,
            declared: returned.declared,
            mode: returned.mode,
            parts: returned.parts,
            waiting,
        }
    }
}

/// As of measures; what is promised has no number either.
fn sign(state: &str) -> &'static str {
    match state {
        "returned" => "●",
        "incomplete" => "◐",
        "extension" => "…",
        other => Status::of(other).sign,
    }
}

impl Rows for Line {
    fn headings() -> &'static [Heading] {
        const HEADINGS: [Heading; 11] = [
            Heading::words("quarter"),
            Heading::words("partner"),
            Heading::words("feed"),
            Heading::words("state"),
            Heading::words("due"),
            Heading::words("came"),
            Heading::words("late"),
            Heading::numbers("records"),
            Heading::numbers("came with it"),
            Heading::numbers("declared"),
            Heading::numbers("waiting"),
        ];
        &HEADINGS
    }

    fn cells(&self) -> Vec<String> {
        let date = |date: Option<Date>| date.map_or_else(String::new, |date| date.to_string());
        // Zero, nil, not returned and not applicable look different everywhere (I7).
        let records = match self.state.as_str() {
            "not_returned" | "extension" => "NR".to_owned(),
            "not_applicable" => "n/a".to_owned(),
            "nil" => "nil".to_owned(),
            _ => self.records.to_string(),
        };
        let mut state = format!("{} {}", sign(&self.state), self.state.replace('_', " "));
        if !self.parts.is_empty() {
            state.push_str(&format!(" ({})", self.parts.join(", ")));
        }
        vec![
            self.quarter.clone(),
            self.partner.clone(),
            self.feed.clone(),
            state,
            self.due.to_string(),
            date(self.first_on),
            if self.late { "late" } else { "" }.to_owned(),
            records,
            self.declared
                .map_or_else(String::new, |_| self.came_with.to_string()),
            self.declared.map_or_else(String::new, |n| n.to_string()),
            if self.waiting == 0 {
                String::new()
            } else {
                self.waiting.to_string()
            },
        ]
    }
}
