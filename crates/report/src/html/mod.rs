//! A report as one page: all in one file, no script, for screens, phones, printers and screen readers.

mod front;
mod methods;
mod tables;

use maud::{DOCTYPE, Markup, PreEscaped, html};

use crate::cell::Cell;
use crate::report::Report;

const STYLE: &str = include_str!("style.css");

/// The page.
#[must_use]
pub fn page(report: &Report) -> String {
    let title = format!("{}: {}", report.title, report.period);
    let page = html! {
        (DOCTYPE)
        html lang="en-GB" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                a.skip href="#report" { "Skip to the report" }
                header {
                    p.audience { (report.audience) }
                    h1 { (report.title) }
                    p.period { (report.period) }
                }
                (contents(report))
                main #report {
                    (front::page(report))
                    @for section in &report.sections { (tables::section(report, section)) }
                    @if !report.milestones.is_empty() { (tables::milestones(report)) }
                    @if !report.ranks.is_empty() { (tables::ranks(report)) }
                    (methods::definitions(report))
                    (methods::provenance(report))
                }
            }
        }
    };
    page.into_string() + "\n"
}

fn contents(report: &Report) -> Markup {
    html! {
        nav aria-label="Contents" {
            ul {
                li { a href="#front" { "Overview" } }
                @for section in &report.sections {
                    li { a href={ "#" (anchor(&section.id)) } { (section.title) } }
                }
                @if !report.milestones.is_empty() { li { a href="#milestones" { "Milestones" } } }
                @if !report.ranks.is_empty() { li { a href="#ranks" { "Kent comparison" } } }
                li { a href="#methods" { "Methods" } }
                li { a href="#provenance" { "Provenance" } }
            }
        }
    }
}

/// What can stand in an address, whatever stands in an id.
fn anchor(id: &str) -> String {
    let plain = |c: char| {
        if c.is_ascii_alphanumeric() || ".-".contains(c) {
            c
        } else {
            '_'
        }
    };
    format!("s-{}", id.chars().map(plain).collect::<String>())
}

/// A number, or a sign with what it means.
fn cell(cell: &Cell) -> Markup {
    html! {
        @if cell.meaning.is_empty() { (cell.text) } @else {
            abbr title=(cell.meaning) { (cell.text) }
        }
    }
}
