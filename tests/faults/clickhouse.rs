//! ClickHouse that misbehaves while messages come.

use std::time::Duration;

use tokio::time::Instant;

use super::field::Field;
use super::files::topic;
use super::proxy::{Manner, Proxy};
use super::table::Line;
use super::times;
use crate::oracle::records::Kind;
use crate::support::{shared, wait_until};
use crate::worker::Broker;

const MANNERS: [(&str, Manner); 4] = [
    ("ClickHouse refuses connections", Manner::Refuses),
    ("ClickHouse hangs", Manner::Hangs),
    ("ClickHouse cuts an insert", Manner::CutsInserts),
    ("ClickHouse answers 503", Manner::Unavailable),
];

const PARTNERS: usize = 12;

#[tokio::test(flavor = "multi_thread")]
async fn a_clickhouse_that_misbehaves_costs_nothing_but_time() {
    let times = times().clickhouse;
    let mut field = Field::prepare("misbehaving", &Broker::embedded(), 1, PARTNERS).await;
    let proxy = Proxy::before(&shared::endpoints().clickhouse).await;
    let worker = field.worker(&proxy.address.to_string());
    let part = field.traffic.left() / (MANNERS.len() * times);
    for (fault, manner) in MANNERS {
        let mut line = Line::new(fault);
        for _ in 0..times {
            field.traffic.begin(part);
            proxy.behave(manner);
            proxy.met(2).await;
            proxy.behave(Manner::Passes);
            field.traffic.finish().await;
            let recovery = field.recovered().await;
            let verdict = field.check().await;
            line.add(recovery, verdict);
        }
        line.conclude();
    }
    tokio::task::block_in_place(|| worker.stop());
}

/// What waits in Kafka while ClickHouse hangs: forty megabytes.
const FLOOD: usize = 20_000;
const FLOOD_BYTES: usize = 2_000;
/// A worker of the campaign fetches a megabyte ahead, and holds three batches of 200 messages.
const MAY_GROW: u64 = 16 << 20;
/// So long a worker is watched that has nothing to do but to wait.
const WATCHED: Duration = Duration::from_secs(15);
const LIMIT: Duration = Duration::from_secs(60);

#[tokio::test(flavor = "multi_thread")]
async fn a_clickhouse_that_hangs_makes_no_memory_grow() {
    let mut field = Field::prepare("hanging", &Broker::embedded(), 11, PARTNERS).await;
    let proxy = Proxy::before(&shared::endpoints().clickhouse).await;
    let worker = field.worker(&proxy.address.to_string());
    let part = field.traffic.left() / 2;
    field.traffic.produce(part).await;
    field.recovered().await;
    let before = worker.resident();
    proxy.behave(Manner::Hangs);
    field.traffic.produce(part).await;
    let incidents = topic(&field.name, Kind::CctvIncident);
    field.traffic.flood(&incidents, FLOOD, FLOOD_BYTES).await;
    tokio::task::block_in_place(|| {
        wait_until("the worker pauses its partitions", LIMIT, || {
            worker.said("partitions are paused")
        });
    });
    let (mut most, end) = (0, Instant::now() + WATCHED);
    let mut looks = tokio::time::interval(Duration::from_millis(200));
    while looks.tick().await < end {
        most = most.max(worker.resident());
    }
    assert!(
        most < before + MAY_GROW,
        "it grew from {before} to {most} bytes while ClickHouse hung"
    );
    proxy.behave(Manner::Passes);
    field.recovered().await;
    field.check().await;
    // Longer than a worker of the campaign may be without polling.
    assert!(
        !worker.said("\"lost\":true"),
        "the group took it for dead while ClickHouse hung"
    );
    tokio::task::block_in_place(|| worker.stop());
}
