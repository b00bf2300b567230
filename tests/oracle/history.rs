//! Random histories: messages of a few records per partner, in every disorder that a log can hold.

use jiff::civil::{Date, DateTime, date};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use proptest::prelude::*;

/// What happened to a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Op {
    Submit,
    Amend,
    Withdraw,
}

/// The content of a version: one set of fields that serves all three record types.
#[derive(Debug, Clone, PartialEq)]
pub struct Body {
    /// The instant of a CCTV incident; its UTC date is the date of referrals and orders.
    pub at: Timestamp,
    pub day: Date,
    /// Two orders of ends: `end_on` and `lifted_on`, days after `day`.
    pub end_after: Option<i32>,
    pub lifted_after: Option<i32>,
    pub home: bool,
    pub ward: Option<u8>,
    pub violent: bool,
    pub monitored: bool,
    pub amount: i32,
    pub tally: bool,
    /// A person: `P` pseudonyms are the partner's own, `M` are shared between partners.
    pub person: Option<(char, u8)>,
}

/// One message of the log.
#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    pub record_type: &'static str,
    pub partner: usize,
    pub reference: u8,
    pub version: i32,
    pub op: Op,
    pub body: Body,
    pub sent_minute: u8,
    pub partition: u32,
    pub offset: u64,
}

pub const RECORD_TYPES: [&str; 3] = ["cctv_incident", "referral", "order"];

/// Days on both sides of quarter ends, and of the leap day.
const EDGES: [Date; 10] = [
    date(2013, 3, 31),
    date(2013, 4, 1),
    date(2013, 6, 30),
    date(2013, 9, 30),
    date(2014, 3, 31),
    date(2014, 4, 1),
    date(2014, 6, 30),
    date(2014, 7, 1),
    date(2014, 9, 30),
    date(2014, 10, 1),
];

fn day() -> impl Strategy<Value = Date> {
    let any = (0..820_i32).prop_map(|days| date(2013, 1, 1).saturating_add(days.days()));
    prop_oneof![1 => prop::sample::select(EDGES.to_vec()), 1 => any]
}

/// Minutes of the day: half of them around midnight, where London and UTC disagree in summer.
fn minute() -> impl Strategy<Value = i64> {
    prop_oneof![
        Just(0_i64),
        Just(30),
        Just(1379),
        Just(1380),
        Just(1410),
        Just(1439),
        0..1440_i64
    ]
}

fn body() -> impl Strategy<Value = Body> {
    let span = (prop::option::of(1..400_i32), prop::option::of(0..400_i32));
    let person = prop::option::weighted(0.8, (prop::sample::select(vec!['P', 'M']), 0..4_u8));
    let place = (prop::bool::weighted(0.85), prop::option::of(0..3_u8));
    let flags = (any::<bool>(), any::<bool>(), prop::bool::weighted(0.3), 0..5_i32);
    (day(), minute(), span, place, flags, person).prop_map(
        |(
            day,
            minute,
            (end_after, lifted_after),
            (home, ward),
            (violent, monitored, tally, amount),
            person,
        )| {
            let midnight = DateTime::from(day).to_zoned(TimeZone::UTC).unwrap().timestamp();
            Body {
                at: midnight + minute.minutes(),
                day,
                end_after,
                lifted_after,
                home,
                ward,
                violent,
                monitored,
                amount: amount + 1,
                tally,
                person: if tally { None } else { person },
            }
        },
    )
}

fn op() -> impl Strategy<Value = Op> {
    prop_oneof![4 => Just(Op::Submit), 4 => Just(Op::Amend), 1 => Just(Op::Withdraw)]
}

/// One message of one of `partners` partners; its place in the log is given later.
fn message(partners: usize) -> impl Strategy<Value = Message> {
    (
        0..3_usize,
        0..partners,
        0..4_u8,
        1..4_i32,
        op(),
        body(),
        0..60_u8,
        0..3_u32,
    )
        .prop_map(
            |(record_type, partner, reference, version, op, body, sent_minute, partition)| Message {
                record_type: RECORD_TYPES[record_type],
                partner,
                reference,
                version,
                op,
                body,
                sent_minute,
                partition,
                offset: 0,
            },
        )
}

/// The messages of all partners with their places in the log: some are sent again, exactly or with another time of
/// sending. Also the order in which the store sees them, with stretches that it sees twice.
#[derive(Debug, Clone)]
pub struct History {
    pub log: Vec<Message>,
    pub arrivals: Vec<Vec<usize>>,
}

pub fn history(partners: usize, messages: usize) -> impl Strategy<Value = History> {
    let sent = prop::collection::vec(
        (message(partners), prop::option::weighted(0.15, 0..60_u8)),
        messages,
    );
    (sent, any::<prop::sample::Index>(), any::<u64>()).prop_map(|(sent, cut, seed)| {
        let mut log = Vec::new();
        for (message, again) in sent {
            if let Some(sent_minute) = again {
                log.push(Message {
                    sent_minute,
                    partition: (message.partition + 1) % 3,
                    ..message.clone()
                });
            }
            log.push(message);
        }
        for (place, message) in log.iter_mut().enumerate() {
            message.offset = place as u64;
        }
        let arrivals = arrivals(log.len(), cut, seed);
        History { log, arrivals }
    })
}

/// Shuffles the places, cuts them into batches, and repeats one of the batches.
fn arrivals(messages: usize, cut: prop::sample::Index, mut seed: u64) -> Vec<Vec<usize>> {
    let mut order: Vec<usize> = (0..messages).collect();
    for i in (1..messages).rev() {
        seed = seed
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        order.swap(i, (seed >> 33) as usize % (i + 1));
    }
    let mut batches: Vec<Vec<usize>> = order
        .chunks((messages / 4).max(1))
        .map(<[usize]>::to_vec)
        .collect();
    let again = batches[cut.index(batches.len())].clone();
    batches.push(again);
    batches
}
