//! Random histories: messages about a few records of each type per partner, in every disorder that a log can hold.

mod areas;
mod bodies;
pub mod dice;
mod events;
mod events_of_police;
mod notices;
mod setting;

use std::collections::{BTreeMap, VecDeque};

use jiff::{Timestamp, ToSpan};
use proptest::prelude::*;

use super::records::{Body, Code, Kind, Message, Op};
use dice::Dice;
use setting::Setting;

/// What a history is like.
#[derive(Clone, Copy)]
pub struct Shape {
    pub partners: usize,
    /// Of the first so many periods, that many are compared.
    pub periods: usize,
    pub compared: usize,
    /// Batches at the end of a history, and how many messages each has.
    pub small_batches: usize,
    pub small_batch: usize,
    /// How many of them come before each refresh.
    pub per_refresh: usize,
    /// Whether one of the first batches comes again among them: after that, everything is to be computed again.
    pub is_repeated: bool,
}

/// The log of all partners, and how the store sees it: in which order, in which batches, and what of it twice.
#[derive(Clone)]
pub struct History {
    pub partners: usize,
    pub log: Vec<Message>,
    pub first_arrivals: Vec<Vec<usize>>,
    /// Small batches, so that a refresh behind them has little to compute again.
    pub later_arrivals: Vec<Vec<usize>>,
    pub batches_per_refresh: usize,
    /// Which periods are compared.
    pub periods: Vec<usize>,
}

/// A history is told by what went wrong in it, not by tens of thousands of messages.
impl std::fmt::Debug for History {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} messages of {} partners", self.log.len(), self.partners)
    }
}

/// Partners that are histories of their own, so that one run of the engine checks many. They share people, no more.
pub fn history(shape: Shape) -> impl Strategy<Value = History> {
    Just(()).prop_perturb(move |(), rng| {
        let mut dice = Dice::new(rng);
        let partners = shape.partners;
        // In some histories, nearly all is returned: otherwise no total has all its returns.
        let orderly = dice.chance(50);
        let mut log = Vec::new();
        for partner in 0..partners {
            for kind in Kind::ALL.iter().filter(|kind| **kind != Kind::ReturnNotice) {
                feed(&mut dice, &mut log, *kind, partner, orderly);
            }
        }
        // The place in the log says nothing of versions.
        dice.shuffle(&mut log);
        for (place, message) in log.iter_mut().enumerate() {
            message.offset = place as u64;
        }
        let mut chosen: Vec<usize> = (0..shape.periods).collect();
        dice.shuffle(&mut chosen);
        chosen.truncate(shape.compared);
        let (first_arrivals, later_arrivals) = arrivals(&mut dice, &log, &shape);
        History {
            partners,
            log,
            first_arrivals,
            later_arrivals,
            batches_per_refresh: shape.per_refresh,
            periods: chosen,
        }
    })
}

/// What one partner sends of one type, if anything, and what it says of its returns.
fn feed(dice: &mut Dice, log: &mut Vec<Message>, kind: Kind, partner: usize, orderly: bool) {
    let setting = Setting::draw(dice, kind, partner);
    let sends = dice.chance(60);
    if sends && kind == Kind::AreaStatistic {
        figures_of_areas(dice, log, &setting);
    } else if sends {
        // Types with many codes need more records to have some of each.
        let most = match kind {
            Kind::Engagement => 9,
            Kind::Referral | Kind::Order | Kind::Activity | Kind::PremisesAction => 6,
            // And those that look back need pairs.
            Kind::MaracCase | Kind::PoliceIncident => 7,
            _ => 4,
        };
        for number in 0..=dice.below(most) {
            record(dice, log, &setting, format!("R{number}"), bodies::draw);
        }
    }
    if dice.chance(if sends { 40 } else { 15 }) {
        for number in 0..=dice.below(notices::SINGLE) {
            let about = |dice: &mut Dice, setting: &Setting| notices::draw(dice, setting).into();
            record(dice, log, &setting, notices::reference(kind, number), about);
        }
    }
    let needs_two_years = matches!(
        kind,
        Kind::RecordedCrime
            | Kind::PoliceIncident
            | Kind::RoadCasualty
            | Kind::HospitalAdmission
            | Kind::AreaStatistic
    );
    let stretch = match (needs_two_years, orderly) {
        (true, true) => 80,
        (true, false) => 35,
        (false, _) => 5,
    };
    if dice.chance(stretch) {
        for (number, notice) in notices::stretch(dice, kind).into_iter().enumerate() {
            let reference = notices::reference(kind, notices::SINGLE + number);
            log.push(message(
                dice,
                &setting,
                &reference,
                (Op::Submit, 1),
                notice.into(),
            ));
        }
    }
}

/// The versions of one record, some of them sent again, some of them in conflict.
fn record(
    dice: &mut Dice,
    log: &mut Vec<Message>,
    setting: &Setting,
    reference: String,
    draw: impl Fn(&mut Dice, &Setting) -> Body,
) {
    let versions = dice.weighted(&[(45, 1), (30, 2), (15, 3), (10, 4)]);
    let mut body = draw(dice, setting);
    for version in 1..=versions {
        if version > 1 && dice.chance(80) {
            body = draw(dice, setting);
        }
        let op = op(dice, version);
        if dice.chance(if version == 1 && versions > 1 { 7 } else { 2 }) {
            continue;
        }
        let sent = message(dice, setting, &reference, (op, version), body.clone());
        if dice.chance(15) {
            log.push(Message {
                sent_at: sent_at(dice),
                return_id: return_id(dice, setting.kind),
                partition: partition(dice),
                ..sent.clone()
            });
        }
        if dice.chance(8) {
            let (op, other) = (op_any(dice), draw(dice, setting));
            log.push(message(dice, setting, &reference, (op, version), other));
        }
        log.push(sent);
    }
}

fn figures_of_areas(dice: &mut Dice, log: &mut Vec<Message>, setting: &Setting) {
    for (number, figure) in areas::draw(dice).into_iter().enumerate() {
        let reference = format!("{}/{}/{number}", figure.area, figure.measure);
        let amended = areas::amended(dice, &figure);
        log.push(message(dice, setting, &reference, (Op::Submit, 1), figure.into()));
        if dice.chance(4) {
            let op = if dice.chance(85) { Op::Amend } else { Op::Withdraw };
            log.push(message(dice, setting, &reference, (op, 2), amended.into()));
        }
    }
}

fn op(dice: &mut Dice, version: i32) -> Op {
    if version == 1 {
        dice.weighted(&[(90, Op::Submit), (7, Op::Amend), (3, Op::Withdraw)])
    } else {
        dice.weighted(&[(68, Op::Amend), (20, Op::Withdraw), (12, Op::Submit)])
    }
}

fn op_any(dice: &mut Dice) -> Op {
    dice.pick(&[Op::Submit, Op::Amend, Op::Withdraw])
}

fn message(
    dice: &mut Dice,
    setting: &Setting,
    reference: &str,
    (op, version): (Op, i32),
    body: Body,
) -> Message {
    const HERE: Option<Code> = Some("E07000116");
    // Notices, milestones and figures of areas have no place.
    let of_no_place = matches!(
        body,
        Body::ReturnNotice(_) | Body::Milestone(_) | Body::AreaStatistic(_)
    );
    let ward = dice.pick(&[None, Some("E05005146"), Some("E05005146"), Some("E05005131")]);
    let kind = match body {
        Body::ReturnNotice(_) => Kind::ReturnNotice,
        _ => setting.kind,
    };
    Message {
        kind,
        partner: setting.partner,
        reference: reference.to_owned(),
        op,
        version,
        sent_at: sent_at(dice),
        return_id: return_id(dice, setting.kind),
        district: dice.weighted(&[(85, HERE), (10, Some("E07000115")), (5, None)]),
        ward: if of_no_place { None } else { ward },
        body: (op != Op::Withdraw).then_some(body),
        partition: partition(dice),
        offset: 0,
    }
}

/// Few, so that notices are often sent in the same minute.
fn sent_at(dice: &mut Dice) -> Timestamp {
    let first: Timestamp = "2016-05-01T00:00:00Z".parse().unwrap();
    first + i64::from(dice.between(0, 8)).minutes()
}

fn partition(dice: &mut Dice) -> u32 {
    dice.pick(&[0, 1, 2])
}

/// The delivery that a version came in: often that of a notice, and not always spelt like it.
fn return_id(dice: &mut Dice, kind: Kind) -> String {
    let number = dice.below(notices::SINGLE);
    let delivery = notices::reference(kind, number);
    match dice.below(6) {
        0 | 1 => delivery,
        2 => delivery.to_lowercase(),
        3 => format!(" {delivery} "),
        4 => "ANOTHER".to_owned(),
        _ => String::new(),
    }
}

/// All places of the log in batches, of which one of the first may be repeated among the later: those of a partition in their
/// order, partitions in any.
fn arrivals(dice: &mut Dice, log: &[Message], shape: &Shape) -> (Vec<Vec<usize>>, Vec<Vec<usize>>) {
    let order = interleaved(dice, log);
    let (mut rest, mut batches) = (order.as_slice(), Vec::new());
    for size in [
        log.len() / 2,
        (log.len() / 2).saturating_sub(shape.small_batches * shape.small_batch),
    ] {
        let (batch, left) = rest.split_at(size.min(rest.len()));
        batches.push(batch.to_vec());
        rest = left;
    }
    let mut later: Vec<Vec<usize>> = rest.chunks(shape.small_batch).map(<[usize]>::to_vec).collect();
    if shape.is_repeated {
        let again = batches[dice.below(batches.len())].clone();
        later.insert(dice.below(later.len() + 1), again);
    }
    (batches, later)
}

/// The places of the log, those of each partition rising.
fn interleaved(dice: &mut Dice, log: &[Message]) -> Vec<usize> {
    let partition = |place: usize| (log[place].kind, log[place].partition);
    let mut queues: BTreeMap<_, VecDeque<usize>> = BTreeMap::new();
    for place in 0..log.len() {
        queues.entry(partition(place)).or_default().push_back(place);
    }
    let mut order: Vec<usize> = (0..log.len()).collect();
    dice.shuffle(&mut order);
    let next = |place: usize| queues.get_mut(&partition(place)).and_then(VecDeque::pop_front);
    order.into_iter().filter_map(next).collect()
}
