//! A store that is derived again while what readers see is behind the log: nothing beyond what is shown is compared, and a store beside that
//! is further, and stays so, is given up.

use quarterday::produce::Producing;
use quarterday::rebuilding::{Allowed, rebuild};
use quarterday::system::System;
use quarterday_ingest::{Parts, Task, Worker, WorkerSettings, ends, wait_until_stored};
use quarterday_store::stores::State;

use super::outcomes::{SPELLINGS, incident};
use super::replay::Broker;
use super::{Replay, books};

const STRICT: Allowed = Allowed {
    missing: false,
    differences: false,
};

pub async fn is_compared_with_what_is_shown(broker: &Broker) {
    let mut replay = Replay::prepare(&broker.named("behind"), broker).await;
    let producing = Producing::new(&replay.system).await.unwrap();
    let produce = async |reference: &str| {
        let message = incident(&producing, SPELLINGS[0], reference);
        producing.send(vec![message]).await.unwrap();
    };
    let worker = replay.worker();
    produce("SHOWN").await;
    replay.work_off().await;
    worker.stop().await.unwrap();

    produce("IN-THE-LOG-ONLY").await;
    go_over(&mut replay.system).await;
    assert_eq!(books::balance(&replay.system).await, (2, 0));

    only_one_at_a_time(&replay.system).await;
    produce("BESIDE-ONLY").await;
    let further = work_off_beside(&replay.system).await;
    go_over(&mut replay.system).await;
    assert_ne!(replay.system.store.names().store(), further);
    assert_eq!(books::balance(&replay.system).await, (3, 0));
}

/// Nothing is derived while somebody else does, and no store that readers see is given up, whoever thinks that it is not wanted.
async fn only_one_at_a_time(system: &System) {
    let another = "another";
    system.store.lease(another, 60).await.unwrap();
    let refused = rebuild(system, STRICT).await.unwrap_err().to_string();
    assert!(refused.contains("another rebuild is under way"), "{refused}");
    system.store.lease(another, 0).await.unwrap();
    let in_force = system.store.names().store();
    system
        .store
        .note_state(in_force, State::GivenUp, "")
        .await
        .unwrap();
    assert_eq!(system.store.in_force().await.unwrap().names().store(), in_force);
}

/// Derives the store again, and goes on with it.
async fn go_over(system: &mut System) {
    let rebuilt = rebuild(system, STRICT).await.unwrap();
    assert!(rebuilt.in_force, "{:?}", rebuilt.differences);
    system.store = system.store.in_force().await.unwrap();
}

/// As a rebuild does that is cut off before it is over; gives the name of its store.
async fn work_off_beside(system: &System) -> String {
    let declared = system.in_force.declared();
    let beside = system.store.beside(declared.contents.hash()).await.unwrap();
    beside.migrate(&declared).await.unwrap();
    let parts = Parts {
        store: beside.clone(),
        task: Task::Rebuild(None),
        ..system.parts()
    };
    let settings = WorkerSettings {
        group: format!("{}-rebuild", beside.names().store()),
        ..WorkerSettings::default()
    };
    let worker = Worker::start(parts, &settings).unwrap();
    let ends = ends(&system.kafka, &system.in_force.catalogue).await.unwrap();
    wait_until_stored(&ends, &beside, |_| ()).await.unwrap();
    worker.stop().await.unwrap();
    beside.names().store().to_owned()
}
