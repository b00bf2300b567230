//! What a report says, whatever it is written as.

use quarterday_plan::period::Period;
use quarterday_plan::plan::{Against, Audience, Kind, Measure, Plan, Priority};
use quarterday_snapshot::disclosure::Line;

use crate::cell::Cell;
use crate::error::{Error, Result};
use crate::front::Front;
use crate::methods::{Definition, definitions, provenance};
use crate::row::{Row, expected, year_of};
use crate::source::Source;

/// What a report says.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    pub(crate) title: String,
    /// The period, in words.
    pub(crate) period: String,
    /// Who reads, in words.
    pub(crate) audience: &'static str,
    /// The names of the quarters of the year.
    pub(crate) quarters: Vec<String>,
    pub(crate) front: Front,
    pub(crate) sections: Vec<Section>,
    pub(crate) milestones: Vec<Milestone>,
    pub(crate) ranks: Vec<Rank>,
    pub(crate) definitions: Vec<Definition>,
    /// What stands on the last page: name and value.
    pub(crate) provenance: Vec<(&'static str, String)>,
    /// When the snapshot was taken, for the properties of a workbook.
    pub(crate) taken_at: jiff::Timestamp,
}

/// The measures of one priority, or the figures of one review.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Section {
    /// What its sheet and its place in the page are called.
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) rows: Vec<Row>,
}

/// A milestone, and how much of it is done.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Milestone {
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) lead: String,
    pub(crate) done: Cell,
    pub(crate) expected: u8,
}

/// The district's place among others.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Rank {
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) place: Cell,
    pub(crate) among: usize,
    /// Whether the greatest is first.
    pub(crate) descending: bool,
}

impl Milestone {
    pub(crate) fn is_done(&self) -> bool {
        self.done
            .number
            .is_some_and(|done| done >= f64::from(self.expected))
    }
}

impl Report {
    /// Puts a report together.
    ///
    /// # Errors
    /// The snapshot's period is none.
    pub fn of(source: &Source<'_>) -> Result<Self> {
        let id = &source.header.period;
        let period: Period = id.parse().map_err(|_| Error::Period { period: id.clone() })?;
        let sections = sections(source, &period);
        let plan = source.plans.iter().find(|plan| !plan.measures.is_empty());
        Ok(Report {
            title: plan
                .or(source.plans.first())
                .map(|plan| plan.title.clone())
                .unwrap_or_default(),
            period: in_words(&period),
            audience: match source.audience {
                Audience::Restricted => "Restricted: for the partnership's analysts only",
                Audience::Partners => "For partners",
                Audience::Public => "Public",
            },
            quarters: year_of(&period).iter().map(Period::id).collect(),
            front: Front::of(source, &sections),
            milestones: milestones(source),
            ranks: ranks(source),
            definitions: definitions(source),
            provenance: provenance(source),
            sections,
            taken_at: source.header.taken_at,
        })
    }
}

/// `2015-16/Q1, 1 April to 30 June 2015`.
fn in_words(period: &Period) -> String {
    let (first, last) = (period.first(), period.last());
    let from = if first.year() == last.year() {
        "%-d %B"
    } else {
        "%-d %B %Y"
    };
    format!(
        "{}, {} to {}",
        period.id(),
        first.strftime(from),
        last.strftime("%-d %B %Y")
    )
}

fn sections(source: &Source<'_>, period: &Period) -> Vec<Section> {
    let mut sections = Vec::new();
    for plan in source.plans {
        let figures = plan.figures.iter().map(|figure| &figure.measure);
        if plan.priorities.is_empty() && !plan.figures.is_empty() {
            // A review, whose milestones belong to its figures.
            let all = plan.measures.iter().chain(figures);
            sections.push(review(plan, rows(source, all, period)));
            continue;
        }
        let of_measures = groups(plan).into_iter().map(|(id, title)| {
            let is_inside = |measure: &Measure| group_of(plan, measure) == id;
            let inside = plan.measures.iter().filter(|measure| is_inside(measure));
            let rows = rows(source, inside, period);
            Section { id, title, rows }
        });
        sections.extend(of_measures);
        sections.push(review(plan, rows(source, figures, period)));
    }
    sections.retain(|section| !section.rows.is_empty());
    sections
}

fn review(plan: &Plan, rows: Vec<Row>) -> Section {
    Section {
        id: "Review".to_owned(),
        title: plan.title.clone(),
        rows,
    }
}

fn rows<'m>(source: &Source<'_>, measures: impl Iterator<Item = &'m Measure>, period: &Period) -> Vec<Row> {
    let lines = measures.filter_map(|measure| Some((measure, line(source, measure)?)));
    lines
        .map(|(measure, line)| Row::of(source, line, Some(measure), period))
        .collect()
}

pub(crate) fn line<'s>(source: &Source<'s>, measure: &Measure) -> Option<&'s Line> {
    source.lines.iter().find(|line| line.value.id == measure.id)
}

/// The priorities of a plan, then what belongs to none, by what the ids of its actions begin with.
fn groups(plan: &Plan) -> Vec<(String, String)> {
    let declared = plan.priorities.iter();
    let mut groups: Vec<(String, String)> = declared.map(titled).collect();
    for measure in &plan.measures {
        let id = group_of(plan, measure);
        if !groups.iter().any(|(known, _)| *known == id) {
            let title = format!("Actions {id}");
            groups.push((id, title));
        }
    }
    groups
}

fn titled(priority: &Priority) -> (String, String) {
    let title = format!("Priority {}: {}", number_of(&priority.id), priority.title);
    (priority.id.clone(), title)
}

/// `1` of `P1`.
fn number_of(id: &str) -> &str {
    id.strip_prefix('P').unwrap_or(id)
}

fn group_of(plan: &Plan, measure: &Measure) -> String {
    let action = measure.action.as_deref().unwrap_or(&measure.id);
    let begins = |id: &str| {
        action
            .strip_prefix(id)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    let declared = plan.priorities.iter().find(|priority| begins(&priority.id));
    declared.map_or_else(
        || action.split('.').next().unwrap_or(action).to_owned(),
        |priority| priority.id.clone(),
    )
}

fn milestones(source: &Source<'_>) -> Vec<Milestone> {
    let measures = source.plans.iter().flat_map(Plan::definitions);
    let milestones = measures.filter(|measure| measure.kind == Kind::Milestone);
    let milestones = milestones.filter_map(|measure| {
        let line = line(source, measure)?;
        Some(Milestone {
            id: measure.id.clone(),
            title: measure.title.clone(),
            lead: measure.responsible.join(", "),
            done: Cell::to_date(line),
            expected: expected(measure)?,
        })
    });
    milestones.collect()
}

fn ranks(source: &Source<'_>) -> Vec<Rank> {
    let measures = source.plans.iter().flat_map(Plan::definitions);
    let ranks = measures.filter_map(|measure| {
        let Against::Areas(ranking) = &measure.counting()?.against else {
            return None;
        };
        Some(Rank {
            id: measure.id.clone(),
            title: measure.title.clone(),
            place: Cell::of_period(line(source, measure)?),
            among: ranking.among.len(),
            descending: ranking.descending,
        })
    });
    ranks.collect()
}
