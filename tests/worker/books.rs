//! The books: every offset of every partition has exactly one outcome in the store (I1).

use std::collections::BTreeMap;

use quarterday::certificate::{Certificate, Wanted};
use quarterday::system::System;
use quarterday_kafka::positions::Positions;
use quarterday_store::PartitionBooks;
use serde::Deserialize;

/// Of which the certificate adds up the records behind the numbers.
const PERIOD: &str = "2014-15/H1";

#[derive(Deserialize)]
struct Place {
    topic: String,
    kafka_partition: i32,
    kafka_offset: i64,
}

/// Every offset of the feeds' topics is in a version log or in the list of rejected messages, in one of them and once.
/// Gives how many are in each.
pub async fn balance(system: &System) -> (usize, usize) {
    let store = system.store.names().store().to_owned();
    let logs: Vec<String> = system
        .in_force
        .catalogue
        .record_types()
        .keys()
        .map(|name| format!("SELECT topic, kafka_partition, kafka_offset FROM {store}.log_{name} FINAL"))
        .collect();
    let accepted = places(system, &logs.join(" UNION ALL ")).await;
    let rejected = places(
        system,
        &format!("SELECT topic, kafka_partition, kafka_offset FROM {store}.rejected FINAL"),
    )
    .await;

    let mut outcomes: BTreeMap<(String, i32), Vec<i64>> = BTreeMap::new();
    let counts = (accepted.len(), rejected.len());
    for place in accepted.into_iter().chain(rejected) {
        outcomes
            .entry((place.topic, place.kafka_partition))
            .or_default()
            .push(place.kafka_offset);
    }
    for (partition, (low, high)) in ends(system).await {
        let mut offsets = outcomes.remove(&partition).unwrap_or_default();
        offsets.sort_unstable();
        assert_eq!(
            offsets,
            (low..high).collect::<Vec<_>>(),
            "outcomes of {partition:?}"
        );
    }
    certified(system, counts).await;
    assert!(
        outcomes.is_empty(),
        "outcomes of partitions that do not exist: {:?}",
        outcomes.keys()
    );
    counts
}

/// However many messages are looked at together.
pub async fn are_the_same_in_portions(system: &System) {
    let record_types: Vec<&str> = system
        .in_force
        .catalogue
        .record_types()
        .keys()
        .map(String::as_str)
        .collect();
    let period = PERIOD.parse().unwrap();
    let of = async |most| {
        let books = system.store.books(&record_types, None, most).await.unwrap();
        let mut sums = system.store.traced_sums(None, Some(&period), most).await.unwrap();
        sums.sort_by(|one, other| (&one.period, &one.measure).cmp(&(&other.period, &other.measure)));
        (books, sums)
    };
    let (books, sums) = of(u64::MAX).await;
    assert!(!books.is_empty() && !sums.is_empty());
    assert_eq!(of(1).await, (books, sums));
}

/// The certificate says the same.
async fn certified(system: &System, (accepted, rejected): (usize, usize)) {
    let wanted = Wanted::new(system, None, Some(PERIOD.parse().unwrap())).unwrap();
    let certificate = Certificate::draw_up(system, &wanted).await.unwrap();
    let wrong = certificate.partitions.iter().filter(|line| !line.holds);
    let wrong: Vec<_> = wrong.map(|line| (&line.books, line.problems())).collect();
    assert!(wrong.is_empty(), "{wrong:?}");
    let wrong: Vec<_> = certificate.measures.iter().filter(|m| !m.holds()).collect();
    assert!(wrong.is_empty(), "{wrong:?}");
    let sum = |of: fn(&PartitionBooks) -> u64| {
        certificate
            .partitions
            .iter()
            .map(|line| of(&line.books))
            .sum::<u64>()
    };
    assert_eq!(
        (sum(|books| books.version_rows), sum(|books| books.quarantined)),
        (accepted as u64, rejected as u64)
    );
}

async fn places(system: &System, sql: &str) -> Vec<Place> {
    system.store.rows("read places", sql, &[]).await.unwrap()
}

async fn ends(system: &System) -> BTreeMap<(String, i32), (i64, i64)> {
    let (kafka, catalogue) = (system.kafka.clone(), system.in_force.catalogue.clone());
    let read = move || {
        Positions::new(&kafka, "books")
            .unwrap()
            .read(&catalogue.topics())
            .unwrap()
    };
    let positions = tokio::task::spawn_blocking(read).await.unwrap();
    positions
        .into_iter()
        .map(|(partition, p)| (partition, (p.low, p.high)))
        .collect()
}
