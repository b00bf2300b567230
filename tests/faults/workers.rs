//! Worker processes killed at any instant, and at the worst ones.

use std::time::Duration;

use tokio::sync::mpsc;

use super::field::Field;
use super::table::Line;
use super::{dice, times};
use crate::support::shared;
use crate::support::trap::{Moment, Trap};
use crate::worker::Broker;

/// The worst instants: with a block on its way, with a block inserted and nobody told, between insert and commit, between insert
/// and refresh.
const PLACES: [(&str, Moment); 6] = [
    ("log_", Moment::BeforeItArrives),
    ("log_", Moment::BeforeTheAnswer),
    ("positions", Moment::BeforeItArrives),
    ("positions", Moment::BeforeTheAnswer),
    ("prepared", Moment::BeforeItArrives),
    ("prepared", Moment::BeforeTheAnswer),
];

const LIMIT: Duration = Duration::from_secs(90);
const PARTNERS: usize = 12;
/// So many are killed over one history: what is looked at after each grows with it.
const OF_ONE_HISTORY: usize = 20;
/// Beyond that a worker has done what there is to do.
const LATEST_MS: usize = 3_000;

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_killed_at_any_instant_loses_nothing_and_counts_nothing_twice() {
    run(&Broker::embedded(), times().worker_killed).await;
}

pub async fn run(broker: &Broker, times: usize) {
    let mut lines = [
        Line::new("worker killed (kill -9) at a random instant"),
        Line::new("worker killed between two of its steps"),
    ];
    for history in 0..times.div_ceil(OF_ONE_HISTORY) {
        let times = OF_ONE_HISTORY.min(times - history * OF_ONE_HISTORY);
        kill(broker, history, times, &mut lines).await;
    }
    lines.into_iter().for_each(Line::conclude);
}

async fn kill(broker: &Broker, history: usize, times: usize, [anywhere, worst]: &mut [Line; 2]) {
    let what = 2 + 20 * u8::try_from(history).unwrap();
    let mut dice = dice(what);
    let mut field = Field::prepare(&format!("killed_{history}"), broker, what, PARTNERS).await;
    let (sprung, mut springs) = mpsc::channel(1);
    let trap = Trap::before(&shared::endpoints().clickhouse, sprung).await;
    let address = trap.address.to_string();
    let part = field.traffic.left() / times;
    let mut worker = field.worker(&address);
    for number in 0..times {
        let at_worst = number % 2 == 1;
        field.traffic.begin(part);
        if at_worst {
            let (table, moment) = PLACES[number / 2 % PLACES.len()];
            trap.set(table, moment);
            let caught = tokio::time::timeout(LIMIT, springs.recv()).await;
            assert!(matches!(caught, Ok(Some(()))), "no insert into {table} was seen");
        } else {
            // Not waiting for anything: any instant will do.
            let instant = u64::try_from(dice.below(LATEST_MS)).unwrap();
            tokio::time::sleep(Duration::from_millis(instant)).await;
        }
        worker.kill_9();
        worker = field.worker(&address);
        // Messages come until it is there again.
        field.traffic.finish().await;
        let recovery = field.recovered().await;
        let verdict = field.check().await;
        if at_worst { &mut *worst } else { &mut *anywhere }.add(recovery, verdict);
    }
    tokio::task::block_in_place(|| worker.stop());
}
