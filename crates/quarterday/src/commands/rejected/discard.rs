//! `quarterday rejected discard`: nothing is to be done about a message. The decision is a message of its own.

use anyhow::{Result, bail};
use quarterday_kafka::decisions::{Decision, Verdict};
use quarterday_kafka::producer::{Producer, ProducerOptions};
use serde::Serialize;

use super::find;
use crate::builtin::InForce;
use crate::cli::rejected::RejectedDiscard;
use crate::commands::DONE;
use crate::output::{self, Heading, Rows};

/// The code list of reasons.
const REASONS: &str = "discard_reason";

/// Without that list a reason is any code of at most so many letters.
const LONGEST: usize = 40;

pub(super) async fn run(args: RejectedDiscard) -> Result<u8> {
    let why = reason(&args.target.in_force()?, &args.why)?;
    let opened = args.target.open_to_read().await?;
    let discarded = async {
        let found = find(&opened, std::slice::from_ref(&args.id)).await?;
        if let Some(row) = found.iter().find(|row| row.state != "waiting") {
            bail!("{} does not wait any more: it is {}", args.id, row.state);
        }
        let decision = Decision {
            of: args.id.clone(),
            verdict: Verdict::Discard,
            why: why.clone(),
        };
        let producer = Producer::new(&opened.system.kafka, ProducerOptions::default())?;
        producer.send(decision.record()).await?;
        opened.work_off().await
    }
    .await;
    opened.close().await?;
    discarded?;
    let discarded = Discarded {
        id: args.id.to_string(),
        state: "discarded",
        why,
    };
    output::print(&[discarded], args.format)?;
    Ok(DONE)
}

/// What was decided. The message stays where it is, and leaves the list.
#[derive(Debug, Serialize)]
struct Discarded {
    id: String,
    state: &'static str,
    why: String,
}

impl Rows for Discarded {
    fn headings() -> &'static [Heading] {
        const HEADINGS: [Heading; 3] = [
            Heading::words("id"),
            Heading::words("state"),
            Heading::words("why"),
        ];
        &HEADINGS
    }

    fn cells(&self) -> Vec<String> {
        vec![self.id.clone(), self.state.to_owned(), self.why.clone()]
    }
}

/// The code that is recorded. Free text could name somebody (I10).
fn reason(in_force: &InForce, given: &str) -> Result<String> {
    let Some(list) = in_force.catalogue.codes().list(REASONS) else {
        let is_code = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
        if given.len() <= LONGEST && !given.is_empty() && given.chars().all(is_code) {
            return Ok(given.to_owned());
        }
        bail!("--why takes a code in capital letters, such as TEST_DATA");
    };
    match list.normalise(given) {
        Some(code) => Ok(code.to_owned()),
        None => {
            let known = list
                .codes()
                .map(|code| format!("{code} ({})", list.printed(code)));
            bail!(
                "--why takes a code, no free text: {}",
                known.collect::<Vec<_>>().join(", ")
            )
        }
    }
}
