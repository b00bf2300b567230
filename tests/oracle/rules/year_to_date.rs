//! The year to date is counted over its whole span, by the same rule as a quarter: what is added, what is distinct, what is in force,
//! what is compared (G4, G6, G7, G8, G9).

use super::samples::{
    admission, asb_case, cctv_incident, domestic_abuse, engagement, exclusion, milestone, person, shift,
};
use super::table::{Case, line, submit};
use crate::oracle::model::count::Who;
use crate::oracle::records::{Engagement, Message, Pid};

/// Up to the third quarter: no half and no year.
const TO_Q3: &str = "2015-04-01..2015-12-31";
const H1: &str = "2015-16/H1";

pub fn cases() -> Vec<Case> {
    vec![year_to_date()]
}

fn met(reference: &str, on: &str, pid: u16) -> Message {
    let engaged = Engagement {
        heads: person(Pid::P(pid)),
        ..engagement(on)
    };
    submit(reference, engaged)
}

fn messages() -> Vec<Message> {
    let admitted = |reference, on| submit(reference, admission(on)).ward("E05005146");
    vec![
        submit("C1", cctv_incident("2015-04-10T12:00:00Z")),
        submit("C2", cctv_incident("2015-10-10T12:00:00Z")),
        submit("C3", cctv_incident("2015-12-31T23:30:00Z")),
        submit("C4", cctv_incident("2016-01-01T00:30:00Z")),
        met("E1", "2015-04-10", 1),
        met("E2", "2015-07-10", 1),
        met("E3", "2015-10-10", 2),
        submit("S1", shift("2015-04-10T22:00:00Z", 10)),
        submit("S2", shift("2015-07-10T22:00:00Z", 5)),
        submit("S3", shift("2015-10-10T22:00:00Z", 1)),
        submit("O1", exclusion("2014-01-01", None)),
        submit("O2", exclusion("2015-05-01", Some("2015-08-01"))),
        submit("O3", exclusion("2015-10-05", None)),
        submit(
            "A",
            asb_case(
                &[("2015-04-10", Some("2015-06-20")), ("2015-10-01", None)],
                &[("2015-04-10", "HIGH")],
            ),
        ),
        admitted("H1", "2015-04-10"),
        admitted("H2", "2015-07-10"),
        admitted("H3", "2015-10-10"),
        admitted("H4", "2015-11-10"),
        admitted("B1", "2014-04-10"),
        admitted("B2", "2014-07-10"),
        admitted("B3", "2014-10-10"),
        // Of the year before, but not of the same span.
        admitted("B4", "2015-01-10"),
        submit("M1", milestone(1, Some("2015-04-10"))),
        submit("M2", milestone(2, Some("2015-10-10"))),
        submit("D1", domestic_abuse("2015-04-10T12:00:00Z")),
        submit("D2", domestic_abuse("2015-07-10T12:00:00Z")),
        submit("D3", domestic_abuse("2015-10-10T12:00:00Z")),
    ]
}

fn year_to_date() -> Case {
    Case::new(
        "year_to_date_per_kind",
        1,
        messages(),
        vec![
            // Event count, whose second quarter is missing; sum; distinct; flow.
            line("P3.04", TO_Q3, 3)
                .missing(&["2015-16/Q2"])
                .status("provisional"),
            line("P3.04", H1, 1),
            line("P3.04", "2015-16", 4),
            line("P3.05a", TO_Q3, 16).missing(&[]),
            line("P1.05", TO_Q3, 2).missing(&[]),
            line("P1.05", H1, 1),
            line("P4.01a", TO_Q3, 2),
            line("P4.01b", TO_Q3, 1),
            // A stock is that of the last day, a milestone what is done since the year began.
            line("P3.01", TO_Q3, 2),
            line("P4.11", TO_Q3, 2).parts(2, 7),
            line("P4.11", H1, None).status("not_returned"),
            // A change is on the same span a year before, a repeat looks back from each record.
            line("P5.06a", TO_Q3, 1).parts(4, 3),
            line("P5.06a", H1, 0).parts(2, 2),
            line("R35", TO_Q3, 1),
            line("R36", TO_Q3, 100).by(Who::Partner(0)),
        ],
    )
}

#[test]
fn year_to_date_per_kind() {
    super::check("year_to_date_per_kind");
}
