//! ClickHouse that misbehaves while messages come.

use super::field::Field;
use super::proxy::{Manner, Proxy};
use super::table::Line;
use super::times;
use crate::support::shared;
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
            field.traffic.produce(part / 2).await;
            proxy.behave(manner);
            field.traffic.produce(part - part / 2).await;
            proxy.met(2).await;
            proxy.behave(Manner::Passes);
            let recovery = field.recovered().await;
            let verdict = field.check().await;
            line.add(recovery, verdict);
        }
        line.conclude();
    }
    tokio::task::block_in_place(|| worker.stop());
}
