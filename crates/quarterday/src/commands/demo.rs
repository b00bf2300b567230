//! `quarterday demo`: replays the Review of 2014/15 through the real parts and prints each published figure beside the
//! computed one.

mod frozen;
mod reports;

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use quarterday_plan::period::Period;
use quarterday_plan::plan::{CheckOp, Figure};
use quarterday_store::{Breakdown, MeasureRow};
use serde::Serialize;

use crate::cli::Demo;
use crate::commands::DONE;
use crate::embedded::{self, Running};
use crate::marks;
use crate::output::{self, Heading, Rows};
use crate::produce::Producing;
use crate::progress::Progress;
use crate::synthetic::{self, Statement};

/// Exit code when a computed figure differs from the printed one.
const DIFFERS: u8 = 1;

pub(super) async fn run(args: Demo) -> Result<u8> {
    let directory = directory(args.data_dir.as_deref())?;
    let steps = Progress::steps();
    let starting = steps.step("starting broker, registry, ClickHouse and worker");
    let running = Running::start(&directory, embedded::free_ports()).await?;
    starting.done();
    let shown = show(&running, &args, &steps).await;
    running.stop().await?;
    let figures = shown?;
    say_where(&directory, &figures);
    let differs = figures.iter().any(|figure| figure.ok == Some(false));
    Ok(if differs { DIFFERS } else { DONE })
}

/// Prints the figures, then what becomes of a snapshot when returns come late.
async fn show(running: &Running, args: &Demo, steps: &Progress) -> Result<Vec<Replayed>> {
    let figures = replay(running, args.seed, steps).await?;
    output::print(&figures, args.format)?;
    frozen::show(running, args, steps).await?;
    Ok(figures)
}

/// One published figure beside the computed one.
#[derive(Debug, Serialize)]
struct Replayed {
    id: String,
    what: String,
    period: String,
    printed: String,
    check: String,
    computed: Option<f64>,
    /// The computed value as a report prints it: "~250", "16 (Q2 only)".
    computed_as: String,
    ok: Option<bool>,
    /// Why a figure cannot be derived.
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
}

/// Produces the synthetic returns unless the log has them already, waits for the measures, reads the figures.
async fn replay(running: &Running, seed: u64, steps: &Progress) -> Result<Vec<Replayed>> {
    let statements = synthetic::review(seed);
    let bar = "producing partner returns through Kafka";
    produce(running, "demo-returns", (seed, &statements), (steps, bar)).await?;
    let bar = steps.bar("worker: decoding, checking, inserting", statements.len());
    running
        .work_off(|backlog| bar.at_of(backlog.total - backlog.left, backlog.total))
        .await?;
    bar.done();
    let reading = steps.step("reading the measures");
    let figures = compare_all(running).await?;
    reading.done();
    Ok(figures)
}

/// Sends the statements of a seed, unless the note of that name says that they are all in the log.
async fn produce(
    running: &Running,
    note: &str,
    (seed, statements): (u64, &[Statement]),
    (steps, doing): (&Progress, &str),
) -> Result<()> {
    let produced = Produced::of(running.embedded().data_dir(), note);
    if produced.is_done(seed)? {
        return Ok(());
    }
    produced.note(&format!("{STARTED}{seed}"))?;
    let bar = steps.bar(doing, statements.len());
    let producing = Producing::new(&running.system).await?;
    producing
        .all(statements, |sent| bar.at(sent))
        .await
        .context("could not produce the returns")?;
    produced.note(&seed.to_string())?;
    bar.done();
    Ok(())
}

/// Before the seed in the note while the returns are being sent.
const STARTED: &str = "started ";

/// The note that the returns of one seed are all in the log, so that a second run does not send them again. A run that was
/// cut off leaves one that says so; sending all again is harmless then: what was there already is a duplicate.
struct Produced {
    file: PathBuf,
}

impl Produced {
    fn of(directory: &Path, name: &str) -> Self {
        Self {
            file: directory.join(name),
        }
    }

    fn is_done(&self, seed: u64) -> Result<bool> {
        match std::fs::read_to_string(&self.file) {
            Ok(text) => {
                let started = text.trim().strip_prefix(STARTED);
                let other = started.unwrap_or(text.trim());
                if other != seed.to_string() {
                    bail!(
                        "the directory holds the synthetic returns of seed {other}; choose another --data-dir, or that seed"
                    );
                }
                Ok(started.is_none())
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(error).with_context(|| format!("cannot read {}", self.file.display())),
        }
    }

    /// All of the note or nothing: the process may be killed at any instant.
    fn note(&self, note: &str) -> Result<()> {
        let unfinished = self.file.with_extension("new");
        std::fs::write(&unfinished, format!("{note}\n"))
            .and_then(|()| std::fs::rename(&unfinished, &self.file))
            .with_context(|| format!("cannot write {}", self.file.display()))
    }
}

/// Every published figure of the plan files beside the computed one. Those of one period are read together.
async fn compare_all(running: &Running) -> Result<Vec<Replayed>> {
    let system = &running.system;
    let mut read: BTreeMap<Period, Vec<MeasureRow>> = BTreeMap::new();
    let mut figures = Vec::new();
    for figure in system.in_force.plans.iter().flat_map(|plan| &plan.figures) {
        let rows = match read.entry(figure.period) {
            Entry::Occupied(entry) => entry.into_mut(),
            Entry::Vacant(entry) => entry.insert(
                system
                    .store
                    .measures(&figure.period, None, Breakdown::Total)
                    .await?,
            ),
        };
        figures.push(compare(figure, rows.iter().find(|row| row.id == figure.id)));
    }
    Ok(figures)
}

fn compare(figure: &Figure, row: Option<&MeasureRow>) -> Replayed {
    let computed = row.and_then(|row| row.value);
    // About a figure can only be what is an estimate itself (domain.md section 2).
    let is_comparable = figure.check.op != CheckOp::About || row.is_some_and(|row| row.approximate);
    Replayed {
        id: figure.id.clone(),
        what: figure.title.clone(),
        period: figure.period.id(),
        printed: figure.printed.clone(),
        check: figure.check.to_string(),
        computed,
        computed_as: row
            .filter(|_| figure.check.op != CheckOp::None)
            .map(marks::printed)
            .unwrap_or_default(),
        ok: figure.check.passes(computed.filter(|_| is_comparable)),
        note: figure.notes.clone().filter(|_| figure.check.op == CheckOp::None),
    }
}

/// The directory of the demo; one of its own under the system's temporary directory when none is named.
fn directory(named: Option<&Path>) -> Result<PathBuf> {
    if let Some(named) = named {
        return Ok(named.to_owned());
    }
    let own = tempfile::Builder::new()
        .prefix("quarterday-demo-")
        .tempdir()
        .context("could not make a temporary directory")?;
    Ok(own.keep())
}

fn say_where(directory: &Path, figures: &[Replayed]) {
    let right = figures.iter().filter(|figure| figure.ok == Some(true)).count();
    let derivable = figures.iter().filter(|figure| figure.ok.is_some()).count();
    let directory = directory.display();
    for figure in figures {
        if let Some(note) = &figure.note {
            eprintln!("{} ({}) is not derivable: {note}", figure.id, figure.printed);
        }
    }
    eprintln!(
        "{right} of {derivable} published figures are reproduced. The data lies in {directory}. Go on with"
    );
    eprintln!("  quarterday measures --period 2014-15/H1 --data-dir {directory}");
    eprintln!("  quarterday snapshot show 2014-15/H1/r2 --data-dir {directory}");
    eprintln!("  quarterday rejected list --data-dir {directory}");
    eprintln!(
        "  quarterday up --data-dir {directory}    # then SQL: curl 'http://localhost:8123/?user=bi' \\"
    );
    eprintln!("        --data 'SELECT id, period, value FROM quarterday.measures FORMAT PrettyCompact'");
}

impl Rows for Replayed {
    fn headings() -> &'static [Heading] {
        const HEADINGS: [Heading; 7] = [
            Heading::words("id"),
            Heading::words("what"),
            Heading::words("period"),
            Heading::numbers("printed"),
            Heading::numbers("check"),
            Heading::numbers("computed"),
            Heading::words("ok"),
        ];
        &HEADINGS
    }

    fn cells(&self) -> Vec<String> {
        let ok = match self.ok {
            Some(true) => "yes",
            Some(false) => "NO",
            None => "not derivable",
        };
        vec![
            self.id.clone(),
            self.what.clone(),
            self.period.clone(),
            self.printed.clone(),
            self.check.clone(),
            self.computed_as.clone(),
            ok.to_owned(),
        ]
    }
}
