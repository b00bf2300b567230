//! `quarterday comment`

use anyhow::{Context, Result, bail};
use jiff::Timestamp;
use quarterday_plan::period::Period;
use quarterday_snapshot::{Comment, Comments, Said, comments};
use serde::Serialize;

use crate::cli::comment;
use crate::commands::DONE;
use crate::freezing::refuse_what_no_plan_covers;
use crate::output::{self, Heading, Rows};
use crate::system::System;
use crate::texts;

pub(super) async fn run(args: comment::Comment) -> Result<u8> {
    let opened = args.target.open_to_read().await?;
    let done = say_or_list(&opened.system, &args).await;
    opened.close().await?;
    output::print(&done?, args.format)?;
    Ok(DONE)
}

async fn say_or_list(system: &System, args: &comment::Comment) -> Result<Vec<Row>> {
    let period = args.period.context("say which period: --period 2015-16/Q1")?;
    refuse_what_no_plan_covers(system, &period)?;
    let id = period.id();
    let Some(measure) = &args.measure else {
        let held = read(system).await?.of_period(&id);
        return Ok(held
            .into_iter()
            .map(|(measure, said)| Row::of(&period, &measure, said))
            .collect());
    };
    refuse_unknown(system, measure)?;
    let text = match (&args.text, args.withdraw) {
        (Some(text), _) => Some(texts::checked(
            system,
            text,
            comments::LONGEST,
            args.names_checked,
        )?),
        (None, true) => Some(String::new()),
        (None, false) => None,
    };
    if let Some(text) = text {
        say(system, &period, measure, text, &args.role).await?;
    }
    let all = read(system).await?;
    let versions = all.versions(&id, measure).iter().cloned();
    Ok(versions.map(|said| Row::of(&period, measure, said)).collect())
}

async fn read(system: &System) -> Result<Comments> {
    let older =
        "could not read the comments; a system that is older than they are needs 'quarterday migrate' once";
    Comments::read(&system.kafka, system.store.names().bi())
        .await
        .context(older)
}

async fn say(system: &System, period: &Period, measure: &str, text: String, role: &str) -> Result<()> {
    let comment = Comment {
        installation: system.store.names().bi().to_owned(),
        measure: measure.to_owned(),
        period: period.id(),
        text,
        by: role.to_owned(),
        at: Timestamp::now(),
    };
    Ok(Comments::append(&system.kafka, &comment).await?)
}

/// Snapshots have measures and figures, not what stands beside them.
fn refuse_unknown(system: &System, measure: &str) -> Result<()> {
    let Some((plan, _)) = system.in_force.definition(measure) else {
        return Err(system.in_force.unknown(measure));
    };
    match plan
        .companions
        .iter()
        .find(|companion| companion.measure.id == measure)
    {
        Some(companion) => bail!("{measure} stands beside {}: say it of that one", companion.of),
        None => Ok(()),
    }
}

/// A version of a comment.
#[derive(Serialize)]
struct Row {
    measure: String,
    period: String,
    version: u32,
    text: String,
    by: String,
    at: Timestamp,
}

impl Row {
    fn of(period: &Period, measure: &str, said: Said) -> Self {
        Row {
            measure: measure.to_owned(),
            period: period.id(),
            version: said.version,
            text: said.text,
            by: said.by,
            at: said.at,
        }
    }
}

impl Rows for Row {
    fn nothing() -> &'static str {
        "no comment"
    }

    fn headings() -> &'static [Heading] {
        const HEADINGS: [Heading; 6] = [
            Heading::words("measure"),
            Heading::words("period"),
            Heading::numbers("version"),
            Heading::words("text"),
            Heading::words("by"),
            Heading::words("at"),
        ];
        &HEADINGS
    }

    fn cells(&self) -> Vec<String> {
        let text = if self.text.is_empty() {
            "(taken back)"
        } else {
            &self.text
        };
        vec![
            self.measure.clone(),
            self.period.clone(),
            self.version.to_string(),
            text.to_owned(),
            self.by.clone(),
            self.at.strftime("%Y-%m-%d %H:%M UTC").to_string(),
        ]
    }
}
