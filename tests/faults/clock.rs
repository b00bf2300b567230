//! A clock that is set back by an hour, and forward again, while messages come.
//!
//! Broker and worker get a clock of their own (`clock.c`, put in front of the C library's). The engine takes no other clock than the
//! machine's; from its side a clock that was set back is one that stands before everything it has noted, so what it has noted is moved on.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use quarterday::bench::skip;
use quarterday_store::Store;
use serde::Deserialize;

use super::own::{self, Own};
use super::table::Line;
use crate::support::{Program, Running};

const PARTNERS: usize = 12;
const HOUR: i64 = 3600;

/// A time that a table of the store has.
#[derive(Deserialize)]
struct Times {
    table: String,
    columns: Vec<String>,
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_is_set_back_changes_nothing() {
    if !own_clock_is_built() {
        skip("a clock of the program's own", "there is no C compiler (cc)");
        return;
    }
    let mut own = Own::up("clock", 9, PARTNERS, with_its_own_clock).await;
    let part = own.field.traffic.left() / 4;
    let mut line = Line::new("clock set back by an hour, and forward again");
    own.field.traffic.produce(part).await;
    own.field.recovered().await;
    for (hours, is_engine) in [(-1, false), (0, true), (-1, false)] {
        own.field.traffic.begin(part);
        set(own.field.directory.path(), hours * HOUR);
        own.field.traffic.finish().await;
        let recovery = own.field.recovered().await;
        line.add(recovery, own.field.check().await);
        if hours < 0 {
            assert!(is_an_hour_behind(own.running()), "the clock was not set back");
        }
        if is_engine {
            // At rest: nothing is noted meanwhile.
            let before = own.field.system.store.shown().await.unwrap().at;
            move_on(&own.field.system.store).await;
            let after = own.field.system.store.shown().await.unwrap().at;
            assert!(after > before, "nothing was moved on");
        }
    }
    never_falls(&own.field.system.store).await;
    tokio::task::block_in_place(|| own.stop());
    line.conclude();
}

/// Whether a line of the log was written in the last minutes by a clock that is an hour behind.
fn is_an_hour_behind(running: &Running) -> bool {
    [0, 60, 120].iter().any(|ago| {
        let then = jiff::Timestamp::now() - jiff::SignedDuration::from_secs(HOUR + ago);
        let ten_minutes: String = then.to_string().chars().take("2026-11-26T21:4".len()).collect();
        running.said(&format!("\"timestamp\":\"{ten_minutes}"))
    })
}

fn library() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("clock.so")
}

fn own_clock_is_built() -> bool {
    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/faults/clock.c");
    let built = Command::new("cc")
        .args(["-shared", "-fPIC", "-O1", "-o"])
        .arg(library())
        .arg(source)
        .arg("-ldl")
        .status();
    match built {
        Ok(status) => {
            assert!(status.success(), "{source} could not be compiled");
            true
        }
        Err(_) => false,
    }
}

/// Through `env`, so that the test keeps its own.
fn with_its_own_clock(data: &str, configuration: &str) -> Program {
    let directory = Path::new(configuration).parent().unwrap();
    set(directory, 0);
    own::prepare(data, configuration);
    let clock = format!("QUARTERDAY_TEST_CLOCK={}", file(directory).display());
    let preload = format!("LD_PRELOAD={}", library().display());
    Program::through_with("env", [clock.as_str(), &preload], ["up", "--data-dir", data])
}

fn file(directory: &Path) -> PathBuf {
    directory.join("clock")
}

/// So many seconds beside the machine's clock.
fn set(directory: &Path, seconds: i64) {
    use std::os::unix::fs::FileExt as _;
    let file = fs::File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(file(directory))
        .unwrap();
    file.write_all_at(&seconds.to_ne_bytes(), 0).unwrap();
}

/// Everything that the engine has noted a time of gets one that is an hour later.
async fn move_on(store: &Store) {
    let tables: Vec<Times> = store
        .rows(
            "list times",
            "SELECT concat(c.database, '.', c.table) AS table, groupArray(c.name) AS columns FROM system.columns AS c \
             INNER JOIN system.tables AS t ON t.database = c.database AND t.name = c.table \
             WHERE c.type = 'DateTime64(6, \\'UTC\\')' AND t.engine LIKE '%MergeTree' AND t.name NOT LIKE '.%' GROUP BY table ORDER BY table",
            &[],
        )
        .await
        .unwrap();
    assert!(tables.len() > 5, "only {} tables have times", tables.len());
    for Times { table, columns } in tables {
        let moved: Vec<String> = columns
            .iter()
            .map(|column| {
                format!("if(toYear({column}) < 2000, {column}, {column} + INTERVAL 1 HOUR) AS {column}")
            })
            .collect();
        // The newest of each holds.
        let sql = format!(
            "INSERT INTO {table} SELECT * REPLACE ({}) FROM {table}",
            moved.join(", ")
        );
        store.execute("move times on", &sql).await.unwrap();
    }
}

/// A refresh that is later in time has no lower watermark.
async fn never_falls(store: &Store) {
    #[derive(Deserialize)]
    struct Falls {
        refreshes: u64,
        falls: u64,
    }
    let sql = format!(
        "SELECT count() AS refreshes, countIf(arrayExists(p -> watermark[p] < before[p], mapKeys(before))) AS falls FROM ( \
         SELECT watermark, lagInFrame(watermark) OVER (PARTITION BY record_type ORDER BY computed_at \
         ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS before FROM {}.measure_cells FINAL WHERE level = 'shown')",
        store.names().store()
    );
    let falls: Vec<Falls> = store.rows("compare watermarks", &sql, &[]).await.unwrap();
    assert!(falls[0].refreshes > 10 && falls[0].falls == 0, "watermarks fell");
}
