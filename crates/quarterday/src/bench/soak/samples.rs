//! Looking at the watched process and at the parts of its tables.

use std::fs;
use std::time::Duration;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use crate::system::System;

/// Parts are counted once in so many looks.
const COUNT_EVERY: usize = 10;

/// One look.
#[derive(Debug, Clone, Copy, Serialize)]
pub(super) struct Sample {
    /// Since the beginning.
    pub(super) seconds: u64,
    /// Messages sent by then.
    pub(super) sent: u64,
    pub(super) resident_bytes: u64,
    pub(super) threads: u64,
    pub(super) open_files: u64,
    /// Active parts of the table that has most, as last counted.
    pub(super) parts: u64,
}

/// Who looks.
pub(super) struct Watch<'s> {
    process: u32,
    system: &'s System,
    samples: Vec<Sample>,
}

#[derive(Deserialize)]
struct Counted {
    parts: u64,
}

impl<'s> Watch<'s> {
    pub(super) fn of(process: u32, system: &'s System) -> Self {
        Watch {
            process,
            system,
            samples: Vec::new(),
        }
    }

    pub(super) async fn look(&mut self, since: Duration, sent: u64) -> Result<()> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.process))
            .context("the worker has ended, or this system has no /proc")?;
        let parts = match self.samples.last() {
            Some(last) if !self.samples.len().is_multiple_of(COUNT_EVERY) => last.parts,
            _ => self.most_parts().await?,
        };
        let open_files = fs::read_dir(format!("/proc/{}/fd", self.process))?.count();
        self.samples.push(Sample {
            seconds: since.as_secs(),
            sent,
            resident_bytes: number(&status, "VmRSS:").unwrap_or_default() * 1024,
            threads: number(&status, "Threads:").unwrap_or_default(),
            open_files: u64::try_from(open_files).unwrap_or_default(),
            parts,
        });
        Ok(())
    }

    async fn most_parts(&self) -> Result<u64> {
        let sql = "SELECT max(n) AS parts FROM (SELECT count() AS n FROM system.parts WHERE active GROUP BY database, table)";
        let counted: Vec<Counted> = self.system.store.rows("count parts", sql, &[]).await?;
        Ok(counted.first().map_or(0, |counted| counted.parts))
    }

    pub(super) fn into_samples(self) -> Vec<Sample> {
        self.samples
    }
}

/// The number behind a name in `/proc/ID/status`.
fn number(status: &str, name: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    line.split_ascii_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn reads_what_linux_writes() {
        let status = "Name:\tx\nVmRSS:\t  2048 kB\nThreads:\t17\n";
        assert_eq!(number(status, "VmRSS:"), Some(2048));
        assert_eq!(number(status, "Threads:"), Some(17));
        assert_eq!(number(status, "VmSwap:"), None);
    }
}
