//! The first sheet: coverage, exceptions, what was restated, and what the signs mean.

use rust_xlsxwriter::Worksheet;

use super::sheet::{Formats, about, begin, fit};
use super::words::{headings, texts};
use crate::cell::KEY;
use crate::error::Result;
use crate::report::Report;

/// Columns of the sheet.
const COLUMNS: u16 = 4;

/// Writes one block under the other.
pub(super) fn write(sheet: &mut Worksheet, name: &str, report: &Report, formats: &Formats) -> Result<()> {
    begin(sheet, name, [&report.title, &about(report)], formats)?;
    let mut next = 3;
    for (titles, lines) in blocks(report) {
        if lines.is_empty() {
            continue;
        }
        headings(sheet, next, &titles, formats)?;
        for line in lines {
            next += 1;
            write_line(sheet, next, &line, formats)?;
        }
        next += 2;
    }
    sheet.set_print_area(0, 0, next, COLUMNS.saturating_sub(1))?;
    Ok(())
}

/// Counts and numbers as such, all else as text.
fn write_line(sheet: &mut Worksheet, row: u32, line: &[String], formats: &Formats) -> Result<()> {
    let long: Vec<(&str, u16)> = line.iter().map(String::as_str).zip(WIDTHS).collect();
    fit(sheet, row, &long)?;
    let line: Vec<&str> = line.iter().map(String::as_str).collect();
    texts(sheet, row, &line, formats)?;
    for (column, text) in (0..).zip(&line).skip(1) {
        if let Some(number) = number(text) {
            let is_whole = number.fract() == 0.0;
            let format = if is_whole {
                &formats.whole_left
            } else {
                &formats.decimal_left
            };
            sheet.write_number_with_format(row, column, number, format)?;
        }
    }
    Ok(())
}

/// A number that is written for people.
fn number(text: &str) -> Option<f64> {
    text.replace(',', "")
        .replace('\u{2212}', "-")
        .parse()
        .ok()
        .filter(|number: &f64| number.is_finite())
}

/// Widths of the columns.
const WIDTHS: [u16; 4] = [26, 60, 24, 60];

type Block<'r> = ([(&'r str, u16); 4], Vec<Vec<String>>);

fn blocks(report: &Report) -> Vec<Block<'_>> {
    let front = &report.front;
    let widths = |titles: [&'static str; 4]| {
        let [a, b, c, d] = titles;
        let [w, x, y, z] = WIDTHS;
        [(a, w), (b, x), (c, y), (d, z)]
    };
    let mut coverage = vec![vec!["Measures".to_owned(), front.measures.to_string()]];
    coverage.extend(
        front
            .statuses
            .iter()
            .map(|(status, count)| vec![status.in_words(), count.to_string()]),
    );
    if front.provisional {
        coverage.push(vec![
            "Provisional".to_owned(),
            "taken before everything had come: no number is final".to_owned(),
        ]);
    }
    if front.hides {
        coverage.push(vec![
            "Hidden".to_owned(),
            "small numbers of people, and what would give them away".to_owned(),
        ]);
    }
    if !front.reason.is_empty() {
        coverage.push(vec!["Another revision".to_owned(), front.reason.clone()]);
    }
    let outstanding = front.outstanding.iter();
    let exceptions = front.exceptions.iter();
    let changes = front.changes.iter();
    vec![
        (widths(["Coverage", "", "", ""]), coverage),
        (
            widths(["Not returned by", "Quarters", "", ""]),
            outstanding
                .map(|(partner, quarters)| vec![partner.clone(), quarters.clone()])
                .collect(),
        ),
        (
            widths(["To look at", "Title", "Sheet", "Why"]),
            exceptions
                .map(|it| {
                    vec![
                        it.id.clone(),
                        it.title.clone(),
                        it.section.clone(),
                        it.why.clone(),
                    ]
                })
                .collect(),
        ),
        (
            widths(["Restated", "Before", "Now", "Why"]),
            changes
                .map(|it| vec![it.id.clone(), it.before.clone(), it.after.clone(), it.why.clone()])
                .collect(),
        ),
        (
            widths(["Sign", "What it means", "", ""]),
            KEY.iter()
                .map(|(sign, meaning)| vec![(*sign).to_owned(), (*meaning).to_owned()])
                .collect(),
        ),
    ]
}
