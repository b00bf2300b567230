//! The tables of priorities, milestones and ranks.

use maud::{Markup, PreEscaped, html};

use super::{anchor, cell};
use crate::report::{Milestone, Rank, Report, Section};
use crate::row::Row;
use crate::spark::chart;

pub(super) fn section(report: &Report, section: &Section) -> Markup {
    let id = anchor(&section.id);
    html! {
        section.page id=(id) aria-labelledby={ "h-" (id) } {
            h2 id={ "h-" (id) } { (section.title) }
            table.measures role="table" {
                caption { "Measures, " (report.period) }
                thead role="rowgroup" {
                    tr role="row" {
                        th scope="col" role="columnheader" { "Measure" }
                        th.number scope="col" role="columnheader" { "This period" }
                        @for quarter in &report.quarters {
                            th.number scope="col" role="columnheader" { (short(quarter)) }
                        }
                        th.number scope="col" role="columnheader" { "Year to date" }
                        th.number scope="col" role="columnheader" { "A year before" }
                        th.number scope="col" role="columnheader" { "Change" }
                        th scope="col" role="columnheader" { "Direction" }
                        th scope="col" role="columnheader" { "Eight quarters" }
                        th scope="col" role="columnheader" { "Status" }
                    }
                }
                tbody role="rowgroup" {
                    @for row in &section.rows { (line(report, row)) }
                }
            }
        }
    }
}

/// `Q1` of `2015-16/Q1`.
fn short(quarter: &str) -> &str {
    quarter.rsplit_once('/').map_or(quarter, |(_, short)| short)
}

fn line(report: &Report, row: &Row) -> Markup {
    html! {
        tr role="row" id=(anchor(&row.id)) {
            th scope="row" role="rowheader" {
                span.id { (row.id) } " " (row.title)
                span.unit { (row.unit) @if !row.lead.is_empty() { " · " (row.lead) } }
                @if !row.comment.is_empty() { span.comment { (row.comment) } }
            }
            td.number.this role="cell" data-label="This period" { (cell(&row.this)) }
            @for (name, quarter) in report.quarters.iter().zip(&row.quarters) {
                td.number role="cell" data-label=(short(name)) { (cell(quarter)) }
            }
            td.number role="cell" data-label="Year to date" { (cell(&row.to_date)) }
            td.number role="cell" data-label="A year before" { (cell(&row.last_year)) }
            td.number role="cell" data-label="Change" { (row.changed()) }
            td role="cell" data-label="Direction" { (direction(row)) }
            td role="cell" data-label="Eight quarters" { (spark(row)) }
            td.status role="cell" data-label="Status" {
                span { span.sign aria-hidden="true" { (row.status.sign) } " " (row.status.word) }
            }
        }
    }
}

fn direction(row: &Row) -> Markup {
    let direction = row.direction;
    html! {
        @if direction.arrow.is_empty() { span.unknown { "not known" } } @else {
            span class=(direction.word) { span.sign aria-hidden="true" { (direction.arrow) } " " (direction.word) }
        }
    }
}

fn spark(row: &Row) -> Markup {
    html! {
        @if let Some((svg, words)) = chart(&row.run) {
            span.spark role="img" aria-label=(words) title=(words) { (PreEscaped(svg)) }
        } @else { abbr title="fewer than two numbers are known" { "–" } }
    }
}

pub(super) fn milestones(report: &Report) -> Markup {
    html! {
        section.page #milestones aria-labelledby="h-milestones" {
            h2 #h-milestones { "Milestones" }
            table.plain {
                caption { "What is done of what is expected, since the financial year began" }
                thead { tr {
                    th scope="col" { "Milestone" } th scope="col" { "Steps" } th scope="col" { "Done" } th scope="col" { "Lead" }
                } }
                tbody {
                    @for milestone in &report.milestones { (milestone_line(milestone)) }
                }
            }
        }
    }
}

fn milestone_line(milestone: &Milestone) -> Markup {
    html! {
        tr {
            th scope="row" { span.id { (milestone.id) } " " (milestone.title) }
            td.boxes aria-hidden="true" { (boxes(milestone)) }
            td {
                (cell(&milestone.done)) " of " (milestone.expected)
                @if milestone.is_done() { " " span.better { "✔ done" } }
            }
            td { (milestone.lead) }
        }
    }
}

/// One box for each step.
fn boxes(milestone: &Milestone) -> String {
    let is_ticked = |step: u8| milestone.done.number.is_some_and(|done| done >= f64::from(step));
    (1..=milestone.expected)
        .map(|step| if is_ticked(step) { '☑' } else { '☐' })
        .collect()
}

pub(super) fn ranks(report: &Report) -> Markup {
    html! {
        section.page #ranks aria-labelledby="h-ranks" {
            h2 #h-ranks { "Kent comparison" }
            table.plain {
                caption { "The district's place among the districts of the county; the lowest is first unless it says otherwise" }
                thead { tr { th scope="col" { "Figure" } th.number scope="col" { "Place" } th scope="col" { "Among" } } }
                tbody {
                    @for rank in &report.ranks { (rank_line(rank)) }
                }
            }
        }
    }
}

fn rank_line(rank: &Rank) -> Markup {
    html! {
        tr {
            th scope="row" { span.id { (rank.id) } " " (rank.title) }
            td.number { (cell(&rank.place)) }
            td { (rank.among) " districts" @if rank.descending { ", the highest first" } }
        }
    }
}
