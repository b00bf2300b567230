//! What of a record places it in a quarter, and which part of a return it belongs to (domain.md, section 3).

use jiff::civil::Date;

use super::calendar::{Quarter, Span, london};
use crate::oracle::records::{Body, Code};

/// The first date of a record: what a full return of a quarter is about.
pub fn first_date(body: &Body) -> Option<Date> {
    match body {
        Body::ReturnNotice(_) | Body::Milestone(_) => None,
        Body::Referral(r) => Some(r.referred_on),
        Body::Engagement(r) => Some(r.contact_on),
        Body::MaracCase(r) => Some(r.referred_on),
        Body::FamilyCase(r) => Some(r.engaged_from),
        Body::AsbCase(r) => r.spells.first().map(|spell| spell.opened_on),
        Body::CommunityTrigger(r) => Some(r.applied_on),
        Body::Order(r) => Some(r.issued_on),
        Body::CctvIncident(r) => Some(london(r.occurred_at)),
        Body::RecordedCrime(r) => Some(r.recorded_on),
        Body::PoliceIncident(r) => Some(london(r.reported_at)),
        Body::Arrest(r) => Some(r.arrested_on),
        Body::RoadCasualty(r) => Some(r.collision_on),
        Body::HospitalAdmission(r) => Some(r.admitted_on),
        Body::Activity(r) => r.offered_on.or(r.held_on).or(r.ended_on),
        Body::PatrolShift(r) => Some(london(r.started_at)),
        Body::PremisesAction(r) => r.requested_on.or(r.done_on).or(r.removed_on),
        Body::AreaStatistic(r) => Some(r.from),
    }
}

/// The quarters in which a record is there: those of the dates by which measures place it, and those that it reports
/// for.
pub fn quarters_present(body: &Body) -> Vec<Quarter> {
    let mut quarters: Vec<Quarter> = placing_dates(body)
        .into_iter()
        .flatten()
        .map(Quarter::of)
        .collect();
    if let Body::AreaStatistic(r) = body {
        let span = Span {
            first: r.from,
            last: r.to,
        };
        quarters.extend(span.quarters());
    }
    quarters.sort_unstable();
    quarters.dedup();
    quarters
}

fn placing_dates(body: &Body) -> Vec<Option<Date>> {
    match body {
        Body::ReturnNotice(_) | Body::AreaStatistic(_) => vec![],
        Body::Referral(r) => vec![Some(r.referred_on), r.dealt_on],
        Body::Engagement(r) => vec![Some(r.contact_on), r.outcome_on],
        Body::MaracCase(r) => vec![Some(r.referred_on), r.meeting_on],
        Body::FamilyCase(r) => vec![Some(r.engaged_from), r.outcome_on],
        Body::AsbCase(r) => {
            let days = r
                .spells
                .iter()
                .map(|spell| [Some(spell.opened_on), spell.closed_on]);
            days.flatten().collect()
        }
        Body::CommunityTrigger(r) => vec![Some(r.applied_on), r.threshold_on, r.resolved_on],
        Body::Order(r) => vec![Some(r.start_on), Some(r.issued_on)],
        Body::CctvIncident(r) => vec![Some(london(r.occurred_at))],
        Body::RecordedCrime(r) => vec![Some(r.recorded_on)],
        Body::PoliceIncident(r) => vec![Some(london(r.reported_at))],
        Body::Arrest(r) => vec![Some(r.arrested_on), r.charged_on],
        Body::RoadCasualty(r) => vec![Some(r.collision_on)],
        Body::HospitalAdmission(r) => vec![Some(r.admitted_on)],
        Body::Activity(r) => vec![r.ended_on, r.held_on, r.offered_on],
        Body::PatrolShift(r) => vec![Some(london(r.started_at))],
        Body::PremisesAction(r) => vec![r.done_on],
        Body::Milestone(r) => vec![r.done_on],
    }
}

/// The code by which notices tell the parts of a return apart.
pub fn scope_code(body: &Body) -> Option<Code> {
    match body {
        Body::Referral(r) => Some(r.to_service),
        Body::Engagement(r) => Some(r.service),
        Body::FamilyCase(r) => Some(r.programme),
        Body::Order(r) => Some(r.order_type),
        Body::Activity(r) => Some(r.activity_type),
        Body::PremisesAction(r) => Some(r.action_type),
        _ => None,
    }
}
