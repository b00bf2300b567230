//! The world that an attacker reads of: a small plan, who was counted when, and what measures say of it.

use std::collections::BTreeSet;

use quarterday_plan::period::Period;
use quarterday_plan::plan::Plan;
use quarterday_store::{Change, Coverage, FrozenValue, Known, ToDate};

const PLAN: &str = r#"
[plan]
id = "small"
title = "A small plan"
year = "2015-16"
district = "E07000116"
source = "none"
"#;

/// Quarters from April 2013 on.
pub(super) const QUARTERS: usize = 12;

pub(super) const IDS: [&str; 8] = ["M1", "M2", "M3", "M4", "M5", "M6", "M7", "M8"];

/// Those that count everybody; the others are parts of them.
pub(super) const OF_ALL: &[&str] = &["M1", "M2", "M3", "M4"];

fn measure(id: &str, kind: &str, more: &str) -> String {
    format!(
        "[[measure]]\nid = \"{id}\"\ntitle = \"{id}\"\naction = \"A1\"\nwording = \"-\"\nresponsible = [\"A\"]\nvalid_from = \"2013-04-01\"\n\
         returned_by = [\"A\"]\nkind = \"{kind}\"\nunit = \"cases\"\npolarity = \"down\"\n\
         sensitivity = \"person\"\n{more}\n"
    )
}

pub(super) fn plan(ids: &[&str]) -> Plan {
    let events = "record_type = \"referral\"\ndate = \"referred_on\"";
    let of_risk = |risk: &str| format!("{events}\nfilter = \"risk_at_dealt = '{risk}'\"");
    let measures = [
        measure("M1", "event_count", events),
        measure(
            "M2",
            "change",
            &format!("{events}\nchange = {{ of = \"event_count\", value = \"delta\", decimals = 0 }}"),
        ),
        measure("M3", "distinct", &format!("{events}\nidentity = \"person\"")),
        measure(
            "M4",
            "ratio",
            "ratio = { numerator = \"M3\", denominator = \"M1\", times = 100, decimals = 1 }",
        ),
        measure("M5", "event_count", &of_risk("HIGH")),
        measure("M6", "event_count", &of_risk("MEDIUM")),
        measure("M7", "event_count", &of_risk("STANDARD")),
        measure(
            "M8",
            "distinct",
            &format!("{}\nidentity = \"person\"", of_risk("HIGH")),
        ),
    ];
    let is_wanted = |text: &&String| ids.iter().any(|id| text.contains(&format!("id = \"{id}\"")));
    let measures: String = measures.iter().filter(is_wanted).map(String::as_str).collect();
    Plan::parse(&format!("{PLAN}{measures}")).unwrap_or_else(|error| panic!("{error}"))
}

/// Who was counted in each quarter: people by their numbers, some of them more than once.
pub(super) type World = Vec<Vec<u8>>;

pub(super) fn quarters_of(period: &Period) -> Option<Vec<usize>> {
    let of_day = |day: jiff::civil::Date| {
        let months = (i32::from(day.year()) - 2013) * 12 + i32::from(day.month()) - 4;
        usize::try_from(months.div_euclid(3))
            .ok()
            .filter(|quarter| *quarter < QUARTERS)
    };
    Some((of_day(period.first())?..=of_day(period.last())?).collect())
}

/// What is counted: events or people, all or those of one risk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct What {
    pub(super) are_people: bool,
    pub(super) risk: Option<u8>,
}

/// How many risks there are; everybody has one.
pub(super) const RISKS: u8 = 3;

/// What a measure counts first, and what it sets that against if it is no change.
pub(super) fn whats_of(id: &str) -> (What, Option<What>) {
    let events = |risk| What {
        are_people: false,
        risk,
    };
    let people = |risk| What {
        are_people: true,
        risk,
    };
    match id {
        "M3" => (people(None), None),
        "M4" => (people(None), Some(events(None))),
        "M5" => (events(Some(0)), None),
        "M6" => (events(Some(1)), None),
        "M7" => (events(Some(2)), None),
        "M8" => (people(Some(0)), None),
        _ => (events(None), None),
    }
}

pub(super) fn count(world: &World, what: What, period: &Period) -> Option<i64> {
    let quarters = quarters_of(period)?;
    let counted = quarters
        .iter()
        .flat_map(|quarter| world[*quarter].iter().copied());
    let counted = counted.filter(|person| what.risk.is_none_or(|risk| person % RISKS == risk));
    let number = if what.are_people {
        counted.collect::<BTreeSet<u8>>().len()
    } else {
        counted.count()
    };
    Some(i64::try_from(number).unwrap())
}

pub(super) fn float(number: i64) -> f64 {
    i32::try_from(number).unwrap().into()
}

/// The line of a measure, as the views compute it.
pub(super) fn line(id: &str, world: &World, period: &Period) -> FrozenValue {
    let (first, second) = whats_of(id);
    let numbers = |period: &Period| -> (Option<f64>, Option<f64>, Option<f64>) {
        let number = |what: What, period: &Period| count(world, what, period).map(float);
        let above = number(first, period);
        if id == "M2" {
            let before = number(first, &period.year_before());
            return (above.zip(before).map(|(now, then)| now - then), above, before);
        }
        let Some(second) = second else {
            return (above, above, None);
        };
        let below = number(second, period);
        let both = above.zip(below).filter(|(_, below)| *below > 0.0);
        let value = both.map(|(above, below)| (1000.0 * above / below).round() / 10.0);
        (value, above, below)
    };
    let (value, numerator, denominator) = numbers(period);
    let last_year = numbers(&period.year_before()).0;
    let to_date = numbers(&period.year_to_date());
    let delta = value.zip(last_year).map(|(now, then)| now - then);
    FrozenValue {
        id: id.to_owned(),
        title: id.to_owned(),
        unit: "cases".to_owned(),
        polarity: "down".to_owned(),
        value,
        numerator,
        denominator,
        status: "final".to_owned(),
        coverage: Coverage {
            returned: 1,
            expected: 1,
        },
        approximate: false,
        up_to: false,
        missing: Vec::new(),
        last_year: Known {
            value: last_year,
            status: "final".to_owned(),
        },
        last_year_coverage: Coverage {
            returned: 1,
            expected: 1,
        },
        last_year_approximate: false,
        last_year_up_to: false,
        change: Change {
            value: delta,
            percent: None,
        },
        year_to_date: ToDate {
            value: to_date.0,
            numerator: to_date.1,
            denominator: to_date.2,
            status: "final".to_owned(),
        },
        year_to_date_coverage: Coverage {
            returned: 1,
            expected: 1,
        },
        year_to_date_approximate: false,
        year_to_date_up_to: false,
        trend: "up".to_owned(),
        direction: "worse".to_owned(),
        definition_version: 1,
        definition_hash: String::new(),
    }
}
