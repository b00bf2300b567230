//! The rows of the product against those of the model.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use futures::StreamExt as _;
use quarterday_store::{Breakdown, MeasureRow};

use super::model::catalogue::definitions;
use super::model::count::{Definition, Rule, Who};
use super::model::live;
use super::model::returns::Returns;
use super::model::values::{Expected, Model};
use super::model::world::World;
use super::periods::{Named, PERIODS};
use super::product::{Product, partner};
use super::records::{Code, Kind, Message};

/// The wards that histories use.
pub const WARDS: [Code; 2] = ["E05005146", "E05005131"];

/// A row that is not as it must be.
#[derive(Debug, Clone)]
pub struct Mismatch {
    pub id: &'static str,
    pub kind: Kind,
    pub period: Named,
    pub who: Who,
    pub text: String,
}

impl std::fmt::Display for Mismatch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {} {:?}: {}", self.id, self.period.id, self.who, self.text)
    }
}

/// Compares all rows that readers can ask for of some periods.
pub async fn compare(
    product: &Product,
    log: &[Message],
    partners: usize,
    periods: &[usize],
) -> Vec<Mismatch> {
    let world = World::new(log, partners);
    let model = Model::new(&world);
    let periods = periods.iter().filter_map(|number| PERIODS.get(*number).copied());
    let levels = periods
        .flat_map(|period| [Breakdown::Total, Breakdown::Ward, Breakdown::Partner].map(|by| (period, by)));
    // ClickHouse answers the next question while the model thinks about this one.
    let answers = levels.map(|(period, by)| async move { (period, by, product.rows(period.id, by).await) });
    let mut answers = futures::stream::iter(answers).buffered(2);
    let mut mismatches = Vec::new();
    while let Some((period, by, rows)) = answers.next().await {
        mismatches.extend(mismatches_of(&rows, &model, period, by));
    }
    mismatches
}

/// Compares the rows of one period and breakdown.
pub async fn compare_level(
    product: &Product,
    model: &Model<'_>,
    period: Named,
    by: Breakdown,
) -> Vec<Mismatch> {
    mismatches_of(&product.rows(period.id, by).await, model, period, by)
}

pub fn mismatches_of(rows: &[MeasureRow], model: &Model<'_>, period: Named, by: Breakdown) -> Vec<Mismatch> {
    let mut found: HashMap<(&str, &str), &MeasureRow> = HashMap::new();
    let mut twice = BTreeSet::new();
    for row in rows {
        let key = row.partner.as_deref().or(row.ward.as_deref()).unwrap_or_default();
        if found.insert((&row.id, key), row).is_some() {
            twice.insert(row.id.as_str());
        }
    }
    let mut mismatches = Vec::new();
    for definition in definitions() {
        let mut tell = |who, text| {
            mismatches.push(Mismatch {
                id: definition.id,
                kind: definition.kind,
                period,
                who,
                text,
            });
        };
        if twice.contains(definition.id) {
            tell(Who::All, "more than one row".to_owned());
        }
        for who in cells(by, model.world.partners) {
            let expected = model.expected(&definition, who, period.span);
            match found.get(&(definition.id, key(who).as_str())) {
                Some(row) => {
                    if let Some(text) = difference(&definition, &expected, row, who) {
                        tell(who, text);
                    }
                }
                None if expected.counted || !matches!(who, Who::Ward(_)) => {
                    tell(who, format!("no row, but {expected:?}"));
                }
                None => {}
            }
        }
    }
    mismatches
}

fn cells(by: Breakdown, partners: usize) -> Vec<Who> {
    match by {
        Breakdown::Total => vec![Who::All],
        Breakdown::Ward => WARDS.map(Who::Ward).to_vec(),
        Breakdown::Partner => (0..partners).map(Who::Partner).collect(),
    }
}

fn key(who: Who) -> String {
    match who {
        Who::All => String::new(),
        Who::Ward(ward) => ward.to_owned(),
        Who::Partner(number) => partner(number),
    }
}

/// What is wrong with a row.
///
/// Not compared, because the text leaves it open: the rank over several partners who return the same area; what a
/// rank is made of; whether a ratio of distinct counts is "up to"; of a ward's row, coverage and what is missing, and
/// the status of a ratio over nothing.
pub fn difference(
    definition: &Definition,
    expected: &Expected,
    row: &MeasureRow,
    who: Who,
) -> Option<String> {
    let rank = matches!(definition.rule, Rule::Rank(_));
    let share = matches!(definition.rule, Rule::Share { .. });
    let ward = matches!(who, Who::Ward(_));
    if rank && !matches!(who, Who::Partner(_)) {
        return None;
    }
    let mut wrong = Vec::new();
    let mut check = |name: &str, right: bool| {
        if !right {
            wrong.push(name.to_owned());
        }
    };
    check("value", same(row.value, expected.value));
    check("numerator", rank || same(row.numerator, expected.numerator));
    check("denominator", rank || same(row.denominator, expected.denominator));
    check("delta", same(row.delta, expected.delta));
    check("percent", same(row.percent, expected.percent));
    check(
        "status",
        (ward && share) || row.status == expected.status.as_str(),
    );
    check("approximate", row.approximate == expected.approximate);
    check("up_to", share || row.up_to == expected.up_to);
    if !ward {
        let coverage = (
            usize::from(row.coverage.returned),
            usize::from(row.coverage.expected),
        );
        check(
            "coverage",
            coverage == (expected.returns.covered, expected.partners),
        );
        check("missing", missing_is_right(expected, &row.missing));
    }
    (!wrong.is_empty()).then(|| {
        format!(
            "{} wrong.\n  product: {}\n  model:   {}",
            wrong.join(", "),
            shown(row),
            shown_expected(expected)
        )
    })
}

fn same(a: Option<f64>, b: Option<f64>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => (a - b).abs() < 1e-9,
        (None, None) => true,
        _ => false,
    }
}

/// A change may name what is missing of its base as well.
fn missing_is_right(expected: &Expected, found: &[String]) -> bool {
    let found: BTreeSet<&str> = found.iter().map(String::as_str).collect();
    let of = |returns: &Returns| names(returns);
    let this_side = of(&expected.returns);
    let both_sides = expected.returns_before.as_ref().map(|before| {
        let mut both = this_side.clone();
        both.extend(of(before));
        both
    });
    let equal = |names: &BTreeSet<String>| names.iter().map(String::as_str).eq(found.iter().copied());
    equal(&this_side) || both_sides.as_ref().is_some_and(equal)
}

fn names(returns: &Returns) -> BTreeSet<String> {
    let name = |(number, quarter): &(usize, _)| format!("{} {quarter}", partner(*number));
    returns.missing.iter().map(name).collect()
}

fn shown(row: &MeasureRow) -> String {
    format!(
        "{:?} = {:?} / {:?} ({:?}, {:?} %), {}, approximate {}, up to {}, {} of {} returned, missing {}",
        row.value,
        row.numerator,
        row.denominator,
        row.delta,
        row.percent,
        row.status,
        row.approximate,
        row.up_to,
        row.coverage.returned,
        row.coverage.expected,
        few(row.missing.iter().map(String::as_str)),
    )
}

fn shown_expected(expected: &Expected) -> String {
    let missing = names(&expected.returns);
    format!(
        "{:?} = {:?} / {:?} ({:?}, {:?} %), {}, approximate {}, up to {}, {} of {} returned, missing {}",
        expected.value,
        expected.numerator,
        expected.denominator,
        expected.delta,
        expected.percent,
        expected.status.as_str(),
        expected.approximate,
        expected.up_to,
        expected.returns.covered,
        expected.partners,
        few(missing.iter().map(String::as_str)),
    )
}

fn few<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let all: Vec<&str> = names.collect();
    let more = if all.len() > 8 { ", ..." } else { "" };
    let shown: Vec<&str> = all.iter().take(8).copied().collect();
    format!("{} [{}{more}]", all.len(), shown.join(", "))
}

/// What became of each message, against the product's answer; the text of the first that differs.
pub async fn compare_outcomes(product: &Product, log: &[Message]) -> Option<String> {
    let mut expected: BTreeMap<Kind, BTreeMap<(u32, u64), &str>> = BTreeMap::new();
    for (message, outcome) in log.iter().zip(live::outcomes(log)) {
        let place = (message.partition, message.offset);
        expected
            .entry(message.kind)
            .or_default()
            .insert(place, outcome.as_str());
    }
    for kind in Kind::ALL {
        let found = product.outcomes(*kind).await;
        let expected = expected.remove(kind).unwrap_or_default();
        if found.len() != expected.len() {
            return Some(format!(
                "{}: {} outcomes of {} messages",
                kind.name(),
                found.len(),
                expected.len()
            ));
        }
        for (place, outcome) in found {
            if expected.get(&place) != Some(&outcome.as_str()) {
                return Some(format!(
                    "{} at {place:?} is {outcome}, the model says {:?}",
                    kind.name(),
                    expected.get(&place)
                ));
            }
        }
    }
    None
}
