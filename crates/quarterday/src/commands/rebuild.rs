//! `quarterday rebuild`: the whole store derived again from Kafka.

use anyhow::Result;

use crate::cli::{Format, Rebuild};
use crate::commands::DONE;
use crate::output::{self, Heading, Rows};
use crate::rebuilding::{self, Allowed, Difference, Rebuilt};

/// Exit code when the new store has other numbers and was not put in force.
const DIFFERS: u8 = 1;

pub(super) async fn run(args: Rebuild) -> Result<u8> {
    let opened = args.target.open_to_read().await?;
    let allowed = Allowed {
        missing: args.attest_missing,
        differences: args.accept_differences,
    };
    let rebuilt = rebuilding::rebuild(&opened.system, allowed).await;
    opened.close().await?;
    let rebuilt = rebuilt?;
    match args.format {
        Format::Json => output::print_json(&rebuilt)?,
        Format::Table if rebuilt.differences.is_empty() => {}
        Format::Table | Format::Csv => output::print(&rebuilt.differences, args.format)?,
    }
    say(&rebuilt);
    Ok(if rebuilt.in_force { DONE } else { DIFFERS })
}

fn say(rebuilt: &Rebuilt) {
    let Rebuilt {
        store,
        before,
        differences,
        ..
    } = rebuilt;
    for missing in &rebuilt.missing {
        eprintln!(
            "{}/{} starts at {}: what was before is missing",
            missing.topic, missing.partition, missing.first
        );
    }
    for taken in &rebuilt.taken {
        eprintln!("{}: missing", rebuilding::range(taken));
    }
    match rebuilt.compared {
        None => eprintln!("there was no store to compare with"),
        Some(compared) => eprintln!("{compared} numbers were compared, {} differ", differences.len()),
    }
    if rebuilt.in_force {
        eprintln!(
            "readers see {store} now, derived from {} messages. {before} stays for what was known before: when that is not needed any \
             more, drop that database",
            rebuilt.messages
        );
    } else {
        eprintln!(
            "readers go on seeing {before}; {store} is there to be looked at. With --accept-differences it is put in force all the same"
        );
    }
}

impl Rows for Difference {
    fn headings() -> &'static [Heading] {
        const HEADINGS: [Heading; 5] = [
            Heading::words("id"),
            Heading::words("period"),
            Heading::words("by"),
            Heading::words("shown"),
            Heading::words("derived again"),
        ];
        &HEADINGS
    }

    fn cells(&self) -> Vec<String> {
        [&self.id, &self.period, &self.by, &self.shown, &self.derived]
            .map(Clone::clone)
            .to_vec()
    }
}
