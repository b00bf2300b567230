//! Refreshes beside migrations: a number is never made of two versions of views and definitions.

use quarterday_store::sql::cells;
use quarterday_store::{Error, Position, Store};
use serde::Deserialize;
use std::sync::Arc;

use super::upgrade::{NAME, migrate, older, rows, store};

async fn mark(store: &Store, is_under_way: bool) {
    let sql = format!(
        "INSERT INTO {0}.migrations SELECT max(at) + INTERVAL 1 MICROSECOND, {is_under_way} FROM {0}.migrations",
        store.names().store()
    );
    store.execute("mark a migration", &sql).await.unwrap();
}

async fn filled(name: &str) -> Store {
    let (record_type, store) = (Arc::new(older()), store(name));
    migrate(&store, &record_type).await;
    store
        .insert_versions(&record_type, &rows(&record_type, 0..30))
        .await
        .unwrap();
    let position = Position {
        topic: "returns.upgrade".to_owned(),
        partition: 0,
        record_type: NAME.to_owned(),
        next_offset: 30,
    };
    store.write_positions(&[position]).await.unwrap();
    store
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_refreshed_while_a_migration_is_under_way() {
    let store = filled("under_way").await;
    mark(&store, true).await;
    let error = store.refresh_stale().await.unwrap_err();
    assert!(matches!(error, Error::UnderMigration { .. }), "{error}");
    assert!(error.to_string().contains("quarterday migrate"), "{error}");
    assert_eq!(store.shown().await.unwrap().next("returns.upgrade", 0), 0);
    // The next one that is run to its end.
    mark(&store, false).await;
    store.refresh_stale().await.unwrap();
    assert_eq!(store.shown().await.unwrap().next("returns.upgrade", 0), 30);
}

#[derive(Deserialize)]
struct InForce {
    made_by: String,
    hash: String,
}

#[derive(Deserialize)]
struct Prepared {
    watermark: u64,
}

/// The watermark of what is prepared, after preparing for these definitions.
async fn prepared(store: &Store, made_by: &str, hash: &str, watermark: u64) -> u64 {
    let asked = format!(
        "CAST([('{NAME}', map('returns.upgrade/0', {watermark}), '{made_by}', '{hash}')], \
         'Array(Tuple(String, Map(String, UInt64), String, String))')"
    );
    let sql = cells::prepare(store.names(), &asked, "1");
    store.execute("prepare", &sql).await.unwrap();
    let sql = format!(
        "SELECT watermark['returns.upgrade/0'] AS watermark FROM {}.prepared_newest WHERE record_type = '{NAME}'",
        store.names().store()
    );
    let prepared: Vec<Prepared> = store.rows("read what is prepared", &sql, &[]).await.unwrap();
    prepared.first().unwrap().watermark
}

#[tokio::test(flavor = "multi_thread")]
async fn what_other_definitions_placed_is_left_to_the_next_refresh() {
    let store = filled("others").await;
    let sql = format!(
        "SELECT made_by, hash FROM {}.definitions_in_force WHERE record_type = '{NAME}'",
        store.names().store()
    );
    let in_force: Vec<InForce> = store.rows("read definitions", &sql, &[]).await.unwrap();
    let InForce { made_by, hash } = in_force.first().unwrap();
    assert_eq!(prepared(&store, made_by, hash, 7).await, 7);
    assert_eq!(prepared(&store, "others", hash, 8).await, 7);
    assert_eq!(prepared(&store, made_by, "others", 9).await, 7);
    mark(&store, true).await;
    assert_eq!(prepared(&store, made_by, hash, 10).await, 7);
    mark(&store, false).await;
    assert_eq!(prepared(&store, made_by, hash, 11).await, 11);
}
