//! The one engine that all tests of this process share: a process can have no second one.

use std::{
    sync::{Arc, Mutex, PoisonError, Weak},
    thread,
    time::{Duration, Instant},
};

use tempfile::TempDir;

use super::{Engine, Error, Options};

static SHARED: Mutex<Weak<SharedEngine>> = Mutex::new(Weak::new());

/// The engine, on a directory that goes with it. Each test uses databases of its own.
pub(crate) struct SharedEngine {
    pub(crate) engine: Engine,
    _directory: TempDir,
}

/// The shared engine, started if no test has it.
pub(crate) fn shared_engine() -> Arc<SharedEngine> {
    let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(engine) = shared.upgrade() {
        return engine;
    }
    let directory = tempfile::tempdir().unwrap();
    let mut options = Options::new(directory.path().join("clickhouse"));
    options.read_databases = vec!["quarterday".to_owned()];
    let engine = Arc::new(SharedEngine {
        engine: start(&options),
        _directory: directory,
    });
    *shared = Arc::downgrade(&engine);
    engine
}

/// The engine of the test before may still be closing.
fn start(options: &Options) -> Engine {
    let deadline = Instant::now() + Duration::from_secs(30);
    loop {
        match Engine::start(options) {
            Ok(engine) => return engine,
            Err(Error::AlreadyRunning { .. }) if Instant::now() < deadline => thread::yield_now(),
            Err(error) => panic!("{error}: {:?}", std::error::Error::source(&error)),
        }
    }
}
