//! Records that count somewhere, to be changed in the one point that a case is about.

use crate::oracle::model::calendar::Quarter;
use crate::oracle::records::{
    Activity, AreaStatistic, Arrest, AsbCase, CctvIncident, Code, Engagement, FamilyCase, Heads,
    HospitalAdmission, Kind, MaracCase, Milestone, Order, PatrolShift, Pid, PoliceIncident, PremisesAction,
    Referral, ReturnNotice, RoadCasualty, Spell,
};

use super::table::{day, instant};

/// One person.
pub fn person(pid: Pid) -> Heads {
    Heads {
        tally: false,
        pid: Some(pid),
        headcount: 1,
        approximate: false,
    }
}

/// A headcount.
pub fn tally(headcount: i32) -> Heads {
    Heads {
        tally: true,
        pid: None,
        headcount,
        approximate: false,
    }
}

/// P1.01a.
pub fn referral(on: &str) -> Referral {
    Referral {
        to_service: "DAVSS",
        from_agency: "SELF",
        heads: person(Pid::P(1)),
        sex: "U",
        repeat: false,
        referred_on: day(on),
        risk_at_dealt: None,
        dealt_on: None,
    }
}

/// P1.05.
pub fn engagement(on: &str) -> Engagement {
    Engagement {
        service: "ISVA",
        provider: "OTHER",
        heads: person(Pid::P(1)),
        sex: "U",
        age_band: "UNK",
        contact_on: day(on),
        mode: "ONE_TO_ONE",
        attrs: vec![],
        outcome: "NONE",
        outcome_on: None,
    }
}

/// P1.02a, P1.02b.
pub fn marac_case(referred_on: &str, meeting_on: &str) -> MaracCase {
    MaracCase {
        referred_on: day(referred_on),
        incident_on: None,
        meeting_on: Some(day(meeting_on)),
        victim: Pid::P(1),
        perpetrators: vec![Pid::P(2)],
        outcome: "HEARD",
    }
}

/// P4.07a.
pub fn family_case(from: &str, until: Option<&str>) -> FamilyCase {
    FamilyCase {
        programme: "FAMILIES_FIRST",
        heads: person(Pid::P(1)),
        engaged_from: day(from),
        closed_on: until.map(day),
        outcome: "NONE",
        outcome_on: None,
    }
}

pub fn asb_case(spells: &[(&str, Option<&str>)], risks: &[(&str, Code)]) -> AsbCase {
    let spell = |(opened, closed): &(&str, Option<&str>)| Spell {
        opened_on: day(opened),
        closed_on: closed.map(day),
    };
    AsbCase {
        spells: spells.iter().map(spell).collect(),
        risks: risks.iter().map(|(on, risk)| (day(on), *risk)).collect(),
    }
}

/// P3.01.
pub fn exclusion(from: &str, until: Option<&str>) -> Order {
    Order {
        order_type: "PUBWATCH_EXCLUSION",
        subject: Pid::P(1),
        issued_on: day(from),
        start_on: day(from),
        end_on: until.map(day),
        lifted_on: None,
        basis: "VIOLENCE",
        in_acz: false,
        cctv_monitored: false,
    }
}

/// P3.04.
pub fn cctv_incident(at: &str) -> CctvIncident {
    CctvIncident {
        occurred_at: instant(at),
        incident_type: "VIOLENCE",
        instigated_by: "POLICE",
        monitored: true,
        arrests: 0,
    }
}

/// P3.05a.
pub fn shift(at: &str, people_engaged: i32) -> PatrolShift {
    PatrolShift {
        started_at: instant(at),
        people_engaged,
        ambulances_called: 0,
        police_callouts: 0,
        statements_given: 0,
    }
}

pub fn premises(action_type: Code, done_on: &str) -> PremisesAction {
    PremisesAction {
        action_type,
        premises: Pid::P(1),
        requested_on: None,
        done_on: Some(day(done_on)),
        removed_on: None,
        quantity: 1,
        result: None,
    }
}

/// R35, of the partner's own client 1.
pub fn domestic_abuse(at: &str) -> PoliceIncident {
    PoliceIncident {
        reported_at: instant(at),
        incident_kind: "DA",
        gang_linked: false,
        victim: Some(Pid::P(1)),
    }
}

/// P3.06c.
pub fn gang_linked_asb(at: &str) -> PoliceIncident {
    PoliceIncident {
        reported_at: instant(at),
        incident_kind: "ASB",
        gang_linked: true,
        victim: None,
    }
}

/// P3.06a.
pub fn arrest(on: &str) -> Arrest {
    Arrest {
        arrested_on: day(on),
        alcohol_offence_no: None,
        gang_nominal: true,
        charged_on: None,
    }
}

/// R54.
pub fn casualty(on: &str) -> RoadCasualty {
    RoadCasualty {
        collision_on: day(on),
        severity: 3,
        age: 40,
    }
}

/// P5.06a.
pub fn admission(on: &str) -> HospitalAdmission {
    HospitalAdmission {
        admitted_on: day(on),
        causes: vec!["ALCOHOL_SPECIFIC"],
    }
}

pub fn activity(activity_type: Code, held_on: &str) -> Activity {
    Activity {
        activity_type,
        offered_on: None,
        held_on: Some(day(held_on)),
        ended_on: None,
        status: "HELD",
        sessions: 1,
        attended_young: 0,
        attended_professional: 0,
        partner_orgs: vec![],
        feedback: "NONE",
        delivered_by: vec![],
        lead: true,
    }
}

/// P4.11.
pub fn milestone(number: i32, done_on: Option<&str>) -> Milestone {
    Milestone {
        action_id: "P4.11",
        number,
        done_on: done_on.map(day),
        status: "DONE",
    }
}

pub fn area_statistic(area: Code, measure: Code, (from, to): (&str, &str), value: i64) -> AreaStatistic {
    AreaStatistic {
        area,
        measure,
        from: day(from),
        to: day(to),
        value,
        population: 1000,
    }
}

/// A notice about the quarter of a day, for the whole feed.
pub fn notice(covered: Kind, in_quarter_of: &str, says: Code) -> ReturnNotice {
    let quarter = Quarter::of(day(in_quarter_of));
    ReturnNotice {
        covered,
        year: quarter.year,
        quarter: quarter.number,
        says,
        scope: vec![],
        full: false,
        declared: None,
        received_on: day("2016-05-01"),
    }
}
