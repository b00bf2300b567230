//! The workbook, read back by another crate.

use std::io::Cursor;

use calamine::{Data, Range, Reader, Xlsx};
use quarterday_plan::plan::Audience;

use super::fixture::{FORMULA, MARKUP, long, report};
use crate::Report;
use crate::xlsx::workbook;

fn read(report: &Report) -> Xlsx<Cursor<Vec<u8>>> {
    Xlsx::new(Cursor::new(workbook(report).unwrap())).unwrap()
}

fn listed(range: &Range<Data>) -> String {
    let rows = range.rows().map(|row| {
        let cells = row.iter().map(|cell| match cell {
            Data::Empty => String::new(),
            Data::Float(number) => format!("#{number}"),
            Data::Int(number) => format!("#{number}"),
            other => other.to_string(),
        });
        cells.collect::<Vec<_>>().join(" | ").trim_end().to_owned()
    });
    rows.collect::<Vec<_>>().join("\n")
}

fn all(report: &Report) -> String {
    let mut book = read(report);
    let names = book.sheet_names();
    let sheets = names.iter().map(|name| {
        let range = book.worksheet_range(name).unwrap();
        format!("== {name}\n{}", listed(&range))
    });
    sheets.collect::<Vec<_>>().join("\n\n")
}

#[test]
fn the_workbook_for_analysts() {
    insta::assert_snapshot!(all(&report(Audience::Restricted)));
}

#[test]
fn the_workbook_for_everybody() {
    let text = all(&report(Audience::Public));
    assert!(
        text.contains("P1.01 | Referrals | cases | Cyngor Sir Gâr, Łódź Żółć | <5 |"),
        "{text}"
    );
    for hidden in ["Two more", "abc123", "c0ffee", "scheduler"] {
        assert!(!text.contains(hidden), "{hidden}");
    }
}

#[test]
fn numbers_are_numbers_and_texts_are_inert() {
    let mut book = read(&report(Audience::Restricted));
    let range = book.worksheet_range("P1").unwrap();
    let titles: Vec<&Data> = range.rows().skip(4).map(|row| &row[1]).collect();
    assert_eq!(titles[1], &Data::String(MARKUP.to_owned()));
    assert_eq!(titles[2], &Data::String(FORMULA.to_owned()));
    assert_eq!(range.get((5, 4)), Some(&Data::Float(1250.5)));
    assert_eq!(range.get((6, 4)), Some(&Data::String("NR".to_owned())));
    let formulas = book.worksheet_formula("P1").unwrap();
    assert!(formulas.cells().all(|(_, _, formula)| formula.is_empty()));
}

#[test]
fn a_plan_of_three_hundred_measures_has_a_row_for_each() {
    let mut book = read(&long(300));
    assert_eq!(book.worksheet_range("P1").unwrap().height(), 304);
}

#[test]
fn the_same_snapshot_gives_the_same_bytes() {
    let report = report(Audience::Restricted);
    assert_eq!(workbook(&report).unwrap(), workbook(&report).unwrap());
}
