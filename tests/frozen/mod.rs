//! Snapshots of a random history that grows: what is frozen are the numbers of the model, and every change is explained in the parts
//! that the model has, with the records behind each; events, different people, stocks, ratios and changes alike. All of it is proved.

mod changes;
mod expected;

use std::collections::BTreeSet;
use std::fs;

use quarterday::freezing::{self, Source, Taken, Wanted};
use quarterday::setup;
use quarterday_snapshot::Snapshot;

use crate::faults::field::Field;
use crate::faults::files;
use crate::oracle::periods::PERIODS;
use crate::oracle::records::Message;
use crate::support::shared;
use crate::worker::Broker;
use expected::{Redefined, Steps};

/// So many that a third of the measures have a number, and another later.
const PARTNERS: usize = 40;
/// Of [`PERIODS`]: a half, revised once, and a year, revised later and by another definition of one measure.
const HALF: usize = 0;
const YEAR: usize = 8;
/// A measure whose definition is changed in between: it counts what the other one counts.
const REDEFINED: Redefined = Redefined {
    id: "R19",
    like: "R20",
};
/// Tables, and the views of readers over them.
const OF_READERS: [&str; 3] = ["snapshots", "snapshot_values", "snapshot_changes"];
const BEFORE: &str = "filter = \"incident_type = 'VIOLENCE' AND monitored\"";
const AFTER: &str = "filter = \"instigated_by = 'PUBWATCH_RADIO' AND monitored\"";

#[tokio::test(flavor = "multi_thread")]
async fn what_is_frozen_is_the_models_and_changes_are_its_parts() {
    let mut field = Field::prepare("frozen", &Broker::embedded(), 11, PARTNERS).await;
    let clickhouse = shared::clickhouse_address();
    let part = field.traffic.left() / 3;
    let worker = field.worker(&clickhouse);
    field.traffic.produce(part).await;
    field.recovered().await;
    let log = field.log().await;
    let half = first(&field, HALF, &log).await;
    let year = first(&field, YEAR, &log).await;

    field.traffic.produce(part).await;
    field.recovered().await;
    let revised_half = revise(&field, &half, &log, None).await;
    tokio::task::block_in_place(|| worker.stop());

    change_a_definition(&mut field).await;
    let worker = field.worker(&clickhouse);
    field.traffic.produce(part).await;
    field.recovered().await;
    let revised_year = revise(&field, &year, &log, Some(REDEFINED)).await;
    tokio::task::block_in_place(|| worker.stop());
    every_cause_is_there(&[&revised_half, &revised_year]);
    every_change_has_its_records(&[&revised_half, &revised_year]);
    for snapshot in [&half, &revised_half, &revised_year] {
        proved(&field, snapshot, Source::Logs).await;
    }
    proved(&field, &year, Source::Kafka).await;
    a_kill_before_readers_saw_it_is_made_good(&field).await;
    a_change_of_what_readers_see_is_noticed(&field, &revised_half).await;
}

/// None is compared with nothing only. Of other seeds that may be so.
fn every_cause_is_there(revisions: &[&Snapshot]) {
    if std::env::var_os("QUARTERDAY_FAULTS_SEED").is_some() {
        return;
    }
    let changes = revisions.iter().flat_map(|snapshot| &snapshot.ledger);
    let parts = changes.flat_map(|change| &change.parts);
    let found: BTreeSet<&str> = parts
        .filter(|part| part.change != 0.0)
        .map(|part| part.cause.as_str())
        .collect();
    let expected = [
        "amended",
        "definition changed",
        "late",
        "return notices",
        "withdrawn",
    ];
    assert_eq!(Vec::from_iter(found), expected);
}

/// No part of a number that messages changed is without a record.
fn every_change_has_its_records(revisions: &[&Snapshot]) {
    let by_messages = ["late", "amended", "withdrawn", "replayed"];
    for change in revisions.iter().flat_map(|snapshot| &snapshot.ledger) {
        for part in change.parts.iter().filter(|part| part.change != 0.0) {
            let has_records = !part.records.is_empty() || !by_messages.contains(&part.cause.as_str());
            assert!(has_records, "no record is behind {part:?} of {}", change.id);
        }
    }
}

async fn first(field: &Field, period: usize, log: &[Message]) -> Snapshot {
    let taken = take(field, period, None).await;
    let Taken::New(snapshot) = taken else {
        panic!("{taken:?}")
    };
    expected::is_of_model(&snapshot, log, PARTNERS, period, None);
    snapshot
}

async fn take(field: &Field, period: usize, revise: Option<&str>) -> Taken {
    let wanted = Wanted {
        period: PERIODS[period].id.parse().unwrap(),
        provisional: false,
        revise: revise.map(str::to_owned),
        by: "test".to_owned(),
    };
    freezing::take(&field.system, &wanted).await.unwrap()
}

/// What has come since the log of then changes nothing that is frozen; a revision's ledger explains it.
async fn revise(field: &Field, before: &Snapshot, log: &[Message], redefined: Option<Redefined>) -> Snapshot {
    let (later, period) = (field.log().await, if redefined.is_some() { YEAR } else { HALF });
    let again = take(field, period, None).await;
    assert_eq!(again.snapshot(), before);
    let taken = take(field, period, Some("late returns")).await;
    let Taken::New(snapshot) = taken else {
        panic!("{taken:?}")
    };
    expected::is_of_model(&snapshot, &later, PARTNERS, period, redefined);
    assert!(!snapshot.ledger.is_empty(), "a third more changes nothing");
    Steps::new(log, &later, PARTNERS, redefined).check(&snapshot.ledger, period);
    snapshot
}

async fn change_a_definition(field: &mut Field) {
    let file = field.directory.path().join(files::plan_file(1));
    let plan = fs::read_to_string(&file).unwrap();
    let (before, rest) = plan
        .split_once(&format!("id = \"{}\"", REDEFINED.id))
        .expect("the measure");
    let changed = rest.replacen(BEFORE, AFTER, 1);
    assert_ne!(changed, rest);
    fs::write(&file, format!("{before}id = \"{}\"{changed}", REDEFINED.id)).unwrap();
    field.system.in_force = files::load(field.directory.path());
    setup::store(&field.system).await.unwrap();
}

async fn proved(field: &Field, snapshot: &Snapshot, source: Source) {
    let proof = freezing::prove(&field.system, snapshot, source).await.unwrap();
    assert!(proof.proved, "{proof:?}");
    assert_eq!(proof.compared, snapshot.values.len());
}

/// Between the topic and the tables of readers: whoever looks next fills them.
async fn a_kill_before_readers_saw_it_is_made_good(field: &Field) {
    let (store, before) = (&field.system.store, seen(field).await);
    for table in OF_READERS {
        let sql = format!("TRUNCATE TABLE {}_stores.{table}", store.names().bi());
        store.execute("lose what readers see", &sql).await.unwrap();
    }
    let journal = freezing::journal(&field.system).await.unwrap();
    assert_eq!(seen(field).await, before);
    assert_eq!(journal.newest_first().len(), 4);
}

/// In any of their tables.
async fn a_change_of_what_readers_see_is_noticed(field: &Field, snapshot: &Snapshot) {
    let store = &field.system.store;
    let changes = ["taken_by = 'nobody'", "title = 'another'", "cause = 'another'"];
    for (table, change) in OF_READERS.iter().zip(changes) {
        let key = if *table == "snapshots" { "id" } else { "snapshot" };
        let sql = format!(
            "ALTER TABLE {}_stores.{table} UPDATE {change} WHERE {key} = '{}' SETTINGS mutations_sync = 2",
            store.names().bi(),
            snapshot.header.id
        );
        store.execute("change what readers see", &sql).await.unwrap();
    }
    let proof = freezing::prove(&field.system, snapshot, Source::Logs)
        .await
        .unwrap();
    assert!(!proof.proved);
    assert_eq!(proof.differences, []);
    let told = |table: &&str| proof.faults.iter().any(|fault| fault.ends_with(*table));
    assert!(OF_READERS.iter().all(told), "{:?}", proof.faults);
}

/// How many rows readers have of all snapshots, and what stands in them.
async fn seen(field: &Field) -> Vec<serde_json::Value> {
    let store = &field.system.store;
    let mut all = Vec::new();
    for view in OF_READERS {
        let sql = format!(
            "SELECT count() AS rows, groupBitXor(cityHash64(toString(tuple(*)))) AS hash FROM {}.{view}",
            store.names().bi()
        );
        all.extend(store.rows("read what readers see", &sql, &[]).await.unwrap());
    }
    all
}
