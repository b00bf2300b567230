//! The whole system in one process: killed at any instant, with a full disk.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use quarterday::bench::skip;

use super::own::{Own, plainly};
use super::table::Line;
use super::{dice, times};
use crate::support::Program;

const PARTNERS: usize = 12;
/// Beyond that it has done what there is to do.
const LATEST_MS: usize = 4_000;

#[tokio::test(flavor = "multi_thread")]
async fn up_killed_at_any_instant_loses_nothing_and_counts_nothing_twice() {
    let (mut dice, times) = (dice(5), times().up_killed);
    let mut own = Own::up("up_killed", 5, PARTNERS.max(times / 8), plainly).await;
    let part = own.field.traffic.left() / times;
    let mut line = Line::new("`up` killed (kill -9), with broker, engine and worker in it");
    for _ in 0..times {
        // Messages are on their way, which then may be in the log or not.
        own.field.traffic.begin(part);
        // Not waiting for anything: any instant will do.
        let instant = u64::try_from(dice.below(LATEST_MS)).unwrap();
        tokio::time::sleep(Duration::from_millis(instant)).await;
        own.kill_9();
        own.field.traffic.abandon();
        let began = Instant::now();
        tokio::task::block_in_place(|| own.up_again());
        own.field.recovered().await;
        line.add(began.elapsed(), own.field.check().await);
    }
    tokio::task::block_in_place(|| own.stop());
    line.conclude();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_costs_nothing_but_time() {
    if !may_mount() {
        skip("a small disk", "a mount of one's own is refused (unshare -Urm)");
        return;
    }
    let mut own = Own::up("disk", 7, PARTNERS, on_a_small_disk).await;
    let part = own.field.traffic.left() / 4;
    let mut line = Line::new("disk of the data directory full");
    own.field.traffic.produce(part).await;
    // In the middle of whatever the worker does.
    let disk = own.seen();
    fill(&disk.join("ballast"));
    own.field.traffic.begin(part);
    let taken = own.field.traffic.finish().await;
    assert!(taken < part, "the disk was not full");
    fs::remove_file(disk.join("ballast")).unwrap();
    own.field.traffic.produce(part).await;
    let recovery = own.field.recovered().await;
    line.add(recovery, own.field.check().await);
    tokio::task::block_in_place(|| own.stop());
    line.conclude();
}

fn may_mount() -> bool {
    let tried = Command::new("unshare").args(["-Urm", "true"]).status();
    tried.is_ok_and(|status| status.success())
}

/// In a file system of 400 MB that only the program sees.
fn on_a_small_disk(data: &str, configuration: &str) -> Program {
    const MOUNT: &str = r#"mount -t tmpfs -o size=400m tmpfs "$1" && cp "$2" "$1/quarterday.toml" && exec "$3" up --data-dir "$1""#;
    Program::through("unshare", ["-Urm", "sh", "-c", MOUNT, "sh", data, configuration])
}

fn fill(file: &Path) {
    let mut file = File::create(file).unwrap();
    let block = vec![1; 1 << 20];
    while file.write_all(&block).is_ok() {}
    // The rest of it, too.
    while file.write_all(&block[..512]).is_ok() {}
}
