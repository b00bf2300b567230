//! `quarterday trace`: the records behind a number.

use anyhow::{Result, bail};
use jiff::Timestamp;
use quarterday_plan::plan::{Basis, Measure, Plan};
use quarterday_store::trace::{BEFORE, THIS, count};
use quarterday_store::{Breakdown, MeasureRow, Traced};

use crate::as_known::AsKnown;
use crate::builtin::InForce;
use crate::cli::Trace;
use crate::commands::DONE;
use crate::instant::Instant;
use crate::marks;
use crate::output::{self, Heading, Rows};
use crate::target::Opened;

/// Exit code when the records do not add up to the number.
const DIFFERS: u8 = 1;

pub(super) async fn run(args: Trace) -> Result<u8> {
    let opened = args.target.open_to_read().await?;
    let read = read(&opened, &args).await;
    opened.close().await?;
    let (rows, measure) = read?;
    output::print(&rows, args.format)?;
    let Some(measure) = measure else {
        return Ok(DONE);
    };
    let differs = parts(&measure, &rows).iter().any(|part| !part.holds());
    say(&measure, &rows);
    Ok(if differs { DIFFERS } else { DONE })
}

type Read = (Vec<Traced>, Option<MeasureRow>);

async fn read(opened: &Opened, args: &Trace) -> Result<Read> {
    match args.as_known_at {
        None => read_now(opened, args).await,
        Some(Instant(at)) => read_then(opened, args, at).await,
    }
}

async fn read_now(opened: &Opened, args: &Trace) -> Result<Read> {
    let store = &opened.system.store;
    let (plan, measure) = defined(&opened.system.in_force, args)?;
    // The number may be brought up to date between the two readings: then they are read again.
    let mut read = (Vec::new(), None);
    for _ in 0..3 {
        opened.work_off().await?;
        let rows = store
            .measures(&args.period, Some(&measure.id), Breakdown::Total)
            .await?;
        let before = rows.into_iter().next();
        defined_as(plan, measure, before.as_ref())?;
        read = (store.trace(plan, measure, &args.period, None).await?, before);
        let agrees = |row: &MeasureRow| parts(row, &read.0).iter().all(Part::holds);
        if read.1.as_ref().is_none_or(agrees) {
            break;
        }
    }
    Ok(read)
}

/// By the definition of then.
async fn read_then(opened: &Opened, args: &Trace, at: Timestamp) -> Result<Read> {
    let Some(known) = AsKnown::open(&opened.system, &args.period, at).await? else {
        bail!("nothing was shown at {at}");
    };
    let read = async {
        let in_force = known.in_force().await?;
        let (plan, measure) = defined(&in_force, args)?;
        let rows = known
            .measures(&args.period, Some(&measure.id), Breakdown::Total)
            .await?;
        let row = rows.into_iter().next();
        defined_as(plan, measure, row.as_ref())?;
        Ok((known.trace(plan, measure, &args.period).await?, row))
    }
    .await;
    known.close().await?;
    read
}

fn defined<'f>(in_force: &'f InForce, args: &Trace) -> Result<(&'f Plan, &'f Measure)> {
    let Some((plan, measure)) = in_force.definition(&args.measure) else {
        return Err(in_force.unknown(&args.measure));
    };
    if let Basis::Nothing = measure.basis {
        bail!("{} is an estimate: there are no records behind it", args.measure);
    }
    Ok((plan, measure))
}

/// The files may just have been changed, and the number not yet.
fn defined_as(plan: &Plan, measure: &Measure, row: Option<&MeasureRow>) -> Result<()> {
    match row {
        Some(row) if row.definition_hash != plan.definition_hash(measure) => bail!(
            "{} was defined otherwise then (version {}): the records behind it are those of another number",
            measure.id,
            row.definition_version
        ),
        _ => Ok(()),
    }
}

/// One count of the number beside what the records add up to.
struct Part {
    name: &'static str,
    number: f64,
    records: usize,
    counted: f64,
}

impl Part {
    /// Amounts are added in another order than ClickHouse adds them.
    fn holds(&self) -> bool {
        (self.number - self.counted).abs() <= 1e-9 * self.number.abs().max(1.0)
    }
}

/// The counts of a number that are made of records; those that the number does not show (not returned) are left out, and so are
/// ranks, whose records are of other areas too.
fn parts(measure: &MeasureRow, rows: &[Traced]) -> Vec<Part> {
    let shown = [
        (THIS, measure.numerator),
        (BEFORE, measure.denominator),
        ("numerator", measure.numerator),
        ("denominator", measure.denominator),
    ];
    let is_rank = rows.iter().any(|row| !row.place.is_empty());
    if rows.is_empty() {
        // A number without a record behind it.
        let number = measure.numerator.filter(|number| *number != 0.0);
        let part = number.map(|number| Part {
            name: THIS,
            number,
            records: 0,
            counted: 0.0,
        });
        return part.into_iter().collect();
    }
    let parts = shown
        .into_iter()
        .filter(|_| !is_rank)
        .filter_map(|(name, number)| {
            let of_part = || rows.iter().filter(|row| row.part == name);
            let records = of_part().count();
            (records > 0).then_some(())?;
            Some(Part {
                name,
                number: number?,
                records,
                counted: count(of_part()),
            })
        });
    parts.collect()
}

fn say(measure: &MeasureRow, rows: &[Traced]) {
    eprintln!(
        "{} {}: {} {}",
        measure.id,
        measure.period,
        marks::printed(measure),
        measure.unit
    );
    for part in parts(measure, rows) {
        let sign = if part.holds() {
            "as in the measure"
        } else {
            "BUT the measure says"
        };
        let number = if part.holds() {
            String::new()
        } else {
            format!(" {}", output::number(Some(part.number)))
        };
        eprintln!(
            "  {}: {} contributions of records make {}, {sign}{number}",
            part.name,
            part.records,
            output::number(Some(part.counted)),
        );
    }
}

impl Rows for Traced {
    fn headings() -> &'static [Heading] {
        const HEADINGS: [Heading; 12] = [
            Heading::words("part"),
            Heading::words("feed"),
            Heading::words("partner"),
            Heading::words("ref"),
            Heading::numbers("version"),
            Heading::words("topic"),
            Heading::numbers("partition"),
            Heading::numbers("offset"),
            Heading::words("since"),
            Heading::words("until"),
            Heading::numbers("adds"),
            Heading::words("who or what"),
        ];
        &HEADINGS
    }

    fn cells(&self) -> Vec<String> {
        vec![
            self.part.clone(),
            self.feed.clone(),
            self.partner.clone(),
            self.reference.clone(),
            self.version.to_string(),
            self.topic.clone(),
            self.partition.to_string(),
            self.offset.to_string(),
            self.since.clone(),
            self.until.clone().unwrap_or_default(),
            output::number(Some(self.amount)),
            self.identity.clone(),
        ]
    }
}
