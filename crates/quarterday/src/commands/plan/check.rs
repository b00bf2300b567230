//! `quarterday plan check`: all that is wrong with a plan file, and all that is doubtful.

use anyhow::Result;
use quarterday_plan::Problem;
use quarterday_plan::plan::{Measure, Plan};
use serde::Serialize;

use crate::builtin::InForce;
use crate::cli::plan::PlanCheck;
use crate::commands::DONE;
use crate::output::{self, Heading, Rows};

/// Exit code when the file cannot be used.
const UNUSABLE: u8 = 1;

pub(super) fn run(args: &PlanCheck) -> Result<u8> {
    let in_force = args.target.in_force()?;
    let text = super::read(&args.file)?;
    let (findings, summary) = findings(&text, &in_force);
    let unusable = findings.iter().any(|finding| finding.severity == ERROR);
    output::print(&findings, args.format)?;
    let file = args.file.display();
    match summary {
        Some(summary) if !unusable => eprintln!("{file} can be used: {summary}"),
        _ => eprintln!("{file} cannot be used; mend the errors above"),
    }
    Ok(if unusable { UNUSABLE } else { DONE })
}

const ERROR: &str = "error";

/// One thing that is wrong or doubtful.
#[derive(Debug, Serialize)]
struct Finding {
    severity: &'static str,
    line: usize,
    column: usize,
    message: String,
}

impl Finding {
    fn new(severity: &'static str, problem: &Problem) -> Self {
        Self {
            severity,
            line: problem.line,
            column: problem.column,
            message: problem.message.clone(),
        }
    }
}

fn findings(text: &str, in_force: &InForce) -> (Vec<Finding>, Option<String>) {
    let plan = match Plan::examine(text, in_force.catalogue.known()) {
        Ok(plan) => plan,
        Err(error) => {
            let errors = error.problems().iter();
            return (errors.map(|problem| Finding::new(ERROR, problem)).collect(), None);
        }
    };
    let mut warnings = plan.warnings(text);
    warnings.extend(in_force.plans.iter().filter_map(|other| shared_ids(&plan, other)));
    let findings = warnings
        .iter()
        .map(|problem| Finding::new("warning", problem))
        .collect();
    let summary = format!(
        "{} measures, {} published figures, {} companions",
        plan.measures.len(),
        plan.figures.len(),
        plan.companions.len()
    );
    (findings, Some(summary))
}

/// That a plan cannot be in force beside another, whose ids it uses. A file of the same plan takes its place.
fn shared_ids(plan: &Plan, other: &Plan) -> Option<Problem> {
    if plan.id == other.id {
        return None;
    }
    let shared: Vec<&Measure> = plan
        .definitions()
        .filter(|measure| other.definition(&measure.id).is_some())
        .collect();
    let first = shared.first()?;
    let message = format!(
        "ids of this file, {} in all and `{}` the first, are in the plan `{}` too, which is in force: the two cannot be in force together",
        shared.len(),
        first.id,
        other.id
    );
    Some(Problem {
        line: first.line,
        column: 1,
        message,
    })
}

impl Rows for Finding {
    fn headings() -> &'static [Heading] {
        const HEADINGS: [Heading; 4] = [
            Heading::words("severity"),
            Heading::numbers("line"),
            Heading::numbers("column"),
            Heading::words("what is wrong"),
        ];
        &HEADINGS
    }

    fn cells(&self) -> Vec<String> {
        vec![
            self.severity.to_owned(),
            self.line.to_string(),
            self.column.to_string(),
            self.message.clone(),
        ]
    }
}
