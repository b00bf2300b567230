//! Which system a command works on: one that runs elsewhere, one that an `up` process runs, or one of its own in a data
//! directory, which lives as long as the command.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use quarterday_embedded::endpoints;
use quarterday_ingest::wait_until_worked_off;
use quarterday_store::Names;

use crate::builtin::InForce;
use crate::cli::Target;
use crate::embedded;
use crate::settings::{self, Settings};
use crate::system::System;

/// The data directory when neither it nor a configuration is named.
pub const DEFAULT_DATA_DIR: &str = "./quarterday-data";

/// A system that a command may use.
pub struct Opened {
    /// The system.
    pub system: System,
    runs: Runs,
}

/// Where a system is.
enum Place {
    /// Where this configuration says.
    Elsewhere(PathBuf),
    /// In this data directory.
    Directory(PathBuf),
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
        match self.place()? {
            Place::Elsewhere(file) => InForce::load(&Settings::read(&file, &self.set)?.plan),
            Place::Directory(directory) => InForce::load(&settings::Embedded::of(&directory)?.plan),
        }
    }

    /// The names of its databases.
    ///
    /// # Errors
    /// The configuration is not usable.
    pub fn names(&self) -> Result<Names> {
        Ok(match self.place()? {
            Place::Elsewhere(file) => Names::new(&Settings::read(&file, &self.set)?.clickhouse.database),
            Place::Directory(_) => Names::default(),
        })
    }

    /// What the command line says, else the environment, else the usual directory.
    fn place(&self) -> Result<Place> {
        let given = |name: &str| {
            std::env::var_os(name)
                .filter(|value| !value.is_empty())
                .map(PathBuf::from)
        };
        let place = match (&self.config, &self.data_dir) {
            (Some(file), _) => Place::Elsewhere(file.clone()),
            (None, Some(directory)) => Place::Directory(directory.clone()),
            (None, None) => match (given("QUARTERDAY_CONFIG"), given("QUARTERDAY_DATA_DIR")) {
                (Some(file), _) => Place::Elsewhere(file),
                (None, directory) => Place::Directory(directory.unwrap_or_else(|| DEFAULT_DATA_DIR.into())),
            },
        };
        if matches!(place, Place::Directory(_)) && !self.set.is_empty() {
            bail!("--set goes with --config; a data directory has its settings in its own quarterday.toml");
        }
        Ok(place)
    }

    async fn elsewhere(&self, file: &Path) -> Result<Opened> {
        let settings = Settings::read(file, &self.set)?;
        let system = System::elsewhere(&settings, InForce::load(&settings.plan)?)?
            .with_store_in_force()
            .await?;
        Ok(Opened {
            system,
            runs: Runs::Elsewhere,
        })
    }

    /// Opens a system to read from it: a data directory that does not exist has nothing to read, and is not made.
    ///
    /// # Errors
    /// As [`Target::open`].
    pub async fn open_to_read(&self) -> Result<Opened> {
        if let Place::Directory(directory) = self.place()?
            && !directory.exists()
        {
            bail!(
                "there is no data in {}: 'quarterday push', 'quarterday up' and 'quarterday demo' make a data directory",
                directory.display()
            );
        }
        self.open().await
    }

    /// Opens the system. One of its own is brought up, migrated and worked off.
    ///
    /// # Errors
    /// The configuration is not usable, the directory is held by another command for too long, or a part fails.
    pub async fn open(&self) -> Result<Opened> {
        let directory = match self.place()? {
            Place::Elsewhere(file) => return self.elsewhere(&file).await,
            Place::Directory(directory) => directory,
        };
        let directory = directory.as_path();
        if let Some(opened) = Opened::of_up(directory).await? {
            return Ok(opened);
        }
        let own = match embedded::Running::start(directory, embedded::free_ports()).await {
            Ok(own) => own,
            // It may have been an 'up' that was just starting.
            Err(error) => return Opened::of_up(directory).await?.ok_or(error),
        };
        own.work_off(|_| ()).await?;
        Ok(Opened {
            system: own.system.clone(),
            runs: Runs::Here(Box::new(own)),
        })
    }
}

impl Opened {
    /// The system that an `up` process runs on this directory, if one does.
    async fn of_up(directory: &Path) -> Result<Option<Self>> {
        let Some(endpoints) = endpoints::read_live(directory).await else {
            return Ok(None);
        };
        let in_force = InForce::load(&settings::Embedded::of(directory)?.plan)?;
        let system = System::at(&endpoints, in_force)?.with_store_in_force().await?;
        Ok(Some(Opened {
            system,
            runs: Runs::Up,
        }))
    }

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

    /// Whether this command can wait until its messages are worked off.
    #[must_use]
    pub fn is_watched(&self) -> bool {
        !matches!(self.runs, Runs::Elsewhere)
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
