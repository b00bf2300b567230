//! What the benchmark ran on, for the report.

use std::fs;

use serde::Serialize;

/// The machine, as far as the system tells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Machine {
    /// Cores that this process may use.
    pub(super) cores: usize,
    /// The processor's name.
    pub(super) processor: Option<String>,
    /// Memory, MiB.
    pub(super) memory_mib: Option<u64>,
    /// Operating system and architecture.
    pub(super) system: String,
}

impl Machine {
    /// This machine.
    pub(super) fn here() -> Self {
        let read = |path| fs::read_to_string(path).unwrap_or_default();
        Self {
            cores: std::thread::available_parallelism().map_or(1, usize::from),
            processor: processor(&read("/proc/cpuinfo")),
            memory_mib: memory_mib(&read("/proc/meminfo")),
            system: format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
        }
    }

    /// One line for people.
    pub(super) fn describe(&self) -> String {
        let cores = if self.cores == 1 {
            "1 core".to_owned()
        } else {
            format!("{} cores", self.cores)
        };
        let mut parts = vec![cores];
        parts.extend(self.processor.clone());
        parts.extend(
            self.memory_mib
                .map(|mib| format!("{} GiB of memory", mib.div_ceil(1024))),
        );
        parts.push(self.system.clone());
        parts.join(", ")
    }
}

fn processor(cpuinfo: &str) -> Option<String> {
    let line = cpuinfo.lines().find_map(|line| line.strip_prefix("model name"))?;
    let (_, name) = line.split_once(':')?;
    Some(name.trim().to_owned())
}

fn memory_mib(meminfo: &str) -> Option<u64> {
    let line = meminfo.lines().find_map(|line| line.strip_prefix("MemTotal:"))?;
    Some(line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()? / 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_read_from_what_linux_writes() {
        let name = processor("processor\t: 0\nmodel name\t: Some CPU @ 2.0GHz\n");
        assert_eq!(name.as_deref(), Some("Some CPU @ 2.0GHz"));
        assert_eq!(
            memory_mib("MemTotal:       24684032 kB\nMemFree: 1 kB\n"),
            Some(24_105)
        );
        assert_eq!(processor(""), None);
        assert_eq!(memory_mib("MemTotal: much"), None);
    }

    #[test]
    fn is_described_in_one_line() {
        let machine = Machine {
            cores: 2,
            processor: Some("Some CPU".to_owned()),
            memory_mib: Some(24_105),
            system: "linux x86_64".to_owned(),
        };
        assert_eq!(
            machine.describe(),
            "2 cores, Some CPU, 24 GiB of memory, linux x86_64"
        );
    }
}
