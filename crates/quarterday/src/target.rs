//! Which system a command works on: one that runs elsewhere, one that an `up` process runs, or one of its own in a data
//! directory, which lives as long as the command.

use std::path::Path;

use anyhow::Result;
use quarterday_embedded::endpoints;
use quarterday_ingest::wait_until_worked_off;

use crate::builtin::InForce;
use crate::cli::Target;
use crate::embedded;
use crate::settings::Settings;
use crate::system::System;

/// The data directory when neither it nor a configuration is named.
pub const DEFAULT_DATA_DIR: &str = "./quarterday-data";

/// A system that a command may use.
pub struct Opened {
    /// The system.
    pub system: System,
    runs: Runs,
}

/// Who runs the system.
enum Runs {
    /// Others, with workers of their own.
    Elsewhere,
    /// An `up` process on this machine.
    Up,
    /// This command.
    Here(Box<embedded::Running>),
}

impl Target {
    /// Feeds, schemas, code lists and plans of the system, without reaching for it.
    ///
    /// # Errors
    /// The configuration or a file that it names is not usable.
    pub fn in_force(&self) -> Result<InForce> {
        match &self.config {
            Some(file) => InForce::load(&Settings::read(file)?.plan),
            None => InForce::builtin(),
        }
    }

    /// Opens the system. One of its own is brought up, migrated and worked off.
    ///
    /// # Errors
    /// The configuration is not usable, the directory is held by another command for too long, or a part fails.
    pub async fn open(&self) -> Result<Opened> {
        if let Some(file) = &self.config {
            let settings = Settings::read(file)?;
            let system = System::elsewhere(&settings, InForce::load(&settings.plan)?)?;
            return Ok(Opened {
                system,
                runs: Runs::Elsewhere,
            });
        }
        let directory = self.data_dir.as_deref().unwrap_or(Path::new(DEFAULT_DATA_DIR));
        if let Some(running) = endpoints::read_live(directory).await {
            return Ok(Opened {
                system: System::at(&running, InForce::builtin()?)?,
                runs: Runs::Up,
            });
        }
        let own = embedded::Running::start(directory, embedded::free_ports()).await?;
        own.work_off(|_| ()).await?;
        Ok(Opened {
            system: own.system.clone(),
            runs: Runs::Here(Box::new(own)),
        })
    }
}

impl Opened {
    /// Waits until everything that is in the log now has its outcome in the store, and measures are up to date. Not with a
    /// system elsewhere: its workers may be stopped, and work on when they are started.
    ///
    /// # Errors
    /// Kafka or ClickHouse did not answer, or the worker stopped.
    pub async fn work_off(&self) -> Result<()> {
        let System {
            kafka,
            store,
            in_force,
            ..
        } = &self.system;
        match &self.runs {
            Runs::Elsewhere => Ok(()),
            Runs::Up => Ok(wait_until_worked_off(kafka, store, &in_force.catalogue, |_| ()).await?),
            Runs::Here(own) => own.work_off(|_| ()).await,
        }
    }

    /// Stops what was started.
    ///
    /// # Errors
    /// The last batch could not be written, or a part did not stop.
    pub async fn close(self) -> Result<()> {
        match self.runs {
            Runs::Here(own) => own.stop().await,
            Runs::Elsewhere | Runs::Up => Ok(()),
        }
    }
}
