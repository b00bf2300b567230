//! The measures of ClickHouse against an independent model, over random histories of all record types, and over the
//! hand-made cases of [`rules`]. Each run is one history of many partners, which are histories of their own;
//! `QUARTERDAY_ORACLE_CASES` asks for more runs than the default. The seeds of runs that failed are kept in
//! `regressions.txt` and run first.

mod compare;
mod encode;
mod history;
mod minimise;
mod model;
mod periods;
mod product;
mod records;
mod rules;

use std::collections::BTreeMap;

use proptest::test_runner::{Config, FileFailurePersistence, TestCaseError, TestRunner};

use compare::Mismatch;
use history::History;
use periods::PERIODS;
use product::Product;

/// Large runs: setting up nineteen record types costs as much as hundreds of partners.
const PARTNERS: usize = 400;
const CASES: u32 = 5;
/// In each run, of so many periods every partner's row is compared: rows by partner are most of the work.
const PERIODS_BY_PARTNER: usize = 4;
/// A run that is wrong is mostly wrong in one way many times.
const TOLD: usize = 12;

#[test]
fn measures_equal_the_oracle_over_random_histories() {
    const REGRESSIONS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/oracle/regressions.txt");
    let cases = std::env::var("QUARTERDAY_ORACLE_CASES")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(CASES);
    let config = Config {
        cases,
        failure_persistence: Some(Box::new(FileFailurePersistence::Direct(REGRESSIONS))),
        ..Config::default()
    };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let histories = history::history(PARTNERS, PERIODS.len(), PERIODS_BY_PARTNER);
    TestRunner::new(config)
        .run(&histories, |history| {
            runtime.block_on(check(&history)).map_err(TestCaseError::fail)
        })
        .unwrap_or_else(|error| panic!("{error}"));
}

/// Loads one history into a database of its own and compares all that readers can ask.
async fn check(history: &History) -> Result<(), String> {
    let product = Product::new(history.partners).await;
    for batch in &history.arrivals {
        product.insert(batch.iter().map(|i| &history.log[*i])).await;
    }
    product.refresh().await;
    let mut wrong = compare::compare(&product, &history.log, history.partners, &history.by_partner).await;
    let outcomes = compare::compare_outcomes(&product, &history.log).await;
    product.clean_up().await;
    if let Some(text) = outcomes {
        return Err(text);
    }
    if wrong.is_empty() {
        return Ok(());
    }
    // A partner's row tells most: it can be brought down to the messages that it needs.
    wrong.sort_by_key(|mismatch| !matches!(mismatch.who, model::count::Who::Partner(_)));
    let messages = minimise::told(&wrong[0], &history.log).await;
    Err(format!("{}\n{messages}", summary(&wrong)))
}

fn summary(wrong: &[Mismatch]) -> String {
    let mut by_id: BTreeMap<&str, Vec<&Mismatch>> = BTreeMap::new();
    for mismatch in wrong {
        by_id.entry(mismatch.id).or_default().push(mismatch);
    }
    let counts: Vec<String> = by_id
        .iter()
        .map(|(id, of_id)| format!("{id}: {}", of_id.len()))
        .collect();
    // The first, which is told in full, and one of each other.
    let others = by_id
        .values()
        .map(|of_id| of_id[0])
        .filter(|other| other.id != wrong[0].id);
    let told: Vec<String> = std::iter::once(&wrong[0])
        .chain(others)
        .take(TOLD)
        .map(ToString::to_string)
        .collect();
    format!(
        "{} rows are wrong ({})\n{}",
        wrong.len(),
        counts.join(", "),
        told.join("\n")
    )
}
