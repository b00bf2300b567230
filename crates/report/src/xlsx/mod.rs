//! A report as a workbook: real numbers, frozen headers, one sheet for each priority, ready to be printed.
//!
//! Texts are written as texts: what begins like a formula is none.

mod front;
mod measures;
mod names;
mod sheet;
mod words;

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook};

use crate::error::Result;
use crate::report::Report;
use names::Names;
use sheet::Formats;

/// The bytes of the workbook.
///
/// # Errors
/// Something in the report has no place in a workbook.
pub fn workbook(report: &Report) -> Result<Vec<u8>> {
    let mut workbook = Workbook::new();
    workbook.set_properties(&properties(report)?);
    let formats = Formats::new();
    let mut names = Names::default();
    front::write(workbook.add_worksheet(), &names.of("Overview"), report, &formats)?;
    for section in &report.sections {
        let name = names.of(&section.id);
        measures::write(workbook.add_worksheet(), &name, (report, section), &formats)?;
    }
    if !report.milestones.is_empty() {
        words::milestones(
            workbook.add_worksheet(),
            &names.of("Milestones"),
            report,
            &formats,
        )?;
    }
    if !report.ranks.is_empty() {
        words::ranks(
            workbook.add_worksheet(),
            &names.of("Kent comparison"),
            report,
            &formats,
        )?;
    }
    words::methods(workbook.add_worksheet(), &names.of("Methods"), report, &formats)?;
    words::provenance(
        workbook.add_worksheet(),
        &names.of("Provenance"),
        report,
        &formats,
    )?;
    Ok(workbook.save_to_buffer()?)
}

/// As old as the snapshot, so that the same snapshot gives the same bytes.
fn properties(report: &Report) -> Result<DocProperties> {
    let taken = report.taken_at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    Ok(DocProperties::new()
        .set_title(&report.title)
        .set_subject(&report.period)
        .set_comment(report.audience)
        .set_creation_datetime(&ExcelDateTime::parse_from_str(&taken)?))
}
