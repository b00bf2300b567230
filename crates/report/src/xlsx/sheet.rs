//! What all sheets have in common.

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder, Worksheet};

use crate::cell::Cell;
use crate::error::Result;
use crate::report::Report;

const BLUE: u32 = 0x001D_4E89;
const GOOD: u32 = 0x000B_6B3A;
const BAD: u32 = 0x00A3_122A;
const SOFT: u32 = 0x004A_5560;
/// Height of a line of text, in points.
const LINE: u16 = 15;
/// Rows cannot be higher than 409 points.
const MOST_LINES: usize = 27;
/// As Excel numbers A4.
const A4: u8 = 9;

/// How things look.
pub(super) struct Formats {
    pub(super) title: Format,
    pub(super) soft: Format,
    pub(super) heading: Format,
    pub(super) number_heading: Format,
    pub(super) text: Format,
    pub(super) id: Format,
    pub(super) whole: Format,
    pub(super) whole_left: Format,
    pub(super) decimal_left: Format,
    pub(super) decimal: Format,
    pub(super) change: Format,
    pub(super) sign: Format,
    pub(super) better: Format,
    pub(super) worse: Format,
}

impl Formats {
    pub(super) fn new() -> Self {
        let body = Format::new().set_align(FormatAlign::Top).set_text_wrap();
        let number = Format::new()
            .set_align(FormatAlign::Top)
            .set_align(FormatAlign::Right);
        let heading = Format::new()
            .set_bold()
            .set_text_wrap()
            .set_align(FormatAlign::Bottom)
            .set_border_bottom(FormatBorder::Medium);
        Formats {
            title: Format::new()
                .set_bold()
                .set_font_size(14)
                .set_font_color(Color::RGB(BLUE)),
            soft: Format::new().set_font_color(Color::RGB(SOFT)),
            number_heading: heading.clone().set_align(FormatAlign::Right),
            heading,
            id: body.clone().set_bold(),
            better: body.clone().set_font_color(Color::RGB(GOOD)).set_bold(),
            worse: body.clone().set_font_color(Color::RGB(BAD)).set_bold(),
            decimal_left: body
                .clone()
                .set_num_format("#,##0.0##")
                .set_align(FormatAlign::Left),
            whole_left: body.clone().set_num_format("#,##0").set_align(FormatAlign::Left),
            text: body,
            whole: number.clone().set_num_format("#,##0"),
            change: number.clone().set_num_format("+#,##0.###;-#,##0.###;0"),
            decimal: number.clone().set_num_format("#,##0.0##"),
            sign: number,
        }
    }
}

/// The name of a sheet, what it is about, and how it is printed.
pub(super) fn begin(sheet: &mut Worksheet, name: &str, titles: [&str; 2], formats: &Formats) -> Result<()> {
    sheet.set_name(name)?;
    sheet
        .set_landscape()
        .set_paper_size(A4)
        .set_print_fit_to_pages(1, 0);
    sheet
        .set_margins(0.4, 0.4, 0.5, 0.5, 0.2, 0.2)
        .set_footer("&L&A&RPage &P of &N");
    let [title, about] = titles;
    sheet.write_string_with_format(0, 0, title, &formats.title)?;
    sheet.write_string_with_format(1, 0, about, &formats.soft)?;
    Ok(())
}

/// Period and audience of a report, which stand on every sheet.
pub(super) fn about(report: &Report) -> String {
    format!("{} · {}", report.period, report.audience)
}

/// A number as a number; a sign as text.
pub(super) fn write_cell(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    cell: &Cell,
    formats: &Formats,
) -> Result<()> {
    match cell.number {
        Some(number) => {
            let format = if number.fract() == 0.0 {
                &formats.whole
            } else {
                &formats.decimal
            };
            let marked = || {
                format
                    .clone()
                    .set_num_format(format!("\"{}\"#,##0.###", cell.prefix))
            };
            match cell.prefix.is_empty() {
                true => sheet.write_number_with_format(row, column, number, format)?,
                false => sheet.write_number_with_format(row, column, number, &marked())?,
            }
        }
        None => sheet.write_string_with_format(row, column, &cell.text, &formats.sign)?,
    };
    Ok(())
}

/// Makes a row as high as its texts need in columns of these widths: programs that open a workbook do not all do so themselves.
pub(super) fn fit(sheet: &mut Worksheet, row: u32, texts: &[(&str, u16)]) -> Result<()> {
    let lines = texts.iter().map(|(text, width)| {
        let width = usize::from(*width).max(1);
        text.lines()
            .map(|line| line.chars().count().div_ceil(width).max(1))
            .sum::<usize>()
    });
    let lines = lines.max().unwrap_or(1).clamp(1, MOST_LINES);
    sheet.set_row_height(row, u16::try_from(lines).unwrap_or(1).saturating_mul(LINE))?;
    Ok(())
}

/// Rows from the heading on that are repeated, stay in sight, and are printed.
pub(super) fn end(sheet: &mut Worksheet, heading: u32, last: u32, columns: u16) -> Result<()> {
    sheet.set_freeze_panes(heading.saturating_add(1), 1)?;
    sheet.set_repeat_rows(heading, heading)?;
    sheet.set_print_area(0, 0, last, columns.saturating_sub(1))?;
    Ok(())
}
