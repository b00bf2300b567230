//! Printing results: tables that line up, JSON, CSV. stdout carries only the result.

use std::io::{IsTerminal, Write, stdout};

use anyhow::Result;
use comfy_table::presets::UTF8_FULL_CONDENSED;
use comfy_table::{Cell, CellAlignment, ContentArrangement, Table};
use serde::Serialize;

use crate::cli::Format;

/// A result that can be printed in every format.
pub trait Rows: Serialize {
    /// Column headings of the table.
    fn headings() -> &'static [Heading];
    /// The cells of one row, as many as there are headings.
    fn cells(&self) -> Vec<String>;

    /// What is said instead of a table without rows, if nothing else is said of it.
    #[must_use]
    fn nothing() -> &'static str {
        ""
    }

    /// Column headings of CSV, where that holds more than the table.
    #[must_use]
    fn fields() -> Vec<&'static str> {
        Self::headings().iter().map(|heading| heading.title).collect()
    }

    /// The cells of one row of CSV, as many as there are fields.
    fn values(&self) -> Vec<String> {
        self.cells()
    }
}

/// A column's heading.
#[derive(Debug, Clone, Copy)]
pub struct Heading {
    /// What stands above the column.
    pub title: &'static str,
    /// Whether its cells are numbers, which line up at the right.
    pub number: bool,
}

impl Heading {
    /// A column of words.
    #[must_use]
    pub const fn words(title: &'static str) -> Self {
        Heading { title, number: false }
    }

    /// A column of numbers.
    #[must_use]
    pub const fn numbers(title: &'static str) -> Self {
        Heading { title, number: true }
    }
}

/// Prints one thing as JSON: an array of it, as of every command.
///
/// # Errors
/// stdout cannot be written.
pub fn print_json<T: Serialize>(one: &T) -> Result<()> {
    write(json(one)?.as_bytes())
}

/// The text that [`print_json`] prints.
///
/// # Errors
/// It cannot be serialized.
pub fn json<T: Serialize>(one: &T) -> Result<String> {
    Ok(serde_json::to_string_pretty(&[one])? + "\n")
}

/// Prints rows on stdout; instead of a table of none, what there is to say goes to stderr.
///
/// # Errors
/// stdout cannot be written.
pub fn print<R: Rows>(rows: &[R], format: Format) -> Result<()> {
    if rows.is_empty() && format == Format::Table {
        if !R::nothing().is_empty() {
            eprintln!("{}", R::nothing());
        }
        return Ok(());
    }
    write(render(rows, format)?.as_bytes())
}

/// Writes on stdout.
///
/// # Errors
/// stdout cannot be written.
pub fn write(bytes: &[u8]) -> Result<()> {
    match stdout().lock().write_all(bytes) {
        // Whoever reads (head, less) may have had enough.
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        written => Ok(written?),
    }
}

/// The text that [`print`] prints.
///
/// # Errors
/// A row cannot be serialized.
pub fn render<R: Rows>(rows: &[R], format: Format) -> Result<String> {
    match format {
        Format::Json => Ok(serde_json::to_string_pretty(rows)? + "\n"),
        Format::Csv => csv(rows),
        Format::Table => Ok(format!("{}\n", table(rows, None))),
    }
}

/// The table as a terminal of so many columns shows it.
#[must_use]
pub fn within<R: Rows>(rows: &[R], columns: u16) -> String {
    table(rows, Some(columns)).to_string()
}

fn csv<R: Rows>(rows: &[R]) -> Result<String> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(R::fields())?;
    for row in rows {
        writer.write_record(row.values())?;
    }
    Ok(String::from_utf8(writer.into_inner()?)?)
}

/// In the terminal's width, or in this one. Into a file or a pipe it is as wide as it is.
fn table<R: Rows>(rows: &[R], columns: Option<u16>) -> Table {
    let mut table = Table::new();
    table
        .load_preset(UTF8_FULL_CONDENSED)
        .set_content_arrangement(ContentArrangement::Dynamic);
    if let Some(columns) = columns {
        table.set_width(columns);
    } else if !stdout().is_terminal() {
        table.set_content_arrangement(ContentArrangement::Disabled);
    }
    table.set_header(R::headings().iter().map(|h| h.title));
    for row in rows {
        table.add_row(row.cells().into_iter().zip(R::headings()).map(|(text, heading)| {
            let side = if heading.number {
                CellAlignment::Right
            } else {
                CellAlignment::Left
            };
            Cell::new(text).set_alignment(side)
        }));
    }
    table
}

/// Cuts a list of which one more than the limit was asked for; whether there was more.
pub fn cut<T>(rows: &mut Vec<T>, limit: u32) -> bool {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let has_more = rows.len() > limit;
    rows.truncate(limit);
    has_more
}

/// Says on stderr that a list was cut.
pub fn say_more(has_more: bool, limit: u32) {
    if has_more {
        eprintln!("these are the newest {limit}; there are more: --limit shows more");
    }
}

/// The same with a plus before what is more.
#[must_use]
pub fn signed(value: Option<f64>) -> String {
    let plus = if value.is_some_and(|value| value > 0.0) {
        "+"
    } else {
        ""
    };
    format!("{plus}{}", number(value))
}

/// A number as people write it: no decimals unless it has some; nothing for none.
#[must_use]
pub fn number(value: Option<f64>) -> String {
    value.map_or_else(
        String::new,
        |v| if v == 0.0 { "0".to_owned() } else { v.to_string() },
    )
}
