//! From typed messages to the JSON that partners' files hold. What no rule looks at has one value here.

use jiff::civil::Date;
use serde_json::{Value, json};

use super::product::{feed_of, partner};
use super::records::{Body, Heads, Message, Op, Pid};

/// A message as the encoder takes it.
pub fn json_of(message: &Message) -> Value {
    let withdrawn = message.op == Op::Withdraw;
    json!({
        "feed": feed_of(message.kind), "partner": partner(message.partner), "ref": message.reference,
        "op": match message.op { Op::Submit => "SUBMIT", Op::Amend => "AMEND", Op::Withdraw => "WITHDRAW" },
        "version": message.version, "reason": withdrawn.then_some("ERROR"),
        "sent_at": message.sent_at.to_string(), "return_id": message.return_id,
        "district": message.district, "ward": message.ward,
        "body": message.body.as_ref().map(body),
    })
}

fn body(body: &Body) -> Value {
    match body {
        Body::ReturnNotice(_)
        | Body::Referral(_)
        | Body::Engagement(_)
        | Body::MaracCase(_)
        | Body::FamilyCase(_)
        | Body::AsbCase(_)
        | Body::CommunityTrigger(_) => about_people(body),
        _ => about_events(body),
    }
}

fn about_people(body: &Body) -> Value {
    match body {
        Body::ReturnNotice(r) => json!({
            "covered_feed": feed_of(r.covered), "fy": format!("{}-{:02}", r.year, (r.year + 1) % 100),
            "quarter": r.quarter, "kind": r.says, "scope": r.scope, "mode": if r.full { "FULL" } else { "DELTA" },
            "declared_records": r.declared, "received_on": r.received_on, "role_signed": "MANAGER",
        }),
        Body::Referral(r) => with_heads(
            &r.heads,
            "subject_pid",
            json!({
                "to_service": r.to_service, "from_agency": r.from_agency, "subject_kind": "PERSON", "sex": r.sex,
                "age_band": "UNK", "repeat": r.repeat, "referred_on": r.referred_on, "risk": null,
                "risk_at_dealt": r.risk_at_dealt, "risk_tool": "NONE", "ticks": null, "status": "RECEIVED",
                "dealt_on": r.dealt_on, "closed_on": null,
            }),
        ),
        Body::Engagement(r) => with_heads(
            &r.heads,
            "subject_pid",
            json!({
                "service": r.service, "provider": r.provider, "sex": r.sex, "age_band": r.age_band,
                "contact_on": r.contact_on, "mode": r.mode, "attrs": r.attrs, "outcome": r.outcome,
                "outcome_on": r.outcome_on,
            }),
        ),
        Body::MaracCase(r) => json!({
            "referred_on": r.referred_on, "incident_on": r.incident_on, "meeting_on": r.meeting_on,
            "victim_pid": pid(r.victim),
            "perpetrator_pids": r.perpetrators.iter().copied().map(pid).collect::<Vec<_>>(),
            "referring_agency": "KPOL", "criterion": "JUDGEMENT", "partner_says_repeat": null, "outcome": r.outcome,
            "children": null,
        }),
        Body::FamilyCase(r) => with_heads(
            &r.heads,
            "family_pid",
            json!({
                "programme": r.programme, "engaged_from": r.engaged_from, "closed_on": r.closed_on, "members": null,
                "criteria": [], "outcome": r.outcome, "outcome_on": r.outcome_on,
            }),
        ),
        Body::AsbCase(r) => json!({
            "spells": r.spells.iter().map(|spell| json!({
                "opened_on": spell.opened_on, "closed_on": spell.closed_on,
            })).collect::<Vec<_>>(),
            "risk_changes": r.risks.iter().map(|(on, risk)| json!({"on": on, "risk": risk})).collect::<Vec<_>>(),
            "nsir": "NUISANCE", "victim_pid": null, "repeat": false, "vulnerable": false, "close_reason": null,
        }),
        Body::CommunityTrigger(r) => json!({
            "lead_agency": "TWBC", "applied_on": r.applied_on, "applicant_pid": pid(Pid::P(0)),
            "qualifying_complaints": 3, "threshold": r.threshold, "threshold_on": r.threshold_on, "review_on": null,
            "recommendations": 0, "outcome": r.outcome, "resolved_on": r.resolved_on, "appealed": false,
        }),
        _ => unreachable!("about events"),
    }
}

fn about_events(body: &Body) -> Value {
    match body {
        Body::Order(r) => json!({
            "order_type": r.order_type, "subject_pid": pid(r.subject), "issued_by": "STP", "issued_on": r.issued_on,
            "start_on": r.start_on, "end_on": r.end_on, "lifted_on": r.lifted_on, "interim": false, "basis": r.basis,
            "adult": true, "authorisation_ref": null, "in_acz": r.in_acz, "cctv_monitored": r.cctv_monitored,
        }),
        Body::CctvIncident(r) => json!({
            "occurred_at": r.occurred_at.to_string(), "incident_type": r.incident_type,
            "instigated_by": r.instigated_by, "monitored": r.monitored, "arrests": r.arrests, "camera_area": "TC",
        }),
        Body::RecordedCrime(r) => json!({
            "recorded_on": r.recorded_on, "occurred_on": null, "ho_code": null, "category": null,
            "ho_group": r.ho_group, "ho_subgroup": r.ho_subgroup, "hate_strands": r.hate_strands, "da_flag": false,
            "alcohol_flag": false, "status": r.status,
        }),
        Body::PoliceIncident(r) => json!({
            "reported_at": r.reported_at.to_string(), "kind": r.incident_kind, "nsir": null, "category": null,
            "gang_linked": r.gang_linked, "victim_pid": r.victim.map(pid), "crime_ref": null,
        }),
        Body::Arrest(r) => json!({
            "arrested_on": r.arrested_on, "offence_code": "8N", "alcohol_offence_no": r.alcohol_offence_no,
            "gang_nominal": r.gang_nominal, "charged_on": r.charged_on, "result": null, "result_on": null,
            "cctv_prompted": false,
        }),
        Body::RoadCasualty(r) => json!({
            "collision_on": r.collision_on, "severity": r.severity, "casualty_class": 1, "age": r.age,
            "age_band": -1, "casualty_type": 9, "lad": 543, "police_force": 46, "validated": true,
        }),
        Body::HospitalAdmission(r) => json!({
            "admitted_on": r.admitted_on, "ended_on": null, "icd10_primary": "I10", "icd10_secondary": [],
            "causes": r.causes, "age_band": "UNK",
        }),
        Body::Activity(r) => json!({
            "type": r.activity_type, "title": null, "audience": "ALL", "offered_on": r.offered_on,
            "held_on": r.held_on, "ended_on": r.ended_on, "status": r.status, "sessions": r.sessions,
            "attended_young": r.attended_young, "attended_adult": 1, "attended_professional": r.attended_professional,
            "partner_orgs": r.partner_orgs, "feedback": r.feedback, "delivered_by": r.delivered_by, "lead": r.lead,
        }),
        Body::PatrolShift(r) => json!({
            "started_at": r.started_at.to_string(), "ended_at": null, "volunteers": 4,
            "people_engaged": r.people_engaged, "ambulances_called": r.ambulances_called,
            "police_callouts": r.police_callouts, "statements_given": r.statements_given,
        }),
        Body::PremisesAction(r) => json!({
            "type": r.action_type, "premises_pid": pid(r.premises), "requested_on": r.requested_on,
            "done_on": r.done_on, "removed_on": r.removed_on, "quantity": r.quantity, "renewal": false,
            "result": r.result,
        }),
        Body::Milestone(r) => json!({
            "action_id": r.action_id, "milestone_no": r.number, "title": null, "due_on": null,
            "done_on": r.done_on, "status": r.status, "evidence_ref": null,
        }),
        Body::AreaStatistic(r) => json!({
            "area": r.area, "measure": r.measure, "period_from": r.from, "period_to": r.to, "value": r.value,
            "population": r.population, "population_year": year(r.to),
        }),
        _ => unreachable!("about people"),
    }
}

fn with_heads(heads: &Heads, pid_field: &str, mut body: Value) -> Value {
    body["basis"] = json!(if heads.tally { "TALLY" } else { "PERSON" });
    body[pid_field] = json!(heads.pid.map(pid));
    body["headcount"] = json!(heads.headcount);
    body["approximate"] = json!(heads.approximate);
    body
}

fn year(day: Date) -> i16 {
    day.year()
}

/// The domain of the pseudonym, its key version, and 32 hexadecimal digits.
fn pid(pid: Pid) -> String {
    let (domain, number) = match pid {
        Pid::P(number) => ('P', number),
        Pid::M(number) => ('M', number),
    };
    format!("{domain}1-{number:032x}")
}
