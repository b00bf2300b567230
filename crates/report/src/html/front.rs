//! The first page: coverage, exceptions, and what the signs mean.

use maud::{Markup, html};

use super::anchor;
use crate::cell::KEY;
use crate::front::Front;
use crate::report::Report;

pub(super) fn page(report: &Report) -> Markup {
    let front = &report.front;
    html! {
        section #front aria-labelledby="h-front" {
            h2 #h-front { "Overview" }
            @if front.provisional {
                p.notice { "Taken as provisional, before everything had come: none of its numbers is final." }
            }
            @if front.hides {
                p.notice { "Small numbers of people, and what would give them away, are hidden." }
            }
            (coverage(front))
            (exceptions(front))
            (restated(front))
            (key())
        }
    }
}

fn coverage(front: &Front) -> Markup {
    html! {
        h3 { "Coverage" }
        ul.counts {
            li { b { (front.measures) } " measures" }
            @for (status, count) in &front.statuses {
                li { b { (count) } " " span.sign aria-hidden="true" { (status.sign) } " " (status.word) }
            }
        }
        @if front.outstanding.is_empty() {
            p { "Every return that these numbers need is there." }
        } @else {
            p { (front.outstanding.len()) " partners have not returned everything:" }
            ul.outstanding {
                @for (partner, quarters) in &front.outstanding {
                    li { b { (partner) } " " (quarters) }
                }
            }
        }
    }
}

fn exceptions(front: &Front) -> Markup {
    html! {
        h3 { "To look at" }
        @if front.exceptions.is_empty() {
            p { "No measure goes the wrong way, and none is partial, contradictory or not returned." }
        } @else {
            table.plain {
                caption { "Measures that go the wrong way, then those whose number is not all there" }
                thead { tr { th scope="col" { "Measure" } th scope="col" { "Title" } th scope="col" { "Why" } } }
                tbody {
                    @for exception in &front.exceptions {
                        tr {
                            th scope="row" { a href={ "#" (anchor(&exception.id)) } { (exception.id) } }
                            td { (exception.title) }
                            td { (exception.why) }
                        }
                    }
                }
            }
        }
    }
}

fn restated(front: &Front) -> Markup {
    html! {
        @if !front.reason.is_empty() || !front.changes.is_empty() {
            h3 { "Restated" }
            @if !front.reason.is_empty() { p { "Another revision, because: " (front.reason) } }
            @if !front.changes.is_empty() {
                table.plain {
                    caption { "Numbers that are others than in the revision before, and what they changed by" }
                    thead { tr {
                        th scope="col" { "Measure" } th.number scope="col" { "Before" } th.number scope="col" { "Now" }
                        th scope="col" { "Why" }
                    } }
                    tbody {
                        @for change in &front.changes {
                            tr {
                                th scope="row" { (change.id) }
                                td.number { (change.before) } td.number { (change.after) } td { (change.why) }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn key() -> Markup {
    html! {
        h3 { "Signs" }
        dl.key {
            @for (sign, meaning) in KEY {
                div { dt { (sign) } dd { (meaning) } }
            }
            div { dt { "▲ ▼ ▬" } dd { "more, fewer or as many as a year before; whether that is better or worse stands beside" } }
        }
    }
}
