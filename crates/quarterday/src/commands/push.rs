//! `quarterday push`: a file of records, as a partner would send them.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use anyhow::{Context, Result, anyhow, bail};
use jiff::Timestamp;
use quarterday_events::files::police_uk::{self, Places, StreetRow};
use quarterday_events::files::{self, Format, Row, RowError};
use quarterday_ingest::CatalogueFeed;
use quarterday_kafka::producer::Record;
use quarterday_store::rejected::Remarks;
use serde::Serialize;
use serde_json::Value;

use crate::builtin::{DISTRICTS, InForce, LSOAS};
use crate::cli::Push;
use crate::commands::DONE;
use crate::output::{self, Heading, Rows};
use crate::produce::Producing;
use crate::target::Opened;

/// Messages handed to Kafka at a time.
const STRETCH: usize = 5000;
/// Rows that cannot be read are shown one by one up to so many; all are counted.
const SHOWN_ERRORS: u64 = 20;
/// Exit code when some rows could not be read or are in quarantine; the others are pushed.
const SOME_REFUSED: u8 = 1;

pub(super) async fn run(args: Push) -> Result<u8> {
    let in_force = args.target.in_force()?;
    let feed = feed(&in_force, &args.feed)?;
    let places = Places::parse(LSOAS)?.with_districts(DISTRICTS)?;
    let rows =
        open(&args.file, (feed, &in_force), &places).with_context(|| format!("{}", args.file.display()))?;
    let opened = args.target.open().await?;
    let since = positions(&opened, feed).await?;
    let pushed = push(&Producing::new(&opened.system).await?, feed, rows).await;
    // What was acknowledged is in the log, also when the push ended with an error.
    opened.work_off().await?;
    let remarks = opened.system.store.remarks_since(&feed.feed.topic, &since).await;
    opened.close().await?;
    let pushed = pushed?.with(remarks?);
    pushed.say_what_waits();
    let code = if pushed.unreadable + pushed.quarantined > 0 {
        SOME_REFUSED
    } else {
        DONE
    };
    output::print(&[pushed], args.format)?;
    Ok(code)
}

/// How far the store is in the partitions of a feed's topic.
async fn positions(opened: &Opened, feed: &CatalogueFeed) -> Result<BTreeMap<i32, i64>> {
    let positions = opened.system.store.positions().await?.into_iter();
    let of_topic = positions.filter(|position| position.topic == feed.feed.topic);
    Ok(of_topic
        .map(|position| (position.partition, position.next_offset))
        .collect())
}

/// What became of the rows of a file.
#[derive(Debug, Default, Serialize)]
struct Pushed {
    feed: String,
    /// Rows produced to the feed's topic.
    taken: u64,
    /// Of those, rows that lie outside the district: kept, not counted.
    of_which_elsewhere: u64,
    /// Rows of a street file that belong to the other feed.
    other_feed: u64,
    /// Rows of a street file of another force.
    other_force: u64,
    /// Rows that could not be read.
    unreadable: u64,
    /// Of the rows taken, those that are in quarantine, as far as the worker has come.
    quarantined: u64,
    /// Of the rows taken, those that have warnings.
    warned: u64,
}

/// A row of whichever kind of file.
enum Taken {
    Record { row: Row, is_elsewhere: bool },
    OtherFeed,
    OtherForce,
}

type TakenRows<'f> = Box<dyn Iterator<Item = Result<Taken, RowError>> + 'f>;

fn feed<'c>(in_force: &'c InForce, name: &str) -> Result<&'c CatalogueFeed> {
    in_force.catalogue.feed(name).ok_or_else(|| {
        let names = in_force.catalogue.feed_names().join(", ");
        anyhow!("there is no feed {name}; feeds are {names}")
    })
}

fn open<'f>(
    path: &Path,
    (feed, in_force): (&'f CatalogueFeed, &'f InForce),
    places: &'f Places,
) -> Result<TakenRows<'f>> {
    let mut input = BufReader::new(File::open(path).context("the file cannot be opened")?);
    let sent_at = Timestamp::now();
    if is_street_file(&mut input)? {
        let rows = police_uk::street_rows(input, &feed.feed, places, sent_at)?;
        return Ok(Box::new(rows.map(|row| row.map(Taken::from))));
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let Some(format) = Format::of_name(&name) else {
        bail!("the name must end in .json, .ndjson, .jsonl, .csv or .avro");
    };
    let districts = districts(in_force);
    let context = files::Context {
        record_type: &feed.record_type,
        feed: &feed.feed,
        sent_at,
    };
    let rows = files::rows(format, input, context)?;
    Ok(Box::new(rows.map(move |row| {
        row.map(|row| Taken::Record {
            is_elsewhere: is_elsewhere(&row.record, &districts),
            row,
        })
    })))
}

/// Looks at the first line without taking it from the reader.
fn is_street_file(input: &mut impl BufRead) -> Result<bool> {
    let start = input.fill_buf().context("the file cannot be read")?;
    let line = start.split(|byte| *byte == b'\n').next().unwrap_or_default();
    Ok(std::str::from_utf8(line).is_ok_and(police_uk::is_header))
}

/// The districts whose records count in the plans in force.
fn districts(in_force: &InForce) -> Vec<&str> {
    in_force.plans.iter().map(|plan| plan.district.as_str()).collect()
}

/// A record that names no district is in the feed's own, or waits in quarantine.
fn is_elsewhere(record: &Value, districts: &[&str]) -> bool {
    let named = record
        .get("district")
        .and_then(Value::as_str)
        .map(str::trim)
        .filter(|named| !named.is_empty());
    named.is_some_and(|named| !districts.iter().any(|own| named.eq_ignore_ascii_case(own)))
}

async fn push(producing: &Producing, feed: &CatalogueFeed, rows: TakenRows<'_>) -> Result<Pushed> {
    let mut pushed = Pushed {
        feed: feed.feed.name.clone(),
        ..Pushed::default()
    };
    let mut stretch = Vec::with_capacity(STRETCH);
    for row in rows {
        stretch.extend(pushed.count(producing, feed, row));
        if stretch.len() == STRETCH {
            producing.send(std::mem::take(&mut stretch)).await?;
        }
    }
    producing.send(stretch).await?;
    Ok(pushed)
}

impl Pushed {
    fn with(self, remarks: Remarks) -> Self {
        Pushed {
            quarantined: remarks.rejected,
            warned: remarks.warned,
            ..self
        }
    }

    fn say_what_waits(&self) {
        let feed = &self.feed;
        if self.quarantined > 0 {
            eprintln!(
                "in quarantine: {}; 'quarterday rejected list --feed {feed}' says why",
                self.quarantined
            );
        }
        if self.warned > 0 {
            eprintln!(
                "with warnings: {}; 'quarterday warnings --feed {feed}' says which",
                self.warned
            );
        }
    }

    /// Counts a row, and gives its message if it is taken.
    fn count(
        &mut self,
        producing: &Producing,
        feed: &CatalogueFeed,
        row: Result<Taken, RowError>,
    ) -> Option<Record> {
        match row {
            Ok(Taken::OtherFeed) => self.other_feed += 1,
            Ok(Taken::OtherForce) => self.other_force += 1,
            Err(error) => self.unreadable(&error),
            Ok(Taken::Record { row, is_elsewhere }) => match message(producing, feed, &row) {
                Ok(message) => {
                    self.taken += 1;
                    self.of_which_elsewhere += u64::from(is_elsewhere);
                    return Some(message);
                }
                Err(error) => self.unreadable(&error),
            },
        }
        None
    }

    fn unreadable(&mut self, error: &RowError) {
        self.unreadable += 1;
        if self.unreadable <= SHOWN_ERRORS {
            eprintln!("{error}");
        } else if self.unreadable == SHOWN_ERRORS + 1 {
            eprintln!("more rows cannot be read; they are counted");
        }
    }
}

fn message(producing: &Producing, feed: &CatalogueFeed, row: &Row) -> Result<Record, RowError> {
    let text = |field: &str| {
        row.record
            .get(field)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .trim()
    };
    let reference = text("ref").to_uppercase();
    producing
        .message(&feed.feed.name, text("partner"), &reference, &row.record)
        .map_err(|error| RowError {
            line: row.line,
            column: None,
            message: error.to_string(),
        })
}

impl From<StreetRow> for Taken {
    fn from(row: StreetRow) -> Self {
        match row {
            StreetRow::Taken { row, is_elsewhere } => Taken::Record { row, is_elsewhere },
            StreetRow::OtherFeed => Taken::OtherFeed,
            StreetRow::OtherForce => Taken::OtherForce,
        }
    }
}

impl Rows for Pushed {
    fn headings() -> &'static [Heading] {
        const HEADINGS: [Heading; 8] = [
            Heading::words("feed"),
            Heading::numbers("taken"),
            Heading::numbers("of which out of the district"),
            Heading::numbers("other feed"),
            Heading::numbers("other force"),
            Heading::numbers("unreadable"),
            Heading::numbers("in quarantine"),
            Heading::numbers("with warnings"),
        ];
        &HEADINGS
    }

    fn cells(&self) -> Vec<String> {
        let numbers = [
            self.taken,
            self.of_which_elsewhere,
            self.other_feed,
            self.other_force,
            self.unreadable,
            self.quarantined,
            self.warned,
        ];
        std::iter::once(self.feed.clone())
            .chain(numbers.map(|n| n.to_string()))
            .collect()
    }
}
