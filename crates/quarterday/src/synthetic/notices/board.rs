//! Which notice came for which quarter.

/// The notices of one feed: for each quarter from April 2014 to March 2016 R (returned), N (nil), A (not applicable), E
/// (extension asked for) or - (none).
pub(super) struct Row {
    pub(super) feed: &'static str,
    pub(super) partner: &'static str,
    pub(super) signs: &'static str,
}

/// Who signs.
pub(super) const ROLE: &str = "COORDINATOR";

const fn row(feed: &'static str, partner: &'static str, signs: &'static str) -> Row {
    Row { feed, partner, signs }
}

/// Of the Review's half-year, the first two, only Sherwood's families and the noise monitors lack a notice, and a row.
pub(super) const BOARD: [Row; 52] = [
    row("cctv-incidents", "TWBC_CCTV", "RRRRRRRR"),
    row("pubwatch-exclusions", "STP", "RRRRRRRR"),
    row("davss-referrals", "DAVSS", "RRRRRRRR"),
    row("warden-visits", "KCC_WARDENS", "RRRRRRRR"),
    row("warden-referrals", "KCC_WARDENS", "RRRRRRRR"),
    row("recorded-crimes", "KPOL", "RRRRRRRR"),
    row("police-incidents", "KPOL", "RRRRRRRR"),
    row("csu-referrals", "CSU", "RRRRRRRR"),
    row("ehps-referrals", "KCC_EHPS", "---RRRRR"),
    row("kca-referrals", "KCA", "---RRRRR"),
    row("ep-referrals", "TWBC_EP", "----RRRR"),
    row("cdap-referrals", "CDAP", "RRRRRRRR"),
    row("cdap-contacts", "CDAP", "--RRRRRR"),
    // The third quarter of 2015-16 has rows all the same.
    row("isva-contacts", "FAMILY_MATTERS", "---RRRNR"),
    row("one-stop-shop-contacts", "WK_REFUGE", "---RRR-R"),
    row("kenward-contacts", "KENWARD", "RR-RRRRR"),
    row("ehps-contacts", "KCC_EHPS", "RR--RRRR"),
    row("sherwood-contacts", "SHERWOOD", "--RRRRRR"),
    row("cri-contacts", "CRI", "RRRRRRRR"),
    row("kca-contacts", "KCA", "---RRRRR"),
    row("winter-shelter-nights", "CFTW", "AARRAARR"),
    row("davss-helpline-calls", "DAVSS", "RRR-----"),
    row("hate-line-calls", "HATE_LINE", "RR-R----"),
    row("police-contacts", "KPOL", "RR------"),
    row("marac-cases", "MARAC_WK", "RRRRRRRR"),
    row("families-first-cases", "FAMILIES_FIRST", "RRRRRRRR"),
    row("sherwood-families", "SHERWOOD", "-RRRRRRR"),
    row("asb-cases", "CSU", "RRRRRRRR"),
    row("community-triggers", "TWBC", "AARRRRRR"),
    row("csu-orders", "CSU", "RRRRRRRR"),
    row("police-orders", "KPOL", "RRRRRRRR"),
    row("tchg-orders", "TCHG", "RRRRRRRR"),
    row("arrests", "KPOL", "--RRRRRR"),
    row("road-casualties", "KCC_RS", "RRRR----"),
    row("hospital-admissions", "KCC_PH", "RRRRRRRR"),
    row("davss-activities", "DAVSS", "--RRRNRR"),
    row("kfrs-activities", "KFRS", "--RRRRRR"),
    row("warden-activities", "KCC_WARDENS", "RRRRRRRR"),
    row("csu-activities", "CSU", "RRRRRRRR"),
    row("police-activities", "KPOL", "---RRRRR"),
    row("stp-activities", "STP", "----RRRR"),
    row("salus-activities", "SALUS", "RNNNRNNN"),
    row("kca-activities", "KCA", "---RRRNR"),
    row("vawk-activities", "VAWK", "RRR-----"),
    row("street-pastor-shifts", "STREET_PASTORS", "--RRRRRR"),
    row("sanctuary-properties", "TWBC_HOUSING", "--RRRRRR"),
    row("noise-monitoring", "TWBC_EP", "-RRRRRRR"),
    row("safer-socialising-awards", "STP", "---RNRRR"),
    row("test-purchases", "TRADING_STDS", "---RRRRE"),
    row("milestones", "CSU", "RRRRRRRR"),
    row("police-statistics", "KPOL", "RRRRRRRR"),
    row("road-statistics", "KCC_RS", "RRRR----"),
];
