//! `quarterday snapshot verify`

use anyhow::Result;

use super::find;
use crate::cli::Format;
use crate::cli::snapshot::SnapshotVerify;
use crate::commands::DONE;
use crate::freezing::{self, Difference, Proof, Source};
use crate::output::{self, Heading, Rows};

/// Exit code when a snapshot is not proved.
const DIFFERS: u8 = 1;

pub(super) async fn run(args: SnapshotVerify) -> Result<u8> {
    let opened = args.target.open_to_read().await?;
    let proof = async {
        let journal = freezing::journal(&opened.system).await?;
        let source = if args.from_kafka {
            Source::Kafka
        } else {
            Source::Logs
        };
        freezing::prove(&opened.system, find(&journal, &args.id)?, source).await
    }
    .await;
    opened.close().await?;
    let proof = proof?;
    match args.format {
        Format::Json => output::print_json(&proof)?,
        Format::Table if proof.differences.is_empty() => {}
        Format::Table | Format::Csv => output::print(&proof.differences, args.format)?,
    }
    say(&proof);
    Ok(if proof.proved { DONE } else { DIFFERS })
}

fn say(proof: &Proof) {
    let (id, compared, differing) = (&proof.id, proof.compared, proof.differences.len());
    for fault in proof.faults.iter().chain(&proof.reasons) {
        eprintln!("{fault}");
    }
    if proof.proved {
        eprintln!("{id} is proved: {compared} numbers were derived again and are the same byte for byte");
        return;
    }
    eprintln!("{id} is NOT proved: of {compared} numbers that were derived again {differing} differ");
    if proof.attested {
        eprintln!("attested, not recomputable: messages that it was made of are lost by now");
        for lost in &proof.missing {
            eprintln!(
                "  {}/{}: offsets {} to {} ({})",
                lost.topic,
                lost.partition,
                lost.first,
                lost.next - 1,
                lost.kind
            );
        }
    }
}

impl Rows for Difference {
    fn headings() -> &'static [Heading] {
        const HEADINGS: [Heading; 3] = [
            Heading::words("id"),
            Heading::words("frozen"),
            Heading::words("derived again"),
        ];
        &HEADINGS
    }

    fn cells(&self) -> Vec<String> {
        let text = |text: &Option<String>| text.clone().unwrap_or_else(|| "nothing".to_owned());
        vec![self.id.clone(), text(&self.frozen), text(&self.derived)]
    }
}
