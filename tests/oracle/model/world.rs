//! The records that count and the notices, laid out so that a measure finds its own.

use std::collections::{HashMap, HashSet};

use super::calendar::Quarter;
use super::dates::{first_date, quarters_present, scope_code};
use super::live::live;
use crate::oracle::records::{Body, Code, Kind, Message, ReturnNotice};

/// What one log says.
pub struct World<'m> {
    /// How many partners must return each measure.
    pub partners: usize,
    by_kind: HashMap<Kind, Vec<&'m Message>>,
    by_partner: HashMap<(Kind, usize), Vec<&'m Message>>,
    /// The scope codes of the rows that a partner has in a quarter.
    present: HashMap<(Kind, usize, Quarter), Vec<Option<Code>>>,
    /// Those about a part of a return first, of each kind the newest first; without extensions.
    notices: HashMap<(Kind, usize, Quarter), Vec<&'m ReturnNotice>>,
}

impl<'m> World<'m> {
    pub fn new(log: &'m [Message], partners: usize) -> Self {
        Self::of_full_returns(log, log, partners)
    }

    /// The same with the FULL returns that were complete in an earlier log, whose notices it has.
    pub fn of_full_returns(log: &'m [Message], earlier: &[Message], partners: usize) -> Self {
        let live = live(log);
        let notices = notices_of(&live);
        let left_out = left_out(log, earlier, &live, &notices);
        let mut world = World {
            partners,
            by_kind: HashMap::new(),
            by_partner: HashMap::new(),
            present: HashMap::new(),
            notices: HashMap::new(),
        };
        for (index, message) in live.into_iter().enumerate() {
            if !left_out.contains(&index) && message.kind != Kind::ReturnNotice {
                world.add(message);
            }
        }
        for (place, of_place) in notices {
            let notices = of_place.iter().map(|(_, notice)| *notice);
            let mut notices: Vec<_> = notices.filter(|n| n.says != "EXTENSION").collect();
            // What is said of a part holds for it, whatever is said of the whole later. A stable sort: newest first of each.
            notices.sort_by_key(|notice| notice.scope.is_empty());
            world.notices.insert(place, notices);
        }
        world
    }

    fn add(&mut self, message: &'m Message) {
        let (kind, partner) = (message.kind, message.partner);
        self.by_kind.entry(kind).or_default().push(message);
        self.by_partner.entry((kind, partner)).or_default().push(message);
        let body = message.body.as_ref().unwrap();
        for quarter in quarters_present(body) {
            let rows = self.present.entry((kind, partner, quarter)).or_default();
            rows.push(scope_code(body));
        }
    }

    /// The records of a type that count, of all partners and districts.
    pub fn records(&self, kind: Kind) -> &[&'m Message] {
        self.by_kind.get(&kind).map_or(&[], Vec::as_slice)
    }

    pub fn records_of(&self, kind: Kind, partner: usize) -> &[&'m Message] {
        self.by_partner.get(&(kind, partner)).map_or(&[], Vec::as_slice)
    }

    pub fn present(&self, kind: Kind, partner: usize, quarter: Quarter) -> &[Option<Code>] {
        self.present
            .get(&(kind, partner, quarter))
            .map_or(&[], Vec::as_slice)
    }

    pub fn notices(&self, kind: Kind, partner: usize, quarter: Quarter) -> &[&'m ReturnNotice] {
        self.notices
            .get(&(kind, partner, quarter))
            .map_or(&[], Vec::as_slice)
    }
}

type Notices<'m> = HashMap<(Kind, usize, Quarter), Vec<(&'m Message, &'m ReturnNotice)>>;

/// The live notices of each feed and quarter, newest first.
fn notices_of<'m>(live: &[&'m Message]) -> Notices<'m> {
    let mut notices: Notices<'m> = HashMap::new();
    for message in live {
        if let Some(Body::ReturnNotice(notice)) = &message.body {
            let quarter = Quarter {
                year: notice.year,
                number: notice.quarter,
            };
            notices
                .entry((notice.covered, message.partner, quarter))
                .or_default()
                .push((message, notice));
        }
    }
    for of_place in notices.values_mut() {
        of_place.sort_by(|(a, _), (b, _)| (b.sent_at, &b.reference).cmp(&(a.sent_at, &a.reference)));
    }
    notices
}

/// The live records (by their place in `live`) that the newest complete full return of their quarter left out.
fn left_out(
    log: &[Message],
    earlier: &[Message],
    live: &[&Message],
    notices: &Notices<'_>,
) -> HashSet<usize> {
    // For each record, in which deliveries some version of it came; for each delivery of a partner, which records
    // came.
    let mut came: HashSet<(Kind, usize, &str, String)> = HashSet::new();
    let delivery = |message: &Message| message.return_id.trim().to_uppercase();
    for message in log {
        let (kind, partner, reference) = (message.kind, message.partner, message.reference.as_str());
        came.insert((kind, partner, reference, delivery(message)));
    }
    let mut arrived: HashMap<(Kind, usize, String), HashSet<&str>> = HashMap::new();
    for message in earlier {
        arrived
            .entry((message.kind, message.partner, delivery(message)))
            .or_default()
            .insert(&message.reference);
    }
    let full_return = |kind: Kind, partner: usize, quarter: Quarter| {
        let of_place = notices.get(&(kind, partner, quarter))?;
        let full = of_place.iter().find(|(message, notice)| {
            let delivery = (kind, partner, message.reference.clone());
            let count = arrived.get(&delivery).map_or(0, HashSet::len);
            let complete = notice
                .declared
                .is_some_and(|declared| i32::try_from(count).unwrap() >= declared);
            notice.full && notice.scope.is_empty() && notice.says == "RETURN" && complete
        });
        full.map(|(message, _)| message.reference.clone())
    };
    let mut left_out = HashSet::new();
    for (index, message) in live.iter().enumerate() {
        let Some(first) = message.body.as_ref().and_then(first_date) else {
            continue;
        };
        let (kind, partner, reference) = (message.kind, message.partner, message.reference.as_str());
        if let Some(delivery) = full_return(kind, partner, Quarter::of(first))
            && !came.contains(&(kind, partner, reference, delivery))
        {
            left_out.insert(index);
        }
    }
    left_out
}
