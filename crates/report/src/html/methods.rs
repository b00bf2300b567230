//! The last pages: what each number means, and how to prove it.

use maud::{Markup, html};

use crate::methods::Definition;
use crate::report::Report;

pub(super) fn definitions(report: &Report) -> Markup {
    html! {
        section.page #methods aria-labelledby="h-methods" {
            h2 #h-methods { "Methods" }
            p { "What each number counts, by the definitions that were in force." }
            @for definition in &report.definitions { (one(definition)) }
        }
    }
}

fn one(definition: &Definition) -> Markup {
    html! {
        article.definition {
            h3 { span.id { (definition.id) } " " (definition.title) }
            @if !definition.wording.is_empty() { p { "In the plan: “" (definition.wording) "”" } }
            @if !definition.notes.is_empty() { p { (definition.notes) } }
            dl.rules {
                @for (key, value) in &definition.rules {
                    div { dt { (key) } dd { code { (value) } } }
                }
                div { dt { "version" } dd { (definition.version) ", " code { (definition.hash) } } }
                @if !definition.series.is_empty() { div { dt { "series" } dd { (definition.series) } } }
            }
        }
    }
}

pub(super) fn provenance(report: &Report) -> Markup {
    html! {
        section.page #provenance aria-labelledby="h-provenance" {
            h2 #h-provenance { "Provenance" }
            dl.rules {
                @for (name, value) in &report.provenance {
                    div { dt { (name) } dd { code { (value) } } }
                }
            }
        }
    }
}
