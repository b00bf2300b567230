//! `quarterday up` in a process and a directory of its own, which can be killed and started again.

use std::fs;
use std::path::{Path, PathBuf};

use quarterday::system::System;
use quarterday_embedded::endpoints::Endpoints;

use super::field::Field;
use super::files;
use super::traffic::Traffic;
use crate::support::{Program, Running};

/// How the program is started, in a data directory with this configuration.
pub type Start = fn(data: &str, configuration: &str) -> Program;

pub struct Own {
    pub field: Field,
    start: Start,
    running: Option<Running>,
}

/// As a user does.
pub fn plainly(data: &str, configuration: &str) -> Program {
    prepare(data, configuration);
    Program::new(["up", "--data-dir", data])
}

/// Its data directory, with its configuration.
pub fn prepare(data: &str, configuration: &str) {
    fs::create_dir_all(data).unwrap();
    fs::copy(configuration, format!("{data}/quarterday.toml")).unwrap();
}

impl Own {
    pub async fn up(name: &str, what: u8, partners: usize, start: Start) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let in_force = files::in_force(directory.path(), name, partners);
        let (data, file) = (directory.path().join("data"), directory.path().join("up.toml"));
        fs::create_dir_all(&data).unwrap();
        let text = format!(
            "[metrics]\nlisten = 'off'\n[worker]\nbatch_events = 200\nbatch_ms = 100\n{}",
            files::section(directory.path())
        );
        fs::write(&file, text).unwrap();
        let running = start(data.to_str().unwrap(), file.to_str().unwrap()).start_until("ready");
        let system = System::at(&endpoints(&running, &data), in_force).unwrap();
        let traffic = Traffic::new(&system, name, what, partners).await;
        Own {
            field: Field::of(name, system, traffic, directory),
            start,
            running: Some(running),
        }
    }

    pub fn running(&self) -> &Running {
        self.running.as_ref().unwrap()
    }

    /// Kills it as `kill -9` does, with everything that is in it.
    pub fn kill_9(&mut self) {
        self.running.take().unwrap().kill_9();
    }

    /// Starts it again on the same directory.
    pub fn up_again(&mut self) {
        let (data, file) = (self.data(), self.field.directory.path().join("up.toml"));
        let running = (self.start)(data.to_str().unwrap(), file.to_str().unwrap()).start_until("ready");
        let in_force = self.field.system.in_force.clone();
        self.field.system = System::at(&endpoints(&running, &data), in_force).unwrap();
        self.field.traffic.reach(&self.field.system);
        self.running = Some(running);
    }

    pub fn stop(mut self) {
        self.running.take().unwrap().stop();
    }

    /// Its directory, as the process sees it.
    pub fn seen(&self) -> PathBuf {
        seen(self.running(), &self.data())
    }

    fn data(&self) -> PathBuf {
        self.field.directory.path().join("data")
    }
}

fn endpoints(running: &Running, data: &Path) -> Endpoints {
    let file = seen(running, data).join("endpoints.json");
    serde_json::from_slice(&fs::read(file).unwrap()).unwrap()
}

/// A process may see another directory than we do.
fn seen(running: &Running, data: &Path) -> PathBuf {
    running.root().join(data.strip_prefix("/").unwrap())
}
