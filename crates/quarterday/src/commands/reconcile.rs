//! `quarterday reconcile`: the certificate that nothing was lost and nothing counted twice.

use anyhow::Result;
use serde::Serialize;

use crate::certificate::{Certificate, Line, Wanted};
use crate::cli::{Format, Reconcile};
use crate::commands::DONE;
use crate::output::{self, Heading, Rows};

/// Exit code when a sum does not hold.
const DIFFERS: u8 = 1;

pub(super) async fn run(args: Reconcile) -> Result<u8> {
    let opened = args.target.open_to_read().await?;
    let certificate = async {
        let wanted = Wanted::new(&opened.system, args.feed.as_deref(), args.period)?;
        opened.work_off().await?;
        Certificate::draw_up(&opened.system, &wanted).await
    }
    .await;
    opened.close().await?;
    let certificate = certificate?;
    print(&certificate, args.format)?;
    Ok(if certificate.holds { DONE } else { DIFFERS })
}

fn print(certificate: &Certificate, format: Format) -> Result<()> {
    let rows: Vec<Row<'_>> = certificate.partitions.iter().map(Row).collect();
    match format {
        Format::Json => output::print_json(certificate)?,
        Format::Table | Format::Csv => output::print(&rows, format)?,
    }
    for line in certificate.partitions.iter().filter(|line| !line.holds) {
        eprintln!(
            "{}/{}: {}",
            line.books.topic,
            line.books.partition,
            line.problems().join("; ")
        );
    }
    for lost in &certificate.lost {
        let why = match lost.kind.as_str() {
            "damaged" => "in a damaged record batch",
            _ => "taken by retention, compaction or erasure",
        };
        let (topic, partition) = (&lost.topic, lost.partition);
        eprintln!(
            "{topic}/{partition}: offsets {} to {} are lost, {why}",
            lost.first,
            lost.next - 1
        );
    }
    say_no_longer_there(certificate);
    say_left_by_kafka(certificate);
    for measure in certificate.measures.iter().filter(|measure| !measure.holds()) {
        eprintln!(
            "{} {}: the measure says {}, its {} records add up to {}",
            measure.id, measure.period, measure.number, measure.records, measure.counted
        );
    }
    for placed in certificate.placed.iter().filter(|placed| !placed.holds()) {
        eprintln!(
            "{}: by the version log {} records count, and numbers are made of {}, or of other versions; 'quarterday rebuild' makes them again",
            placed.record_type, placed.live, placed.placed
        );
    }
    let sign = |holds: bool| if holds { "holds" } else { "DOES NOT HOLD" };
    eprintln!(
        "{} partitions, {} offsets worked off: every one has one outcome: {}",
        rows.len(),
        rows.iter().map(|row| row.0.books.next_offset).sum::<i64>(),
        sign(certificate.partitions.iter().all(|line| line.holds))
    );
    let (behind, compared): (Vec<_>, Vec<_>) = certificate.placed.iter().partition(|placed| placed.is_behind);
    eprintln!(
        "{} records of {} record types count as the version logs have them: {}{}",
        compared.iter().map(|placed| placed.live).sum::<u64>(),
        compared.len(),
        sign(compared.iter().all(|placed| placed.holds())),
        if behind.is_empty() {
            String::new()
        } else {
            format!(
                " ({} types are behind the log, and were not compared: is a worker running, and does it refresh?)",
                behind.len()
            )
        }
    );
    eprintln!(
        "{} totals of {} periods are what their records add up to: {}",
        certificate.measures.len(),
        certificate.periods,
        sign(certificate.measures.iter().all(|measure| measure.holds()))
    );
    Ok(())
}

/// What retention has taken since it was worked off.
fn say_no_longer_there(certificate: &Certificate) {
    let lines = certificate.partitions.iter();
    for line in lines.filter(|line| line.low > 0) {
        eprintln!(
            "{}/{}: the log starts at {} by now: what lay before cannot be derived from it again",
            line.books.topic, line.books.partition, line.low
        );
    }
}

/// Ranges that are said; JSON has more.
const SAID: usize = 10;

fn say_left_by_kafka(certificate: &Certificate) {
    for gap in certificate.left_by_kafka.iter().take(SAID) {
        let (topic, partition) = (&gap.topic, gap.partition);
        eprintln!(
            "{topic}/{partition}: offsets {} to {} were given to no message by Kafka",
            gap.first,
            gap.next - 1
        );
    }
    let more = certificate.left_by_kafka.len().saturating_sub(SAID);
    if more > 0 {
        eprintln!("and {more} ranges more like these: --format json lists them");
    }
}

/// One partition.
#[derive(Serialize)]
struct Row<'c>(&'c Line);

impl Rows for Row<'_> {
    fn headings() -> &'static [Heading] {
        const HEADINGS: [Heading; 17] = [
            Heading::words("topic"),
            Heading::numbers("partition"),
            Heading::numbers("worked off"),
            Heading::numbers("version rows"),
            Heading::numbers("quarantined"),
            Heading::numbers("gaps"),
            Heading::numbers("gone"),
            Heading::numbers("damaged"),
            Heading::numbers("live"),
            Heading::numbers("superseded"),
            Heading::numbers("withdrawn"),
            Heading::numbers("duplicate"),
            Heading::numbers("conflict"),
            Heading::numbers("orphan"),
            Heading::numbers("waiting in Kafka"),
            Heading::numbers("without outcome"),
            Heading::words("holds"),
        ];
        &HEADINGS
    }

    fn cells(&self) -> Vec<String> {
        let (line, books) = (self.0, &self.0.books);
        let numbers = [
            u64::try_from(books.partition).unwrap_or_default(),
            u64::try_from(books.next_offset).unwrap_or_default(),
            books.version_rows,
            books.quarantined,
            books.gaps,
            books.gone,
            books.damaged,
            books.live,
            books.superseded,
            books.withdrawn,
            books.duplicate,
            books.conflict,
            books.orphan,
            line.behind,
        ];
        let mut cells = vec![books.topic.clone()];
        cells.extend(numbers.iter().map(u64::to_string));
        cells.push(books.missing.to_string());
        cells.push(if line.holds { "yes" } else { "NO" }.to_owned());
        cells
    }
}
