//! G1 and G2: which quarter a record is in.

use super::samples::{cctv_incident, referral, shift};
use super::table::{Case, line, submit};

pub fn cases() -> Vec<Case> {
    vec![
        Case::new(
            "g1_the_date_in_the_row_decides_the_quarter",
            1,
            vec![
                submit("A", referral("2015-04-01")),
                submit("B", referral("2015-06-30")),
                submit("C", referral("2016-03-31")),
                submit("D", referral("2016-04-01")),
            ],
            vec![
                line("P1.01a", "2014-15/Q4", None).status("not_returned"),
                line("P1.01a", "2015-16/Q1", 2).status("provisional"),
                line("P1.01a", "2015-16/Q2", None).status("not_returned"),
                line("P1.01a", "2015-16/Q4", 1),
                line("P1.01a", "2015-16", 3).missing(&["2015-16/Q2", "2015-16/Q3"]),
                line("P1.01a", "2015-06-30..2016-03-30", 1),
            ],
        ),
        Case::new(
            "g2_london_dates_at_the_three_summer_boundaries",
            1,
            vec![
                submit("A", cctv_incident("2015-03-31T23:30:00Z")),
                submit("B", cctv_incident("2015-06-30T22:59:00Z")),
                submit("C", cctv_incident("2015-06-30T23:30:00Z")),
                submit("D", cctv_incident("2015-09-30T23:30:00Z")),
                submit("E", cctv_incident("2015-12-31T23:30:00Z")),
            ],
            vec![
                line("P3.04", "2014-15/Q4", None).status("not_returned"),
                line("P3.04", "2015-16/Q1", 2),
                line("P3.04", "2015-16/Q2", 1),
                line("P3.04", "2015-16/Q3", 2),
                line("P3.04", "2015-16/Q4", None).status("not_returned"),
                line("P3.04", "2015-04-01..2015-04-01", 1),
            ],
        ),
        Case::new(
            "g2_a_night_patrol_belongs_to_the_day_it_began",
            1,
            vec![
                submit("A", shift("2015-06-30T22:30:00Z", 10)),
                submit("B", shift("2015-06-30T23:30:00Z", 7)),
            ],
            vec![
                line("P3.05a", "2015-16/Q1", 10),
                line("P3.05a", "2015-16/Q2", 7),
                line("P3.05a", "2015-16/H1", 17),
            ],
        ),
    ]
}

#[test]
fn g1_the_date_in_the_row_decides_the_quarter() {
    super::check("g1_the_date_in_the_row_decides_the_quarter");
}

#[test]
fn g2_london_dates_at_the_three_summer_boundaries() {
    super::check("g2_london_dates_at_the_three_summer_boundaries");
}

#[test]
fn g2_a_night_patrol_belongs_to_the_day_it_began() {
    super::check("g2_a_night_patrol_belongs_to_the_day_it_began");
}
