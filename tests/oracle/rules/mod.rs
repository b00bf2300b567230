//! Hand-made cases of the rules G1 to G10 of domain.md and what is settled beside them: each a list of messages and
//! what rows must say, driven through the model here and through ClickHouse together.

mod as_known;
mod counting;
mod filters;
mod full_returns;
mod looking_back;
mod nil;
mod places;
mod ranks;
mod samples;
mod step_by_step;
mod stocks;
mod table;
mod time;
mod versions;
mod year_to_date;

use super::model::values::Model;
use super::model::world::World;
use super::product::Product;
use table::{Case, Line};

fn all() -> Vec<Case> {
    let mut cases = Vec::new();
    cases.extend(time::cases());
    cases.extend(versions::cases());
    cases.extend(counting::cases());
    cases.extend(stocks::cases());
    cases.extend(nil::cases());
    cases.extend(places::cases());
    cases.extend(looking_back::cases());
    cases.extend(ranks::cases());
    cases.extend(full_returns::cases());
    cases.extend(filters::cases());
    cases.extend(year_to_date::cases());
    cases
}

/// A case by its name, against the model.
#[track_caller]
fn check(name: &str) {
    let cases: Vec<Case> = all().into_iter().filter(|case| case.name == name).collect();
    assert_eq!(cases.len(), 1, "{name}");
    for case in cases {
        let world = World::new(&case.messages, case.partners);
        let model = Model::new(&world);
        for line in &case.lines {
            let found = table::by_model(&model, line);
            assert!(line.agrees(&found), "{name}: {line:?}\nfound {found:?}");
        }
    }
}

/// All cases against ClickHouse: those that look at partners' rows share a database, each with partners of its own.
#[test]
fn the_rules_hold_in_clickhouse() {
    let (alone, together): (Vec<Case>, Vec<Case>) = all().into_iter().partition(Case::needs_all);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let mut wrong = runtime.block_on(in_clickhouse(&table::joined(together)));
    for case in alone {
        wrong.extend(runtime.block_on(in_clickhouse(&case)));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

async fn in_clickhouse(case: &Case) -> Vec<String> {
    let product = Product::new(case.partners, &case.kinds()).await;
    // In three steps: what a refresh leaves as it was has to be right too.
    for some in case.messages.chunks(case.messages.len().div_ceil(3)) {
        product.insert(some.iter()).await;
        product.refresh().await;
    }
    let mut wrong = Vec::new();
    for period in case.periods() {
        let lines = || case.lines.iter().filter(|line| line.period == period);
        for by in Line::breakdowns() {
            if !lines().any(|line| line.breakdown() == by) {
                continue;
            }
            let rows = product.rows(period, by).await;
            for line in lines().filter(|line| line.breakdown() == by) {
                let found = table::by_product(&rows, line);
                if !found.as_ref().is_some_and(|found| line.agrees(found)) {
                    wrong.push(format!("{}: {line:?}\n  found {found:?}", line.case));
                }
            }
        }
    }
    product.clean_up().await;
    wrong
}
