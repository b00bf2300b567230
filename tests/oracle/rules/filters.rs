//! Filters of the catalogues at their edges: what just counts, and what just does not.

use super::samples::{activity, arrest, casualty, engagement, exclusion, person, premises, referral};
use super::table::{Case, day, line, submit};
use crate::oracle::records::{
    Activity, Arrest, Code, Engagement, Message, Order, Pid, PremisesAction, RecordedCrime, Referral,
    RoadCasualty,
};

const Q1: &str = "2015-16/Q1";
const ON: &str = "2015-04-10";

pub fn cases() -> Vec<Case> {
    vec![activities(), people(), police(), places_and_orders()]
}

/// Records with references of their own.
fn all<T: crate::oracle::records::Record>(records: Vec<T>) -> Vec<Message> {
    let numbered = records.into_iter().enumerate();
    numbered
        .map(|(number, record)| submit(&format!("R{number}"), record))
        .collect()
}

fn activities() -> Case {
    let held = |status: Code| Activity {
        status,
        ..activity("RS_CAMPAIGN", ON)
    };
    let training = |status: Code, delivered_by: &[Code]| Activity {
        activity_type: "LICENSING_TRAINING",
        offered_on: Some(day(ON)),
        held_on: None,
        status,
        delivered_by: delivered_by.to_vec(),
        ..activity("LICENSING_TRAINING", ON)
    };
    let project = |ended_on: Option<&str>, status: Code, feedback: Code| Activity {
        held_on: None,
        ended_on: ended_on.map(day),
        status,
        feedback,
        ..activity("PED_CYCLE_PROGRAMME", ON)
    };
    let not_led = Activity {
        lead: false,
        ..held("HELD")
    };
    let not_yet = Activity {
        held_on: None,
        ..held("HELD")
    };
    // Offered in an earlier year: the day of the offer counts, not that of the session.
    let offered_before = Activity {
        offered_on: Some(day("2014-04-10")),
        held_on: Some(day(ON)),
        ..training("HELD", &["KPOL"])
    };
    let never_offered = Activity {
        offered_on: None,
        held_on: Some(day(ON)),
        ..training("HELD", &["STP", "KPOL"])
    };
    let records = vec![
        held("HELD"),
        held("COMPLETED"),
        held("BOOKED"),
        held("CANCELLED"),
        not_led,
        not_yet,
        training("CANCELLED", &["KPOL"]),
        training("OFFERED", &["STP"]),
        offered_before,
        never_offered,
        project(Some(ON), "COMPLETED", "PROVIDED"),
        project(Some(ON), "COMPLETED", "RECEIVED"),
        project(Some(ON), "HELD", "PROVIDED"),
        project(None, "COMPLETED", "PROVIDED"),
    ];
    Case::new(
        "filters_of_activities",
        1,
        all(records),
        vec![
            line("P2.02", Q1, 2),
            line("P3.08", Q1, 2),
            line("P2.01a", Q1, 2),
            line("P2.01b", Q1, 1),
            // A programme counts here by its first day, and these have none.
            line("R52", Q1, 0),
        ],
    )
}

fn people() -> Case {
    let numbers = 1_u16..;
    let records = [
        ("HOTSPOT_OUTREACH", "KENWARD", "10-17"),
        ("HOTSPOT_OUTREACH", "KENWARD", "18-19"),
        ("HOTSPOT_OUTREACH", "KENWARD", "U10"),
        ("HOTSPOT_OUTREACH", "CRI", "10-17"),
        ("KCA_YP", "OTHER", "10-17"),
        ("KCA_YP", "OTHER", "18-19"),
    ];
    let mut messages: Vec<Engagement> = records
        .into_iter()
        .zip(numbers)
        .map(|((service, provider, age_band), number)| Engagement {
            service,
            provider,
            age_band,
            heads: person(Pid::P(number)),
            ..engagement(ON)
        })
        .collect();
    let guest = |number: u16, attrs: &[Code], outcome_on: Option<&str>| Engagement {
        service: "WINTER_SHELTER",
        mode: "OVERNIGHT",
        heads: person(Pid::P(number)),
        attrs: attrs.to_vec(),
        outcome: "POSITIVE",
        outcome_on: outcome_on.map(day),
        ..engagement(ON)
    };
    messages.extend([
        guest(20, &["OFFENDER", "SUBSTANCE_MISUSE"], Some(ON)),
        guest(21, &["SUBSTANCE_MISUSE"], Some("2015-07-01")),
        guest(22, &["NFA"], Some(ON)),
        guest(23, &["OFFENDER"], None),
    ]);
    Case::new(
        "filters_of_people",
        1,
        all(messages),
        vec![
            line("P4.04a", Q1, 2),
            line("P5.01", Q1, 4),
            line("R41", Q1, 3),
            line("P5.03a", Q1, 1),
            line("P5.05a", Q1, 2),
            line("P5.05b", Q1, 2),
            line("P5.05c", Q1, 1),
            line("P5.05c", "2015-16/Q2", 1),
        ],
    )
}

fn police() -> Case {
    let crime = |status: Code, strands: &[Code]| RecordedCrime {
        recorded_on: day(ON),
        ho_group: Some("THSG"),
        ho_subgroup: None,
        hate_strands: strands.to_vec(),
        status,
    };
    let numbered = |number| Arrest {
        alcohol_offence_no: number,
        ..arrest(ON)
    };
    let charged = Arrest {
        charged_on: Some(day("2015-10-01")),
        ..arrest(ON)
    };
    let sherwood = |arrests: Vec<Arrest>| all(arrests).into_iter().map(|m| m.ward("E05005146"));
    let aged = |age| RoadCasualty { age, ..casualty(ON) };
    let severe = |severity| RoadCasualty {
        severity,
        ..casualty(ON)
    };
    let mut messages = all(vec![
        crime("RECORDED", &["RACE", "RELIGION"]),
        crime("RECLASSIFIED", &[]),
        crime("CANCELLED", &["RACE"]),
    ]);
    messages.extend(sherwood(vec![
        numbered(None),
        numbered(Some(0)),
        numbered(Some(1)),
        numbered(Some(11)),
        numbered(Some(12)),
        charged,
    ]));
    messages.extend(all(vec![
        aged(-1),
        aged(0),
        aged(15),
        aged(16),
        severe(1),
        severe(2),
    ]));
    Case::new(
        "filters_of_police_and_roads",
        1,
        messages,
        vec![
            line("P3.03", Q1, 1),
            line("R02", Q1, 2),
            line("P5.06c", Q1, 2),
            line("P3.06b", Q1, 0),
            line("P3.06b", "2015-16/Q3", 1),
            line("R58", Q1, 2),
            line("R57", Q1, 2),
        ],
    )
}

fn places_and_orders() -> Case {
    let tested = |result| PremisesAction {
        result,
        ..premises("TEST_PURCHASE", ON)
    };
    let direction = |order_type: Code, in_acz, cctv_monitored| Order {
        order_type,
        in_acz,
        cctv_monitored,
        ..exclusion(ON, Some("2015-04-12"))
    };
    let legacy = |issued_on: &str| Order {
        order_type: "HOUSING_INJUNCTION",
        issued_on: day(issued_on),
        ..exclusion("2014-09-30", None)
    };
    let to = |service: Code, from_agency: Code| Referral {
        to_service: service,
        from_agency,
        ..referral(ON)
    };
    let mut messages = all(vec![
        tested(None),
        tested(Some("SOLD")),
        tested(Some("REFUSED")),
        tested(Some("NOT_TESTED")),
    ]);
    messages.extend(all(vec![
        direction("DISPERSAL_S35", true, true),
        direction("DIRECTION_S27", true, true),
        direction("DISPERSAL_S35", true, false),
        direction("DISPERSAL_S35", false, true),
        direction("DISPERSAL_S30", true, true),
        legacy("2014-03-31"),
        legacy("2014-04-01"),
        legacy("2014-09-30"),
    ]));
    messages.extend(all(vec![
        to("EP", "CSU"),
        to("EP", "KPOL"),
        to("KYDIS", "KPOL"),
        to("KYDIS", "CSU"),
    ]));
    Case::new(
        "filters_of_premises_orders_and_referrals",
        1,
        messages,
        vec![
            line("P5.07", Q1, 3),
            line("P5.09", Q1, 2),
            line("R21", Q1, 1),
            line("R40", "2014-15/Q2", 2),
            line("P4.03b", "2014-15/Q2", 3),
            line("P4.10", Q1, 1),
            line("P5.03b", Q1, 1),
        ],
    )
}

#[test]
fn filters_of_activities() {
    super::check("filters_of_activities");
}

#[test]
fn filters_of_people() {
    super::check("filters_of_people");
}

#[test]
fn filters_of_police_and_roads() {
    super::check("filters_of_police_and_roads");
}

#[test]
fn filters_of_premises_orders_and_referrals() {
    super::check("filters_of_premises_orders_and_referrals");
}
