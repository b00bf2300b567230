//! Reads which periods a record counts in.

use super::super::counting::{Graded, Placing, Span};
use crate::reader::Section;

/// The keys that may say it, of which exactly one must.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Ways(&'static [&'static str]);

impl Ways {
    pub(super) const DATE: Ways = Ways(&["date"]);
    pub(super) const DATE_OR_SPAN: Ways = Ways(&["date", "during"]);
    pub(super) const DATE_OR_REPORT: Ways = Ways(&["date", "reported_for"]);
    pub(super) const REPORT: Ways = Ways(&["reported_for"]);
    pub(super) const IN_FORCE: Ways = Ways(&["in_force"]);
    /// A date too, read as the day of a milestone.
    pub(super) const DONE_BY: Ways = Ways(&["date", "done"]);

    pub(super) fn keys(self) -> &'static [&'static str] {
        self.0
    }
}

pub(super) fn read(section: &mut Section<'_>, ways: Ways) -> Option<Placing> {
    let mut given = ways.keys().iter().filter(|key| section.has(key));
    let (first, second) = (given.next().copied(), given.next().copied());
    let Some(first) = first else {
        if let Some(key) = ways.keys().first() {
            section.missing(key);
        }
        return None;
    };
    if let Some(second) = second {
        section.problem(
            second,
            format!("`{second}` and `{first}` cannot both say when a record counts"),
        );
    }
    match first {
        "during" => section
            .table("during", "`during`", read_span)
            .map(Placing::During),
        "in_force" => section.table("in_force", "`in_force`", |table| {
            let span = read_span(table);
            let graded = table.table("graded", "`graded`", read_graded);
            Placing::InForce(span, graded)
        }),
        "reported_for" => section.table("reported_for", "`reported_for`", |table| {
            Placing::ReportedFor(table.name("from", "_"), table.name("until", "_"))
        }),
        _ if ways == Ways::DONE_BY => section.optional_name("date", "_").map(Placing::DoneBy),
        _ => Some(Placing::On(section.text_or_texts("date"))),
    }
}

fn read_span(section: &mut Section<'_>) -> Span {
    Span {
        from: section.name("from", "_"),
        until: section.some_texts("until"),
    }
}

fn read_graded(section: &mut Section<'_>) -> Graded {
    Graded {
        by: section.name("by", "_"),
        on: section.name("on", "_"),
        is: section.text("is"),
    }
}
