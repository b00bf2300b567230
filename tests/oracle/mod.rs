//! The measures of ClickHouse against an independent model, over random histories of all record types, and over the
//! hand-made cases of [`rules`]. Each run is one history of many partners, which are histories of their own;
//! `QUARTERDAY_ORACLE_CASES` asks for more runs than the default. The seeds of runs that failed are kept in
//! `regressions*.txt` and run first.

pub mod compare;
pub mod encode;
pub mod history;
mod minimise;
pub mod model;
pub mod periods;
pub mod product;
pub mod records;
mod rules;

use std::collections::BTreeMap;

use proptest::strategy::Strategy;
use proptest::test_runner::{Config, FileFailurePersistence, TestCaseError, TestRunner};

use compare::Mismatch;
use history::{History, Shape};
use periods::PERIODS;
use product::Product;
use records::Kind;

const CASES: u32 = 2;

/// Large runs: setting up nineteen record types costs as much as hundreds of partners. Every row by partner, ward and in total of
/// some periods is compared.
const MANY: Shape = Shape {
    partners: 1000,
    periods: PERIODS.len() - FREE,
    compared: 2,
    small_batches: 6,
    small_batch: 12,
    // Refreshes of so many partners take long.
    per_refresh: 7,
    is_repeated: true,
};

/// Few records, and a refresh after every third message: what a refresh forgets is not made up for by another record that
/// changed. Dates that no view keeps are asked for by longer queries, so here and not of many partners.
const SMALL_CHANGES: Shape = Shape {
    partners: 20,
    periods: PERIODS.len(),
    compared: PERIODS.len(),
    small_batches: 25,
    small_batch: 3,
    per_refresh: 1,
    is_repeated: false,
};

/// The last of the periods, which no view keeps.
const FREE: usize = 2;

/// A run that is wrong is mostly wrong in one way many times.
const TOLD: usize = 12;

#[test]
fn measures_equal_the_oracle_over_random_histories() {
    let cases = std::env::var("QUARTERDAY_ORACLE_CASES")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(CASES);
    run(cases, "regressions.txt", history::history(MANY));
}

/// All periods, the dates that no view keeps among them.
#[test]
fn measures_of_any_dates_equal_the_oracle_after_small_changes() {
    run(
        1,
        "regressions-of-small-changes.txt",
        history::history(SMALL_CHANGES),
    );
}

/// Seeds that failed are kept in the file, and tried first the next time.
fn run(cases: u32, regressions: &str, histories: impl Strategy<Value = History>) {
    let file = format!("{}/../../tests/oracle/{regressions}", env!("CARGO_MANIFEST_DIR"));
    let config = Config {
        cases,
        failure_persistence: Some(Box::new(FileFailurePersistence::Direct(file.leak()))),
        ..Config::default()
    };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    TestRunner::new(config)
        .run(&histories, |history| {
            runtime.block_on(check(&history)).map_err(TestCaseError::fail)
        })
        .unwrap_or_else(|error| panic!("{error}"));
}

/// Loads one history into a database of its own and compares all that readers can ask.
async fn check(history: &History) -> Result<(), String> {
    let product = Product::without_plans(&Kind::ALL.iter().copied().collect());
    // Plans that are put in force find most of the records there already.
    product.put_in_force(1).await;
    for batch in &history.first_arrivals {
        product.insert(batch.iter().map(|i| &history.log[*i])).await;
    }
    product.put_in_force(history.partners).await;
    for batches in history.later_arrivals.chunks(history.batches_per_refresh) {
        for batch in batches {
            product.insert(batch.iter().map(|i| &history.log[*i])).await;
        }
        product.refresh().await;
    }
    let mut wrong = compare::compare(&product, &history.log, history.partners, &history.periods).await;
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
