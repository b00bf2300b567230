//! A store that is derived again while messages keep coming: cut off at the worst instants of the switch (in the short campaign at one of
//! the two). Readers never see less than they have seen.

use std::collections::BTreeMap;
use std::time::Duration;

use quarterday_store::Store;
use serde::Deserialize;
use tokio::sync::{mpsc, watch};

use super::field::Field;
use super::is_long;
use super::table::Line;
use crate::support::trap::{Moment, Trap};
use crate::support::{Running, shared};
use crate::worker::Broker;

const PARTNERS: usize = 6;
const LIMIT: Duration = Duration::from_secs(480);
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// The row by which readers see the other store.
const SWITCH: [&str; 2] = ["param_state", "in force"];

/// How far the numbers of readers are.
#[derive(Deserialize)]
struct Seen {
    place: String,
    next: u64,
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rebuild_under_load_is_switched_over_to_in_one_step() {
    let mut field = Field::prepare("rebuilt", &Broker::embedded(), 12, PARTNERS).await;
    let worker = field.worker(&shared::clickhouse_address());
    let part = field.traffic.left() / 2;
    field.traffic.produce(part).await;
    field.recovered().await;
    let (stop, is_stopped) = watch::channel(false);
    let reader = tokio::spawn(read(field.system.store.clone(), is_stopped));
    field.traffic.begin(part);
    let mut line = Line::new("rebuild under load, cut off in the switch");

    if is_long() {
        cut_off(&field, Moment::BeforeItArrives).await;
        assert_eq!(in_force(&field).await, field.system.store.names().store());
        // Readers are held for a while by whoever was cut off.
        goes_on(&field.system.store).await;
    }
    cut_off(&field, Moment::BeforeTheAnswer).await;
    assert_ne!(in_force(&field).await, field.system.store.names().store());
    // What every view reads is the new store, although nobody had the time to replace a view.
    let before = field.system.store.clone();
    let names = before.names();
    let emptied = format!("TRUNCATE TABLE {}.measure_cells", names.store());
    before.execute("empty a store", &emptied).await.unwrap();
    assert!(!seen(&before).await.is_empty());

    stop.send_replace(true);
    reader.await.unwrap();
    field.traffic.finish().await;
    field.system.store = before.in_force().await.unwrap();
    let recovery = field.recovered().await;
    line.add(recovery, field.check().await);
    reads_without(&field.system.store, &before).await;
    tokio::task::block_in_place(|| worker.stop());
    line.conclude();
}

/// The next rebuild or migration leaves nothing that reads from the store before.
async fn reads_without(store: &Store, before: &Store) {
    store.be_read_alone().await.unwrap();
    let dropped = format!("DROP DATABASE {} SYNC", before.names().store());
    store.execute("drop a store", &dropped).await.unwrap();
    assert!(!seen(store).await.is_empty());
}

/// Derives the store again, and ends it at this moment of the switch. Before that it is held up until readers have seen more than it has.
async fn cut_off(field: &Field, moment: Moment) {
    let (sprung, mut springs) = mpsc::channel(1);
    let trap = Trap::before(&shared::endpoints().clickhouse, sprung).await;
    let store = &field.system.store;
    let of_readers = format!("VIEW {}.", store.names().bi());
    trap.set_for(&[&of_readers], Moment::UntilReleased);
    let rebuild: Running = field.rebuild(&trap.address.to_string()).start();
    is_sprung(&mut springs).await;
    goes_on(store).await;
    trap.set_for(&SWITCH, moment);
    trap.release();
    is_sprung(&mut springs).await;
    rebuild.kill_9();
}

/// Waits until readers see something newer.
async fn goes_on(store: &Store) {
    let held = store.shown().await.unwrap().at;
    let mut looks = tokio::time::interval(LOOK_EVERY);
    let newer = async {
        while store.shown().await.unwrap().at == held {
            looks.tick().await;
        }
    };
    tokio::time::timeout(LIMIT, newer).await.unwrap();
}

async fn is_sprung(springs: &mut mpsc::Receiver<()>) {
    let caught = tokio::time::timeout(LIMIT, springs.recv()).await;
    assert!(matches!(caught, Ok(Some(()))), "nothing was switched");
}

async fn in_force(field: &Field) -> String {
    let store = field.system.store.in_force().await.unwrap();
    store.names().store().to_owned()
}

/// Reads as BI tools do, for as long as it is not stopped.
async fn read(store: Store, is_stopped: watch::Receiver<bool>) {
    let mut newest: BTreeMap<String, u64> = BTreeMap::new();
    let mut looks = tokio::time::interval(LOOK_EVERY);
    while !*is_stopped.borrow() {
        looks.tick().await;
        let now = seen(&store).await;
        for (place, next) in &newest {
            let now = now.get(place);
            assert!(
                now >= Some(next),
                "{place} was seen up to {next}, and now to {now:?}"
            );
        }
        newest = now;
    }
}

async fn seen(store: &Store) -> BTreeMap<String, u64> {
    let sql = format!(
        "SELECT each.1 AS place, max(each.2) AS next FROM {}.measures \
         ARRAY JOIN CAST(watermark, 'Array(Tuple(String, UInt64))') AS each GROUP BY place",
        store.names().bi()
    );
    let seen: Vec<Seen> = store.rows("read as readers do", &sql, &[]).await.unwrap();
    seen.into_iter().map(|seen| (seen.place, seen.next)).collect()
}
