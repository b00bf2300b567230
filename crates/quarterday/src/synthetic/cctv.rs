//! CCTV incidents: the control room's log, returned every week.

use jiff::civil::DateTime;
use serde_json::{Value, json};

use super::calendar::{ANY_TIME, NIGHTS, SHOPS, Times, edges, instant};
use super::draft::{Delivery, Draft, Feed, Stage, count, number, set, text};
use super::places::{BOROUGH, cameras};
use super::random::Random;
use super::story::Produced;
use super::targets::{CCTV, CCTV_AFTER, CCTV_BEFORE, CCTV_PLAN_FIRST, CCTV_PLAN_SECOND, Cctv};
use super::troubles::{Trouble, lost, tell_all};

pub(super) const FEED: Feed = Feed {
    name: "cctv-incidents",
    partner: "TWBC_CCTV",
    delivery: Delivery::Weekly,
    date: "occurred_at",
    reasons: ["ERROR", "DUPLICATE", "NOT_OURS"],
    before,
    mix: &[
        (Trouble::WardMended, 12),
        (Trouble::MovedLater, 4),
        (Trouble::MovedEarlier, 4),
        (Trouble::Mended, 16),
        (Trouble::MendedTwice, 3),
        (Trouble::SentTwice, 18),
        (Trouble::Contradicted, 5),
        (Trouble::SubmitLate, 4),
        (Trouble::OutOfOrder, 4),
        (Trouble::Resubmitted, 3),
        (Trouble::Withdrawn, 9),
        (Trouble::WithdrawnFirst, 2),
        (Trouble::AmendedTooLate, 2),
        (Trouble::MovedAway, 3),
        (Trouble::Elsewhere, 46),
        (Trouble::OrphanAmend, 4),
        (Trouble::OrphanWithdraw, 2),
    ],
};

/// Incidents that operators saw themselves and that are neither violence nor shoplifting.
const OTHERS_BY_OPERATORS: usize = 34;
/// The same, raised by the police or the public.
const OTHERS_BY_CALL: usize = 32;
/// Nobody could watch these: kept, in no figure of what was monitored.
const NOT_MONITORED: usize = 11;
/// Arrests from one incident, at least and at most.
const ARRESTS: (i64, i64) = (0, 6);

/// Rows of one kind.
struct Cell {
    incident_type: Option<&'static str>,
    instigated_by: Option<&'static str>,
    monitored: bool,
    rows: usize,
}

pub(super) fn produced(seed: u64) -> Vec<Produced> {
    let random = &mut Random::new(seed, FEED.name);
    let mut drafts = Vec::new();
    for half in [CCTV_BEFORE, CCTV, CCTV_AFTER, CCTV_PLAN_FIRST, CCTV_PLAN_SECOND] {
        drafts.extend(half_year(random, &half));
    }
    for _ in 0..lost(FEED.mix) {
        drafts.push(countable(random).lost());
    }
    let mut log = 4100;
    number(&FEED, random, &mut drafts, |random, body| {
        log += random.between(1, 4);
        format!(
            "CC{}-{log:06}",
            text(body, "occurred_at").get(2..4).unwrap_or_default()
        )
    });
    tell_all(&FEED, random, drafts)
}

/// A row that would count in R19 or R06, and in R20 or R05.
pub(super) fn countable(random: &mut Random) -> Draft {
    let incident_type = random.pick(&["VIOLENCE", "SHOPLIFTING"]);
    let by = random.pick(&["CCTV_OPERATOR", "PUBWATCH_RADIO"]);
    let rhythms = [&SHOPS, &NIGHTS, &ANY_TIME].map(|rhythm| Times::new(CCTV.span, rhythm));
    let at = rhythm(&rhythms, incident_type).draw(random);
    let mut draft = draft(random, at, [incident_type, by], true);
    give_arrests(&mut draft, 2);
    draft
}

fn half_year(random: &mut Random, half: &Cctv) -> Vec<Draft> {
    let nights = edges(half.span);
    let rhythms = [&SHOPS, &NIGHTS, &ANY_TIME].map(|rhythm| Times::new(half.span, rhythm));
    let mut drafts = Vec::new();
    for (position, cell) in cells(half).into_iter().enumerate() {
        // The first cells are of night life: only there are incidents at the very edges of quarters lifelike.
        let mut edges = nights.iter().filter(|_| position < 2);
        for _ in 0..cell.rows {
            let incident_type = cell.incident_type.unwrap_or_else(|| other_type(random));
            let by = cell
                .instigated_by
                .unwrap_or_else(|| random.percents(&[("POLICE", 60)], "PUBLIC"));
            let at = match edges.next() {
                Some(edge) => *edge,
                None => rhythm(&rhythms, incident_type).draw(random),
            };
            drafts.push(draft(random, at, [incident_type, by], cell.monitored));
        }
    }
    share_arrests(random, half.operator_arrests, &mut drafts);
    drafts
}

/// Violence by the Pubwatch radio counts in two figures, so it comes first and the rest of each figure after it.
fn cells(half: &Cctv) -> Vec<Cell> {
    let cell = |incident_type, instigated_by, rows| Cell {
        incident_type,
        instigated_by,
        monitored: true,
        rows,
    };
    let violence = half.violence - half.violence_by_pubwatch;
    let by_operators = violence * 60 / 100;
    let by_police = violence * 27 / 100;
    let seen_in_shops = half.shoplifting * 40 / 100;
    let by_shops = half.shoplifting * 47 / 100;
    let mut cells = vec![
        cell(
            Some("VIOLENCE"),
            Some("PUBWATCH_RADIO"),
            half.violence_by_pubwatch,
        ),
        cell(Some("VIOLENCE"), Some("CCTV_OPERATOR"), by_operators),
        cell(Some("VIOLENCE"), Some("POLICE"), by_police),
        cell(
            Some("VIOLENCE"),
            Some("PUBLIC"),
            violence - by_operators - by_police,
        ),
        cell(
            None,
            Some("PUBWATCH_RADIO"),
            half.pubwatch - half.violence_by_pubwatch,
        ),
        cell(Some("SHOPLIFTING"), Some("CCTV_OPERATOR"), seen_in_shops),
        cell(Some("SHOPLIFTING"), Some("RETAIL_RADIO"), by_shops),
        cell(
            Some("SHOPLIFTING"),
            None,
            half.shoplifting - seen_in_shops - by_shops,
        ),
        cell(None, Some("CCTV_OPERATOR"), OTHERS_BY_OPERATORS),
        cell(None, None, OTHERS_BY_CALL),
    ];
    let missed = [
        ("VIOLENCE", "PUBWATCH_RADIO"),
        ("VIOLENCE", "POLICE"),
        ("SHOPLIFTING", "RETAIL_RADIO"),
    ];
    cells.extend(missed.map(|(incident_type, by)| Cell {
        monitored: false,
        ..cell(Some(incident_type), Some(by), NOT_MONITORED)
    }));
    cells
}

fn draft(random: &mut Random, at: DateTime, what: [&str; 2], monitored: bool) -> Draft {
    let [incident_type, instigated_by] = what;
    let (area, ward) = cameras(random);
    // The log is typed by hand: capitals do not matter.
    let typed = if random.percent(8) {
        incident_type.to_lowercase()
    } else {
        incident_type.to_owned()
    };
    let body = json!({
        "occurred_at": instant(at).to_string(),
        "incident_type": typed,
        "instigated_by": instigated_by,
        "monitored": monitored,
        "arrests": random.percents(&[(0, 70), (1, 22)], 2),
        "camera_area": area,
    });
    Draft::new(Stage {
        known_on: at.date(),
        district: Some(BOROUGH),
        ward: Some(ward).filter(|_| !random.percent(4)),
        body,
    })
}

/// Shares arrests out over what operators saw.
fn share_arrests(random: &mut Random, arrests: i64, drafts: &mut [Draft]) {
    let of_operators = |draft: &&mut Draft| {
        draft
            .stages
            .iter()
            .any(|stage| text(&stage.body, "instigated_by") == "CCTV_OPERATOR")
    };
    let seen: Vec<&mut Draft> = drafts.iter_mut().filter(of_operators).collect();
    let shares = random.shares(arrests, seen.len(), ARRESTS);
    for (draft, share) in seen.into_iter().zip(shares) {
        give_arrests(draft, share);
    }
}

fn give_arrests(draft: &mut Draft, arrests: i64) {
    draft
        .stages
        .iter_mut()
        .for_each(|stage| set(&mut stage.body, "arrests", arrests));
}

fn other_type(random: &mut Random) -> &'static str {
    let types = [
        ("ASB", 30),
        ("ALCOHOL", 20),
        ("DRUGS", 16),
        ("DAMAGE", 10),
        ("OTHER_THEFT", 10),
        ("MISPER", 8),
    ];
    random.percents(&types, "OTHER")
}

/// The one of the rhythms of shops, nights and any time that a type of incident has.
fn rhythm<'t>([shops, nights, any_time]: &'t [Times; 3], incident_type: &str) -> &'t Times {
    match incident_type {
        "SHOPLIFTING" | "OTHER_THEFT" => shops,
        "VIOLENCE" | "ALCOHOL" | "DRUGS" | "DAMAGE" => nights,
        _ => any_time,
    }
}

/// Another type, ten arrests typed for one, or watched and not watched mixed up.
fn before(random: &mut Random, last: &mut Value) -> Value {
    let mut before = last.clone();
    match random.below(4) {
        0 => set(
            &mut before,
            "arrests",
            (count(last, "arrests") * 10).clamp(10, 40),
        ),
        1 => {
            let monitored = last.get("monitored") == Some(&Value::Bool(true));
            set(&mut before, "monitored", !monitored);
        }
        _ => {
            let violence = text(last, "incident_type").eq_ignore_ascii_case("VIOLENCE");
            set(
                &mut before,
                "incident_type",
                if violence { "ASB" } else { "VIOLENCE" },
            );
        }
    }
    before
}
