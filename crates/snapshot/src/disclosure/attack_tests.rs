//! Random small numbers, shown and revised, and an attacker who has all that was shown.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use quarterday_plan::period::Period;
use quarterday_plan::plan::{Audience, Disclosure, Rule};
use quarterday_store::FrozenValue;

use super::attack_world::{IDS, OF_ALL, QUARTERS, What, World, count, line, plan, whats_of};
use super::attacker::{Attack, Place, read_all};
use super::marks::Shown as Snapshot;
use super::{Field, Hidden, Line, Mark, Quarters, decide, facts_of};

const SEED: u64 = 2014;

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

#[test]
fn nothing_is_shown_of_a_measure_that_no_plan_has_any_more() {
    let mut shown = show_all(&IDS, vec![vec![1, 2]; QUARTERS], &[Step::Show("2015-16/Q2")]);
    let facts = facts_of(&[plan(&["M1"])], Audience::Public);
    shown[0].hidden = decide(&facts, &shown[0].seen(), &[]);
    let line = shown[0].line("M3");
    let told = (
        line.value.value,
        line.value.last_year.value,
        line.value.year_to_date.numerator,
    );
    assert_eq!(told, (None, None, None));
}

#[test]
fn of_what_is_withheld_nothing_is_seen_however_large() {
    let mut withheld = plan(&["M2"]);
    for measure in &mut withheld.measures {
        measure.disclosure = Disclosure {
            partners: Rule::Withheld,
            public: Rule::Withheld,
        };
    }
    let steps = [Step::Show("2015-16/Q2")];
    let mut shown = show_all(&["M2"], vec![vec![1, 2, 3, 4, 5, 6, 7]; QUARTERS], &steps);
    for audience in [Audience::Partners, Audience::Public] {
        let facts = facts_of(std::slice::from_ref(&withheld), audience);
        shown[0].hidden = decide(&facts, &shown[0].seen(), &[]);
        let seen = shown[0].line("M2").value;
        let to_date = seen.year_to_date;
        let numbers = [
            seen.value,
            seen.numerator,
            seen.denominator,
            seen.last_year.value,
            seen.change.value,
            seen.change.percent,
            to_date.value,
            to_date.numerator,
            to_date.denominator,
        ];
        assert_eq!(numbers, [None; 9]);
        assert_eq!(
            (seen.trend.as_str(), seen.direction.as_str()),
            ("unknown", "unknown")
        );
    }
}

#[test]
fn what_is_withheld_for_a_small_number_does_not_tell_it_by_being_none() {
    let mut world: World = vec![Vec::new(); QUARTERS];
    (world[8], world[9]) = (vec![1], vec![2, 3, 4, 5, 6]);
    let shown = show_all(
        &["M1"],
        world,
        &[Step::Show("2015-16/Q1"), Step::Show("2015-16/Q2")],
    );
    assert_eq!(shown[0].line("M1").mark(Field::Numerator), Some(Mark::Small));
    let second = shown[1].line("M1");
    // Were the second quarter withheld, which is not from 1 to 4 then, and the year to date 6, the first would be 1.
    assert_eq!(second.value.numerator, Some(5.0));
    assert_eq!(second.mark(Field::ToDate), Some(Mark::Withheld));
}
