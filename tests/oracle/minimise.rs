//! From a partner's row that is wrong to the few messages that make it so. Partners are histories of their own, so
//! one database tries many selections at once, one partner each.

use quarterday_store::Breakdown;

use super::compare::{Mismatch, compare_level};
use super::encode::json_of;
use super::model::count::Who;
use super::model::values::Model;
use super::model::world::World;
use super::product::{Product, kinds_of};
use super::records::{Body, Kind, Message, Pid};

/// The messages that a mismatch needs, as JSON lines.
pub async fn told(mismatch: &Mismatch, log: &[Message]) -> String {
    let Who::Partner(partner) = mismatch.who else {
        return String::new();
    };
    let about = |m: &&Message| match &m.body {
        Some(Body::ReturnNotice(notice)) => notice.covered == mismatch.kind,
        // A withdrawn notice does not say what it was about.
        None if m.kind == Kind::ReturnNotice => true,
        _ => m.kind == mismatch.kind,
    };
    let own = log.iter().filter(|m| m.partner == partner);
    let mut messages: Vec<Message> = own.filter(about).cloned().collect();
    while let Some(smaller) = smaller(mismatch, &messages).await {
        messages = smaller;
    }
    let lines: Vec<String> = messages
        .iter()
        .map(|m| format!("  {} {}/{}: {}", m.kind.name(), m.partition, m.offset, json_of(m)))
        .collect();
    lines.join("\n")
}

/// The fewest of the messages, some neighbours left out, with which the mismatch is still there; `None` if all are
/// needed.
async fn smaller(mismatch: &Mismatch, messages: &[Message]) -> Option<Vec<Message>> {
    let tries = tries(messages);
    if tries.is_empty() {
        return None;
    }
    let mut log = Vec::new();
    for (partner, messages) in tries.iter().enumerate() {
        log.extend(messages.iter().map(|m| of_partner(m, partner)));
    }
    // The same place of the log is taken once for each partner: places must differ, and keep their order.
    for (place, message) in log.iter_mut().enumerate() {
        message.offset = message.offset * 1_000_000 + place as u64;
    }
    let product = Product::new(tries.len(), &kinds_of(log.iter())).await;
    product.insert(log.iter()).await;
    product.refresh().await;
    let world = World::new(&log, tries.len());
    let model = Model::new(&world);
    let wrong = compare_level(&product, &model, mismatch.period, Breakdown::Partner).await;
    product.clean_up().await;
    let still = wrong.iter().filter(|wrong| wrong.id == mismatch.id);
    let partners = still.filter_map(|wrong| match wrong.who {
        Who::Partner(partner) => Some(partner),
        Who::All | Who::Ward(_) => None,
    });
    let fewest = partners.min_by_key(|partner| tries[*partner].len())?;
    Some(tries[fewest].clone())
}

/// The messages without each half, quarter and so on, down to each one.
fn tries(messages: &[Message]) -> Vec<Vec<Message>> {
    let mut tries = Vec::new();
    let mut size = messages.len().div_ceil(2);
    while size > 0 {
        for start in (0..messages.len()).step_by(size) {
            let end = (start + size).min(messages.len());
            tries.push([&messages[..start], &messages[end..]].concat());
        }
        size /= 2;
    }
    tries
}

/// The message of another partner, with people that no other partner shares.
fn of_partner(message: &Message, partner: usize) -> Message {
    let mut copy = message.clone();
    copy.partner = partner;
    let own = |pid: &mut Pid| {
        if let Pid::M(number) = pid {
            *number = *number % 3 + 3 * u16::try_from(partner).unwrap();
        }
    };
    match &mut copy.body {
        Some(Body::Referral(r)) => r.heads.pid.iter_mut().for_each(own),
        Some(Body::Engagement(r)) => r.heads.pid.iter_mut().for_each(own),
        Some(Body::FamilyCase(r)) => r.heads.pid.iter_mut().for_each(own),
        Some(Body::MaracCase(r)) => {
            own(&mut r.victim);
            r.perpetrators.iter_mut().for_each(own);
        }
        Some(Body::Order(r)) => own(&mut r.subject),
        Some(Body::PoliceIncident(r)) => r.victim.iter_mut().for_each(own),
        Some(Body::PremisesAction(r)) => own(&mut r.premises),
        _ => {}
    }
    copy
}
