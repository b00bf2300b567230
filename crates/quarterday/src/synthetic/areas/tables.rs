//! What was published of the county, the borough and Medway, and who is better than the borough.

use super::super::places::BOROUGH;
use super::super::targets::{
    ASB_YEAR, CRIMES, CRIMES_BEFORE, DA_INCIDENTS, DA_INCIDENTS_BEFORE, DA_REPEAT_VICTIMS, DA_VICTIMS,
    R48_ASB_BEFORE, Span, YEAR, YEAR_BEFORE,
};

pub(super) const KENT: &str = "E10000016";
pub(super) const MEDWAY: &str = "E06000035";
pub(super) const SEVENOAKS: &str = "E07000111";
pub(super) const TONBRIDGE: &str = "E07000115";

/// People of the middle of 2014.
pub(super) const PEOPLE: [(&str, i64); 12] = [
    ("E07000105", 123_285),
    ("E07000106", 157_649),
    ("E07000107", 102_234),
    ("E07000108", 112_987),
    ("E07000109", 105_261),
    ("E07000110", 161_819),
    (SEVENOAKS, 117_811),
    ("E07000112", 109_452),
    ("E07000113", 140_836),
    ("E07000114", 138_410),
    (TONBRIDGE, 124_426),
    (BOROUGH, 116_105),
];
pub(super) const PEOPLE_OF_MEDWAY: i64 = 274_015;

/// What the other districts have of what is left to them, in hundredths of an even share.
pub(super) const UNEVEN: [i64; 5] = [96, 108, 92, 101, 104];

/// One measure in one period: the county, the borough, and districts with less than the borough has for its people.
pub(super) struct Table {
    pub(super) measure: &'static str,
    pub(super) span: Span,
    pub(super) kent: i64,
    pub(super) borough: usize,
    /// In hundredths per thousand people.
    pub(super) better: &'static [(&'static str, i64)],
    pub(super) medway: usize,
}

/// Each with the county, the borough and Medway, and who is better than the borough.
pub(super) const TABLES: [Table; 10] = [
    // R03: nobody has less, but Medway would.
    table("ALL_CRIME", YEAR, 88_000, [CRIMES.all, 11_600], &[]),
    table("ALL_CRIME", YEAR_BEFORE, 90_400, [CRIMES_BEFORE.all, 12_100], &[]),
    // R14 and R15.
    table(
        "THSG",
        YEAR,
        30_900,
        [CRIMES.thsg, 3900],
        &[(SEVENOAKS, 1430), (TONBRIDGE, 1480)],
    ),
    table(
        "THSG",
        YEAR_BEFORE,
        30_000,
        [CRIMES_BEFORE.thsg, 4100],
        &[(SEVENOAKS, 1500)],
    ),
    // R24 and R25.
    table(
        "VAP",
        YEAR,
        25_400,
        [CRIMES.vap, 2450],
        &[(SEVENOAKS, 890), (TONBRIDGE, 910)],
    ),
    table(
        "VAP",
        YEAR_BEFORE,
        20_000,
        [CRIMES_BEFORE.vap, 2100],
        &[(SEVENOAKS, 720)],
    ),
    // R33 and R34.
    table(
        "DA_INCIDENTS",
        YEAR,
        22_200,
        [DA_INCIDENTS, 3500],
        &[(SEVENOAKS, 1290)],
    ),
    table(
        "DA_INCIDENTS",
        YEAR_BEFORE,
        20_000,
        [DA_INCIDENTS_BEFORE, 3200],
        &[(SEVENOAKS, 1150)],
    ),
    // R49.
    table(
        "ASB",
        YEAR,
        45_000,
        [ASB_YEAR, 5100],
        &[(SEVENOAKS, 1850), (TONBRIDGE, 1900)],
    ),
    table(
        "ASB",
        YEAR_BEFORE,
        47_200,
        [R48_ASB_BEFORE, 5600],
        &[(SEVENOAKS, 2000)],
    ),
];

/// R55: casualties of 2012 and of 2013; nobody rose as the borough did, but Medway.
pub(super) const CASUALTIES: [(&str, i64, i64); 13] = [
    ("E07000105", 402, 418),
    ("E07000106", 604, 598),
    ("E07000107", 471, 489),
    ("E07000108", 398, 371),
    ("E07000109", 389, 402),
    ("E07000110", 561, 590),
    (SEVENOAKS, 498, 531),
    ("E07000112", 377, 361),
    ("E07000113", 466, 503),
    ("E07000114", 479, 470),
    (TONBRIDGE, 452, 487),
    (BOROUGH, 387, 441),
    (MEDWAY, 690, 805),
];

/// R37: repeat victims and victims of the county and of the borough.
pub(super) const VICTIMS: [(&str, &str, usize); 4] = [
    (KENT, "DA_REPEAT_VICTIMS", 2810),
    (KENT, "DA_VICTIMS", 10_000),
    (BOROUGH, "DA_REPEAT_VICTIMS", DA_REPEAT_VICTIMS),
    (BOROUGH, "DA_VICTIMS", DA_VICTIMS),
];

const fn table(
    measure: &'static str,
    span: Span,
    kent: i64,
    [borough, medway]: [usize; 2],
    better: &'static [(&'static str, i64)],
) -> Table {
    Table {
        measure,
        span,
        kent,
        borough,
        better,
        medway,
    }
}
