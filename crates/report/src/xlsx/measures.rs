//! The sheet of a priority.

use rust_xlsxwriter::{Sparkline, Worksheet};

use super::sheet::{Formats, about, begin, end, write_cell};
use crate::cell::Cell;
use crate::error::Result;
use crate::report::{Report, Section};
use crate::row::Row;

/// The row of the headings.
const HEADING: u32 = 3;

/// A column: what stands above it, how wide it is, and whether it has numbers.
struct Column {
    title: String,
    width: u16,
    is_number: bool,
}

fn words(title: &str, width: u16) -> Column {
    Column {
        title: title.to_owned(),
        width,
        is_number: false,
    }
}

fn number(title: &str) -> Column {
    Column {
        title: title.to_owned(),
        width: 10,
        is_number: true,
    }
}

fn columns(report: &Report, section: &Section) -> Vec<Column> {
    let mut columns = vec![
        words("Id", 9),
        words("Measure", 34),
        words("Unit", 12),
        words("Lead", 18),
    ];
    columns.push(number("This period"));
    columns.extend(report.quarters.iter().map(|quarter| number(quarter)));
    columns.extend(["Year to date", "A year before", "Change"].map(number));
    columns.push(words("Direction", 12));
    columns.push(words("Status", 14));
    columns.push(words("Comment", 34));
    columns.push(words("Eight quarters", 18));
    let run = section.rows.first().map(|row| &row.run[..]).unwrap_or_default();
    columns.extend(run.iter().map(|point| number(&point.quarter.id())));
    columns
}

/// Writes a section's measures, one a row.
pub(super) fn write(
    sheet: &mut Worksheet,
    name: &str,
    (report, section): (&Report, &Section),
    formats: &Formats,
) -> Result<()> {
    begin(sheet, name, [&section.title, &about(report)], formats)?;
    let columns = columns(report, section);
    for (place, column) in (0..).zip(&columns) {
        let format = if column.is_number {
            &formats.number_heading
        } else {
            &formats.heading
        };
        sheet.set_column_width(place, column.width)?;
        sheet.write_string_with_format(HEADING, place, &column.title, format)?;
    }
    let mut last = HEADING;
    for (row, place) in section.rows.iter().zip(HEADING.saturating_add(1)..) {
        Writer {
            sheet,
            row: place,
            next: 0,
        }
        .write(row, name, formats)?;
        last = place;
    }
    end(
        sheet,
        HEADING,
        last,
        u16::try_from(columns.len()).unwrap_or(u16::MAX),
    )
}

/// Where in a row the next thing goes.
struct Writer<'w> {
    sheet: &'w mut Worksheet,
    row: u32,
    next: u16,
}

impl Writer<'_> {
    fn write(&mut self, row: &Row, name: &str, formats: &Formats) -> Result<()> {
        self.text(&row.id, &formats.id)?;
        for text in [&row.title, &row.unit, &row.lead] {
            self.text(text, &formats.text)?;
        }
        self.cell(&row.this, formats)?;
        for quarter in &row.quarters {
            self.cell(quarter, formats)?;
        }
        self.cell(&row.to_date, formats)?;
        self.cell(&row.last_year, formats)?;
        self.text(&row.change, &formats.sign)?;
        let direction = match row.direction.word {
            "better" => &formats.better,
            "worse" => &formats.worse,
            _ => &formats.text,
        };
        self.text(
            &format!("{} {}", row.direction.arrow, row.direction.word),
            direction,
        )?;
        self.text(&format!("{} {}", row.status.sign, row.status.word), &formats.text)?;
        self.text(&row.comment, &formats.text)?;
        self.run(row, name, formats)
    }

    /// The chart of the run, then the run.
    fn run(&mut self, row: &Row, name: &str, formats: &Formats) -> Result<()> {
        let chart = self.next;
        self.next = self.next.saturating_add(1);
        let first = self.next;
        for point in &row.run {
            self.cell(&point.cell, formats)?;
        }
        if !row.run.is_empty() {
            let range = (name, self.row, first, self.row, self.next.saturating_sub(1));
            let sparkline = Sparkline::new().set_range(range).show_markers(true);
            self.sheet.add_sparkline(self.row, chart, &sparkline)?;
        }
        Ok(())
    }

    fn text(&mut self, text: &str, format: &rust_xlsxwriter::Format) -> Result<()> {
        self.sheet
            .write_string_with_format(self.row, self.next, text.trim(), format)?;
        self.next = self.next.saturating_add(1);
        Ok(())
    }

    fn cell(&mut self, cell: &Cell, formats: &Formats) -> Result<()> {
        write_cell(self.sheet, self.row, self.next, cell, formats)?;
        self.next = self.next.saturating_add(1);
        Ok(())
    }
}
