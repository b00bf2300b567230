//! One embedded system for all tests of this process: the engine can be opened only once in a process. Tests keep apart by
//! database and topic names.

use std::path::PathBuf;
use std::sync::OnceLock;
use std::{fs, process, thread};

use quarterday_embedded::{Embedded, Options, PortChoice, Ports};
use quarterday_kafka::KafkaSettings;
use quarterday_kafka::registry::RegistryClient;

struct Shared {
    kafka: String,
    clickhouse: String,
    registry: String,
}

/// The ClickHouse of the shared system.
pub fn clickhouse() -> quarterday_store::Settings {
    quarterday_store::Settings::loopback(&shared().clickhouse)
}

/// The broker of the shared system.
pub fn kafka() -> KafkaSettings {
    KafkaSettings::new(shared().kafka.clone())
}

/// The schema registry of the shared system.
pub fn registry() -> RegistryClient {
    RegistryClient::new(&shared().registry, None).unwrap()
}

fn shared() -> &'static Shared {
    static SHARED: OnceLock<Shared> = OnceLock::new();
    SHARED.get_or_init(start)
}

/// Starts the system on a thread that keeps it for as long as the process lives.
fn start() -> Shared {
    let (tell, told) = std::sync::mpsc::channel();
    thread::spawn(move || {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            let free = Ports {
                kafka: PortChoice::Free,
                clickhouse: PortChoice::Free,
                registry: PortChoice::Free,
            };
            let embedded = Embedded::start(Options::new(&directory(), free)).await.unwrap();
            let endpoints = embedded.endpoints();
            tell.send(Shared {
                kafka: endpoints.kafka.clone(),
                clickhouse: endpoints.clickhouse.clone(),
                registry: endpoints.registry.clone(),
            })
            .unwrap();
            std::future::pending::<()>().await;
        });
    });
    told.recv().expect("the shared embedded system did not start")
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
