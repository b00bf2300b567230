//! One system for all tests of this process, run by the program itself (`quarterday up`), so that the engine is not in the test
//! process and ends with it. Tests keep apart by database and topic names.

use std::fs;
use std::path::PathBuf;
use std::process;
use std::sync::OnceLock;

use quarterday_embedded::endpoints::Endpoints;
use quarterday_kafka::KafkaSettings;
use quarterday_kafka::registry::RegistryClient;

use super::{Program, Running};

struct Shared {
    endpoints: Endpoints,
    /// Ended by its guard when this process ends.
    _up: Running,
}

/// The ClickHouse of the shared system.
pub fn clickhouse() -> quarterday_store::Settings {
    quarterday_store::Settings::loopback(&shared().endpoints.clickhouse)
}

/// Its host and port, as a configuration or a proxy wants them.
pub fn clickhouse_address() -> String {
    let url = &shared().endpoints.clickhouse;
    url.trim_start_matches("http://").trim_end_matches('/').to_owned()
}

/// The broker of the shared system.
pub fn kafka() -> KafkaSettings {
    KafkaSettings::new(shared().endpoints.kafka.clone())
}

/// The schema registry of the shared system.
pub fn registry() -> RegistryClient {
    RegistryClient::new(&shared().endpoints.registry, None).unwrap()
}

/// Where the shared system listens.
pub fn endpoints() -> &'static Endpoints {
    &shared().endpoints
}

fn shared() -> &'static Shared {
    static SHARED: OnceLock<Shared> = OnceLock::new();
    SHARED.get_or_init(|| {
        let directory = directory();
        // Its topics are those of no test, but that of the probe is everybody's.
        fs::create_dir_all(&directory).unwrap();
        fs::write(directory.join("quarterday.toml"), "[metrics]\nprobe_ms = 0\n").unwrap();
        let up = Program::new(["up", "--data-dir", directory.to_str().unwrap()]).start_until("ready");
        let endpoints = serde_json::from_slice(&fs::read(directory.join("endpoints.json")).unwrap()).unwrap();
        Shared { endpoints, _up: up }
    })
}

/// A directory of this process; those of processes that are gone are removed.
fn directory() -> PathBuf {
    let all = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("shared");
    fs::create_dir_all(&all).unwrap();
    for entry in fs::read_dir(&all).unwrap().flatten() {
        let pid = entry.file_name().to_string_lossy().into_owned();
        if !PathBuf::from("/proc").join(&pid).exists() {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
    all.join(process::id().to_string())
}
