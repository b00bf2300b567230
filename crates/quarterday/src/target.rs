//! Which system a command works on: one that runs elsewhere, one that an `up` process runs, or one of its own in a data
//! directory, which lives as long as the command.

use std::path::Path;

use anyhow::Result;
use quarterday_embedded::endpoints;

use crate::builtin::InForce;
use crate::cli::Target;
use crate::embedded;
use crate::settings::Settings;
use crate::system::System;

/// The data directory when neither it nor a configuration is named.
pub const DEFAULT_DATA_DIR: &str = "./quarterday-data";

/// A system that a command may use, and what must be stopped afterwards.
pub struct Opened {
    /// The system.
    pub system: System,
    /// The embedded parts, when this command runs them itself.
    own: Option<embedded::Running>,
}

impl Target {
    /// Opens the system. One of its own is brought up, migrated and worked off.
    ///
    /// # Errors
    /// The configuration is not usable, the directory is held by another command for too long, or a part fails.
    pub async fn open(&self) -> Result<Opened> {
        if let Some(file) = &self.config {
            let settings = Settings::read(file)?;
            let system = System::elsewhere(&settings, InForce::load(&settings.plan)?)?;
            return Ok(Opened { system, own: None });
        }
        let directory = self.data_dir.as_deref().unwrap_or(Path::new(DEFAULT_DATA_DIR));
        if let Some(running) = endpoints::read_live(directory).await {
            return Ok(Opened { system: System::at(&running, InForce::builtin()?)?, own: None });
        }
        let own = embedded::Running::start(directory, embedded::free_ports()).await?;
        own.work_off(|_| ()).await?;
        Ok(Opened { system: own.system.clone(), own: Some(own) })
    }
}

impl Opened {
    /// Waits until everything that is in the log now has its outcome in the store, and measures are up to date. With a
    /// system elsewhere its own workers do the work.
    ///
    /// # Errors
    /// Kafka or ClickHouse did not answer, or the worker stopped.
    pub async fn work_off(&self) -> Result<()> {
        match &self.own {
            Some(own) => own.work_off(|_| ()).await,
            None => Ok(()),
        }
    }

    /// Stops what was started.
    ///
    /// # Errors
    /// The last batch could not be written, or a part did not stop.
    pub async fn close(self) -> Result<()> {
        match self.own {
            Some(own) => own.stop().await,
            None => Ok(()),
        }
    }
}
