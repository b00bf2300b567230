//! One message, one refresh: all that it can have changed is right afterwards, in quarters of which no record is new as well. In
//! random histories so many records change at once that a refresh which forgets a quarter is seldom seen.

use std::collections::BTreeSet;

use quarterday_store::MeasureRow;

use super::samples::{cctv_incident, domestic_abuse, exclusion, family_case, person};
use super::table::{Line, amend, by_model, by_product, line, submit, withdraw};
use crate::oracle::model::values::Model;
use crate::oracle::model::world::World;
use crate::oracle::product::Product;
use crate::oracle::records::{FamilyCase, Kind, Message, Pid};

/// Each with what it changes.
pub fn steps() -> Vec<Message> {
    let violence = |at| submit("V", cctv_incident(at));
    vec![
        // A repeat of nothing, until the earlier incident comes; and again once that is withdrawn.
        submit("LATER", domestic_abuse("2015-08-01T12:00:00Z")),
        submit("EARLIER", domestic_abuse("2014-09-10T12:00:00Z")),
        withdraw(Kind::PoliceIncident, "EARLIER", 2),
        // Earlier by too much, then amended to be earlier by less.
        submit("OTHER", domestic_abuse("2014-06-10T12:00:00Z")),
        amend("OTHER", 2, domestic_abuse("2014-12-10T12:00:00Z")),
        // Its own year has no earlier one: that of the year before has to be looked at.
        submit("THIRD", domestic_abuse("2015-05-10T12:00:00Z")),
        // In force for years, then to the middle of a quarter long ago, then withdrawn.
        submit("X", exclusion("2013-05-01", None)),
        amend("X", 2, exclusion("2013-05-01", Some("2015-05-15"))),
        submit("Y", exclusion("2015-03-31", Some("2015-07-01"))),
        withdraw(Kind::Order, "X", 3),
        // From one quarter into another, and back by an amendment that overtakes it.
        violence("2015-04-10T12:00:00Z"),
        amend("V", 2, cctv_incident("2015-11-10T12:00:00Z")),
        amend("V", 4, cctv_incident("2015-07-10T12:00:00Z")),
        amend("V", 3, cctv_incident("2014-07-10T12:00:00Z")),
        // Nothing is known of it but an amendment, until its first version comes.
        amend("O", 2, cctv_incident("2015-12-10T12:00:00Z")),
        submit("O", cctv_incident("2015-04-10T12:00:00Z")),
        // Of one version, the first in the log counts.
        submit("O", cctv_incident("2014-08-10T12:00:00Z")).version(2),
        // A span over many quarters becomes short, and somebody else's.
        submit("F", family_case("2013-06-01", None)),
        amend("F", 2, family_case("2013-06-01", Some("2014-05-01"))),
        amend(
            "F",
            3,
            FamilyCase {
                heads: person(Pid::P(9)),
                ..family_case("2015-06-01", None)
            },
        ),
    ]
}

fn lines() -> Vec<Line> {
    const PERIODS: [&str; 9] = [
        "2014-15/Q1",
        "2014-15/Q2",
        "2014-15/Q3",
        "2015-16/Q1",
        "2015-16/Q2",
        "2015-16/Q3",
        "2015-16/Q4",
        "2014-15",
        "2015-16",
    ];
    let of = |id: &'static str| PERIODS.map(|period| line(id, period, 0));
    ["R35", "P3.01", "P3.04", "P4.07a"]
        .into_iter()
        .flat_map(of)
        .collect()
}

pub fn kinds() -> BTreeSet<Kind> {
    [
        Kind::PoliceIncident,
        Kind::Order,
        Kind::CctvIncident,
        Kind::FamilyCase,
        Kind::ReturnNotice,
    ]
    .into()
}

#[test]
fn a_refresh_reaches_all_that_one_message_can_have_changed() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let wrong = runtime.block_on(in_clickhouse());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

async fn in_clickhouse() -> Vec<String> {
    let product = Product::new(1, &kinds()).await;
    let (mut log, mut wrong) = (Vec::new(), Vec::new());
    for (place, mut message) in steps().into_iter().enumerate() {
        message.offset = place as u64;
        product.insert(std::iter::once(&message)).await;
        product.refresh().await;
        log.push(message);
        wrong.extend(differences(&product, &log).await);
    }
    product.clean_up().await;
    wrong
}

/// Two workers may place the same record, and the slower one may have seen fewer of its versions.
#[test]
fn what_a_slow_worker_places_late_changes_nothing() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let wrong = runtime.block_on(with_a_slow_worker());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

async fn with_a_slow_worker() -> Vec<String> {
    let product = Product::new(1, &kinds()).await;
    let store = product.store.names().store().to_owned();
    let steps = [
        (
            submit("V", cctv_incident("2015-04-10T12:00:00Z")),
            format!("CREATE TABLE {store}.kept_back ENGINE = Memory AS SELECT * FROM {store}.contributions"),
        ),
        (
            amend("V", 2, cctv_incident("2014-07-10T12:00:00Z")),
            format!("INSERT INTO {store}.contributions SELECT * FROM {store}.kept_back"),
        ),
        // For the quarters to be computed again.
        (
            submit("W", cctv_incident("2015-04-20T12:00:00Z")),
            "SELECT 1".to_owned(),
        ),
    ];
    let mut log = Vec::new();
    for (place, (mut message, afterwards)) in steps.into_iter().enumerate() {
        message.offset = place as u64;
        product.insert(std::iter::once(&message)).await;
        product.refresh().await;
        product.store.execute("be late", &afterwards).await.unwrap();
        log.push(message);
    }
    let wrong = differences(&product, &log).await;
    product.clean_up().await;
    wrong
}

async fn differences(product: &Product, log: &[Message]) -> Vec<String> {
    let world = World::new(log, 1);
    let model = Model::new(&world);
    let rows = product.rows_by_partner().await;
    let mut wrong = Vec::new();
    for line in lines() {
        let of_period: Vec<MeasureRow> = rows
            .iter()
            .filter(|row| row.id == line.id && row.period == line.period)
            .cloned()
            .collect();
        let (expected, found) = (by_model(&model, &line), by_product(&of_period, &line));
        if found.as_ref() != Some(&expected) {
            let (step, id, period) = (log.len(), line.id, line.period);
            wrong.push(format!(
                "after step {step}: {id} {period}\n  model {expected:?}\n  found {found:?}"
            ));
        }
    }
    wrong
}
