//! What processes have cost so far: processor time and peak memory, from `/proc`.
//!
//! Where there is no `/proc` (macOS), nothing is known, and the benchmark prints rates alone.

use std::fs;
use std::time::Duration;

/// Linux counts processor time in these units for programs, whatever its own clock.
const TICKS_PER_SECOND: u64 = 100;

/// The cost of one or several processes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Processor time since each began, in user and system mode, over all threads.
    pub cpu: Duration,
    /// The most that was resident at a time, bytes, with mapped files; of several processes the sum of their peaks.
    pub peak_bytes: u64,
}

/// The cost of these processes together; nothing if one is gone or the system does not tell.
#[must_use]
pub fn of(processes: &[u32]) -> Option<Usage> {
    processes.iter().try_fold(Usage::default(), |sum, id| {
        let stat = fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
        let status = fs::read_to_string(format!("/proc/{id}/status")).ok()?;
        Some(Usage {
            cpu: sum.cpu + cpu(&stat)?,
            peak_bytes: sum.peak_bytes + peak(&status)?,
        })
    })
}

/// Fields 14 and 15. The second field is the program's name in brackets and may hold anything.
fn cpu(stat: &str) -> Option<Duration> {
    let (_, after_name) = stat.rsplit_once(')')?;
    let mut fields = after_name.split_ascii_whitespace().skip(11);
    let mut ticks = || fields.next()?.parse::<u64>().ok();
    let ticks = ticks()? + ticks()?;
    Some(Duration::from_millis(ticks * 1000 / TICKS_PER_SECOND))
}

fn peak(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib = line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()?;
    kib.checked_mul(1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_linux_writes() {
        let stat = "42 (a) b) S 1 42 42 0 -1 4194304 100 0 0 0 123 45 0 0 20 0 4 0 100 1000 10";
        assert_eq!(cpu(stat), Some(Duration::from_millis(1680)));
        assert_eq!(
            peak("Name:\tx\nVmHWM:\t  2048 kB\nVmRSS:\t 1 kB\n"),
            Some(2 << 20)
        );
        assert_eq!(cpu("42 (a"), None);
        assert_eq!(peak("Name:\tx\n"), None);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn knows_of_this_process_and_of_none_that_is_gone() {
        let own = of(&[std::process::id()]).unwrap();
        assert!(own.peak_bytes > 1 << 20);
        assert_eq!(of(&[std::process::id(), u32::MAX]), None);
    }
}
