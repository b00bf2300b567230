//! The sheet of a priority.

use rust_xlsxwriter::{Sparkline, Worksheet};

use super::sheet::{Formats, about, begin, end, fit, write_cell};
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
        width: 9,
        is_number: true,
    }
}

/// Widths of the columns whose texts can be long: title, lead and comment.
const TITLE: u16 = 38;
const LEAD: u16 = 20;
const COMMENT: u16 = 34;

/// What is printed, and what its charts are drawn from.
fn columns(report: &Report, section: &Section) -> [Vec<Column>; 2] {
    let mut printed = vec![
        words("Id", 10),
        words("Measure", TITLE),
        words("Unit", 13),
        words("Lead", LEAD),
        number("This period"),
    ];
    let short = |quarter: &String| number(quarter.rsplit('/').next().unwrap_or(quarter));
    printed.extend(report.quarters.iter().map(short));
    printed.extend(["Year to date", "A year before", "Change", "Change, %"].map(number));
    printed.extend([
        words("Direction", 12),
        words("Status", 15),
        words("Comment", COMMENT),
        words("Eight quarters", 18),
    ]);
    let run = section.rows.first().map(|row| &row.run[..]).unwrap_or_default();
    let behind = run.iter().map(|point| number(&point.quarter.id())).collect();
    [printed, behind]
}

/// Writes a section's measures, one a row.
pub(super) fn write(
    sheet: &mut Worksheet,
    name: &str,
    (report, section): (&Report, &Section),
    formats: &Formats,
) -> Result<()> {
    begin(sheet, name, [&section.title, &about(report)], formats)?;
    let [printed, behind] = columns(report, section);
    for (place, column) in (0..).zip(printed.iter().chain(&behind)) {
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
        let texts = [
            (&row.title[..], TITLE),
            (&row.lead, LEAD),
            (&row.comment, COMMENT),
        ];
        fit(sheet, place, &texts)?;
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
        u16::try_from(printed.len()).unwrap_or(u16::MAX),
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
        for change in row.change {
            self.change(change, formats)?;
        }
        let direction = match row.direction.word {
            "better" => &formats.better,
            "worse" => &formats.worse,
            _ => &formats.text,
        };
        self.text(&row.direction.in_words(), direction)?;
        self.text(&row.status.in_words(), &formats.text)?;
        self.text(&row.comment, &formats.text)?;
        self.run(row, name, formats)
    }

    /// The chart of the run, then the run. What is not known stays empty: a chart would draw a sign as zero (I7).
    fn run(&mut self, row: &Row, name: &str, formats: &Formats) -> Result<()> {
        let chart = self.next;
        self.next = self.next.saturating_add(1);
        let first = self.next;
        for point in &row.run {
            if point.cell.number.is_some() {
                write_cell(self.sheet, self.row, self.next, &point.cell, formats)?;
            }
            self.next = self.next.saturating_add(1);
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

    fn change(&mut self, change: Option<f64>, formats: &Formats) -> Result<()> {
        match change {
            Some(change) => {
                self.sheet
                    .write_number_with_format(self.row, self.next, change, &formats.change)?
            }
            None => self.sheet.write_blank(self.row, self.next, &formats.text)?,
        };
        self.next = self.next.saturating_add(1);
        Ok(())
    }

    fn cell(&mut self, cell: &Cell, formats: &Formats) -> Result<()> {
        write_cell(self.sheet, self.row, self.next, cell, formats)?;
        self.next = self.next.saturating_add(1);
        Ok(())
    }
}
