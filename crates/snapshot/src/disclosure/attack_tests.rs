//! Random small numbers, shown and revised, and an attacker who has all that was shown.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use quarterday_plan::period::Period;
use quarterday_plan::plan::{Audience, Plan};
use quarterday_store::{Change, Coverage, FrozenValue, Known, ToDate};

use super::attacker::{Attack, Place, read_all};
use super::marks::Shown as Snapshot;
use super::{Field, Hidden, Line, Mark, Quarters, decide, facts_of};

const PLAN: &str = r#"
[plan]
id = "small"
title = "A small plan"
year = "2015-16"
district = "E07000116"
source = "none"
"#;

const SEED: u64 = 2014;

/// Quarters from April 2013 on.
const QUARTERS: usize = 12;

const IDS: [&str; 8] = ["M1", "M2", "M3", "M4", "M5", "M6", "M7", "M8"];

/// Those that count everybody; the others are parts of them.
const OF_ALL: &[&str] = &["M1", "M2", "M3", "M4"];

fn measure(id: &str, kind: &str, more: &str) -> String {
    format!(
        "[[measure]]\nid = \"{id}\"\ntitle = \"{id}\"\naction = \"A1\"\nwording = \"-\"\nresponsible = [\"A\"]\nvalid_from = \"2013-04-01\"\n\
         returned_by = [\"A\"]\nkind = \"{kind}\"\nunit = \"cases\"\npolarity = \"down\"\n\
         sensitivity = \"person\"\n{more}\n"
    )
}

fn plan(ids: &[&str]) -> Plan {
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
type World = Vec<Vec<u8>>;

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

fn count(world: &World, what: What, period: &Period) -> Option<i64> {
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
fn line(id: &str, world: &World, period: &Period) -> FrozenValue {
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
        trend: "up".to_owned(),
        direction: "worse".to_owned(),
        definition_version: 1,
        definition_hash: String::new(),
    }
}

/// One thing that happens.
#[derive(Debug, Clone)]
enum Step {
    /// A snapshot of a period is shown.
    Show(&'static str),
    /// The number of a quarter becomes another.
    Late(usize, Vec<u8>),
}

pub(super) const PERIODS: [&str; 12] = [
    "2015-16/Q1",
    "2015-16/Q2",
    "2015-16/Q3",
    "2015-16/Q4",
    "2015-16/H1",
    "2015-16/H2",
    "2015-16",
    "2014-15/Q1",
    "2014-15/Q2",
    "2014-15/Q4",
    "2014-15/H1",
    "2014-15",
];

/// Few, or just four, so that two quarters with nobody in common have eight.
fn some_people() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        3 => prop::collection::vec(0_u8..12, 0..9),
        1 => (0_u8..3).prop_map(|block| (4 * block..4 * block + 4).collect()),
    ]
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        4 => (0..PERIODS.len()).prop_map(|period| Step::Show(PERIODS[period])),
        1 => (0..QUARTERS, some_people()).prop_map(|(quarter, people)| Step::Late(quarter, people)),
    ];
    prop::collection::vec(step, 1..9)
}

fn worlds() -> impl Strategy<Value = World> {
    prop::collection::vec(some_people(), QUARTERS)
}

/// What was shown, and which version of each quarter's number it was made of.
pub(super) struct Shown {
    pub(super) period: Period,
    values: Vec<FrozenValue>,
    quarters: BTreeMap<String, Quarters>,
    world: World,
    hidden: Vec<Hidden>,
    pub(super) versions: Vec<usize>,
}

impl Shown {
    pub(super) fn lines(&self) -> impl Iterator<Item = Line> {
        self.values.iter().map(|value| Line::of(value, &self.hidden, ""))
    }

    pub(super) fn count(&self, what: What, span: &Period) -> i64 {
        count(&self.world, what, span).unwrap()
    }

    fn seen(&self) -> Snapshot<'_> {
        Snapshot {
            period: self.period,
            values: &self.values,
            quarters: &self.quarters,
            hidden: &self.hidden,
            is_of_others: false,
        }
    }

    fn line(&self, id: &str) -> Line {
        self.lines().find(|line| line.value.id == id).unwrap()
    }
}

fn quarters(world: &World, what: What) -> Quarters {
    let quarters = (2013..2016)
        .flat_map(|year| (1..=4).map(move |quarter| format!("{year}-{}/Q{quarter}", year - 2000 + 1)));
    let numbers = quarters.map(|quarter| {
        let quarter: Period = quarter.parse().unwrap();
        (quarter.first(), count(world, what, &quarter).unwrap())
    });
    numbers.collect()
}

fn lines_of(ids: &[&str], world: &World, period: &Period) -> Vec<FrozenValue> {
    ids.iter().map(|id| line(id, world, period)).collect()
}

fn show_all(ids: &[&str], mut world: World, steps: &[Step]) -> Vec<Shown> {
    let facts = facts_of(&[plan(ids)], Audience::Public);
    let mut versions = vec![0; QUARTERS];
    let mut shown: Vec<Shown> = Vec::new();
    for step in steps {
        match step {
            Step::Late(quarter, people) => {
                world[*quarter].clone_from(people);
                versions[*quarter] += 1;
            }
            Step::Show(period) => {
                let period: Period = period.parse().unwrap();
                let mut next = Shown {
                    period,
                    values: lines_of(ids, &world, &period),
                    quarters: ids
                        .iter()
                        .filter(|id| **id != "M4")
                        .map(|id| ((*id).to_owned(), quarters(&world, whats_of(id).0)))
                        .collect(),
                    world: world.clone(),
                    hidden: Vec::new(),
                    versions: versions.clone(),
                };
                let seen: Vec<_> = shown.iter().map(Shown::seen).collect();
                next.hidden = decide(&facts, &next.seen(), &seen);
                shown.push(next);
            }
        }
    }
    shown
}

fn listed(places: &[Place]) -> String {
    let mut lines: Vec<String> = places
        .iter()
        .map(|(what, _, read)| format!("{what}: {read:?}"))
        .collect();
    lines.dedup();
    lines.join("\n")
}

fn attack(ids: &[&str], world: World, steps: &[Step]) -> Result<(), TestCaseError> {
    let shown = show_all(ids, world, steps);
    let places = read_all(&shown);
    let found = Attack::new(&places).found();
    prop_assert!(found.is_none(), "{found:?}, read:\n{}", listed(&places));
    Ok(())
}

/// The same ones each time, unless others are asked for (`PROPTEST_RNG_SEED`), or more (`QUARTERDAY_HISTORIES` times as many).
fn histories(cases: u32) -> ProptestConfig {
    let usual = ProptestConfig::default();
    let times = std::env::var("QUARTERDAY_HISTORIES").ok();
    let times: u32 = times.map_or(1, |times| times.parse().unwrap());
    ProptestConfig {
        cases: cases * times,
        rng_seed: match usual.rng_seed {
            RngSeed::Random => RngSeed::Fixed(SEED),
            given => given,
        },
        failure_persistence: None,
        max_shrink_iters: 60,
        ..usual
    }
}

proptest! {
    #![proptest_config(histories(2_000))]

    /// No hidden number can be computed, and no small number of events that stands nowhere.
    #[test]
    fn no_hidden_number_has_one_possible_value(world in worlds(), steps in steps()) {
        attack(OF_ALL, world, &steps)?;
    }
}

proptest! {
    #![proptest_config(histories(600))]

    /// The same where measures are parts of others.
    #[test]
    fn no_hidden_part_has_one_possible_value(world in worlds(), steps in steps()) {
        attack(&IDS, world, &steps)?;
    }
}

#[test]
fn zero_is_shown_and_a_small_number_is_not() {
    let mut world: World = vec![vec![1; 8]; QUARTERS];
    world[8] = Vec::new();
    world[9] = vec![1, 2, 3];
    let shown = show_all(&IDS, world, &[Step::Show("2015-16/Q1"), Step::Show("2015-16/Q2")]);
    assert_eq!(shown[0].line("M1").value.value, Some(0.0));
    let second = shown[1].line("M1");
    assert_eq!(second.mark(Field::Numerator), Some(Mark::Small));
    assert_eq!(
        (second.value.value, second.value.status.as_str()),
        (None, "suppressed")
    );
    assert_eq!(second.value.trend, "unknown");
    // Nothing came in the first quarter: the year to date is the same number.
    assert_eq!(second.mark(Field::ToDate), Some(Mark::Small));
    assert_eq!(
        shown[1].line("M2").value.value,
        None,
        "the change would give it away"
    );
}

#[test]
fn the_restricted_audience_sees_everything() {
    let facts = facts_of(&[plan(&IDS)], Audience::Restricted);
    assert!(IDS.iter().all(|id| !facts.hides(id)));
    let shown = show_all(&IDS, vec![vec![1, 2]; QUARTERS], &[Step::Show("2015-16/Q2")]);
    assert_eq!(decide(&facts, &shown[0].seen(), &[]), []);
}
