//! G10: where records count.

use super::samples::{arrest, engagement, milestone, referral};
use super::table::{Case, line, submit};
use crate::oracle::model::count::Who;
use crate::oracle::records::{Arrest, Engagement};

const Q1: &str = "2015-16/Q1";

pub fn cases() -> Vec<Case> {
    let call = || Engagement {
        service: "DAVSS_HELPLINE",
        mode: "TELEPHONE",
        ..engagement("2015-04-10")
    };
    let alcohol = || Arrest {
        alcohol_offence_no: Some(11),
        ..arrest("2015-04-10")
    };
    vec![
        Case::new(
            "g10_only_the_district_counts",
            1,
            vec![
                submit("A", referral("2015-04-10")),
                submit("B", referral("2015-04-10")).district(Some("E07000115")),
                submit("C", referral("2015-04-10")).district(None),
                submit("D", call()),
                submit("E", call()).district(Some("E07000115")),
                submit("F", call()).district(None),
                submit("G", milestone(1, Some("2015-04-10"))).district(None),
            ],
            vec![
                line("P1.01a", Q1, 1),
                // Calls from all of the service's districts, and milestones have no place.
                line("R27", Q1, 3),
                line("P4.11", Q1, 1),
            ],
        ),
        Case::new(
            "g10_elsewhere_is_returned_all_the_same",
            1,
            vec![submit("A", referral("2015-04-10")).district(Some("E07000115"))],
            vec![line("P1.01a", Q1, 0).status("provisional")],
        ),
        Case::new(
            "g10_an_unknown_ward_counts_in_the_borough_only",
            1,
            vec![
                submit("A", alcohol()),
                submit("B", alcohol()).ward("E05005146"),
                submit("C", alcohol()).ward("E05005131"),
            ],
            vec![
                line("P3.06a", Q1, 3).by(Who::All),
                line("P3.06a", Q1, 1).by(Who::Ward("E05005131")),
                // Of Sherwood only.
                line("P5.06c", Q1, 1).by(Who::All),
                line("P5.06c", Q1, 1).by(Who::Ward("E05005146")),
            ],
        ),
    ]
}

#[test]
fn g10_only_the_district_counts() {
    super::check("g10_only_the_district_counts");
}

#[test]
fn g10_elsewhere_is_returned_all_the_same() {
    super::check("g10_elsewhere_is_returned_all_the_same");
}

#[test]
fn g10_an_unknown_ward_counts_in_the_borough_only() {
    super::check("g10_an_unknown_ward_counts_in_the_borough_only");
}
