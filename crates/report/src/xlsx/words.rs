//! The sheets of milestones, ranks, methods and provenance: tables of texts.

use rust_xlsxwriter::Worksheet;

use super::sheet::{Formats, about, begin, end, fit, write_cell};
use crate::error::Result;
use crate::report::Report;

/// The row of the headings.
const HEADING: u32 = 3;

/// Headings with the widths of their columns.
pub(super) fn headings(
    sheet: &mut Worksheet,
    row: u32,
    titles: &[(&str, u16)],
    formats: &Formats,
) -> Result<()> {
    for (place, (title, width)) in (0..).zip(titles) {
        sheet.set_column_width(place, *width)?;
        sheet.write_string_with_format(row, place, *title, &formats.heading)?;
    }
    Ok(())
}

pub(super) fn texts(sheet: &mut Worksheet, row: u32, texts: &[&str], formats: &Formats) -> Result<()> {
    for (place, text) in (0..).zip(texts) {
        let format = if place == 0 { &formats.id } else { &formats.text };
        sheet.write_string_with_format(row, place, *text, format)?;
    }
    Ok(())
}

/// What is done of what is expected.
pub(super) fn milestones(
    sheet: &mut Worksheet,
    name: &str,
    report: &Report,
    formats: &Formats,
) -> Result<()> {
    begin(sheet, name, ["Milestones", &about(report)], formats)?;
    let titles = [
        ("Id", 9),
        ("Milestone", 50),
        ("Lead", 30),
        ("State", 12),
        ("Done", 8),
        ("Of", 8),
    ];
    headings(sheet, HEADING, &titles, formats)?;
    let mut last = HEADING;
    for (milestone, row) in report.milestones.iter().zip(HEADING.saturating_add(1)..) {
        let is_done = milestone.is_done();
        let state = if is_done { "✔ done" } else { "open" };
        texts(
            sheet,
            row,
            &[&milestone.id, &milestone.title, &milestone.lead, state],
            formats,
        )?;
        write_cell(sheet, row, 4, &milestone.done, formats)?;
        sheet.write_number_with_format(row, 5, milestone.expected, &formats.whole)?;
        last = row;
    }
    end(sheet, HEADING, last, 6)
}

/// The district's place among others.
pub(super) fn ranks(sheet: &mut Worksheet, name: &str, report: &Report, formats: &Formats) -> Result<()> {
    begin(sheet, name, ["Kent comparison", &about(report)], formats)?;
    let titles = [
        ("Id", 9),
        ("Figure", 60),
        ("First is", 12),
        ("Place", 8),
        ("Among districts", 10),
    ];
    headings(sheet, HEADING, &titles, formats)?;
    let mut last = HEADING;
    for (rank, row) in report.ranks.iter().zip(HEADING.saturating_add(1)..) {
        let first = if rank.descending {
            "the highest"
        } else {
            "the lowest"
        };
        texts(sheet, row, &[&rank.id, &rank.title, first], formats)?;
        write_cell(sheet, row, 3, &rank.place, formats)?;
        let among = u32::try_from(rank.among).unwrap_or(u32::MAX);
        sheet.write_number_with_format(row, 4, among, &formats.whole)?;
        last = row;
    }
    end(sheet, HEADING, last, 5)
}

/// What each number means.
pub(super) fn methods(sheet: &mut Worksheet, name: &str, report: &Report, formats: &Formats) -> Result<()> {
    begin(sheet, name, ["Methods", &about(report)], formats)?;
    let titles = [
        ("Id", 9),
        ("Measure", 30),
        ("In the plan", 30),
        ("How it is counted", 50),
        ("Notes", 50),
        ("Version", 18),
        ("Series", 24),
        ("Hash", 18),
    ];
    headings(sheet, HEADING, &titles, formats)?;
    let mut last = HEADING;
    for (definition, row) in report.definitions.iter().zip(HEADING.saturating_add(1)..) {
        let rules: Vec<String> = definition
            .rules
            .iter()
            .map(|(key, value)| format!("{key}: {value}"))
            .collect();
        let cells = [
            &definition.id,
            &definition.title,
            &definition.wording,
            &rules.join("\n"),
            &definition.notes,
            &definition.version,
            &definition.series,
            &definition.hash,
        ];
        let cells = cells.map(String::as_str);
        let widths = titles.map(|(_, width)| width);
        let long: Vec<(&str, u16)> = cells.into_iter().zip(widths).collect();
        fit(sheet, row, &long)?;
        texts(sheet, row, &cells, formats)?;
        last = row;
    }
    end(sheet, HEADING, last, 8)
}

/// What proves the report.
pub(super) fn provenance(
    sheet: &mut Worksheet,
    name: &str,
    report: &Report,
    formats: &Formats,
) -> Result<()> {
    begin(sheet, name, ["Provenance", &about(report)], formats)?;
    headings(sheet, HEADING, &[("What", 30), ("Value", 90)], formats)?;
    let mut last = HEADING;
    for ((what, value), row) in report.provenance.iter().zip(HEADING.saturating_add(1)..) {
        texts(sheet, row, &[what, value], formats)?;
        last = row;
    }
    end(sheet, HEADING, last, 2)
}
