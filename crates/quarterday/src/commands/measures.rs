//! `quarterday measures`: the measures of a period.

use anyhow::{Result, bail};
use quarterday_store::{Breakdown, MeasureRow};

use crate::cli::{By, Measures};
use crate::commands::DONE;
use crate::marks;
use crate::output::{self, Heading, Rows};
use crate::target::Opened;

pub(super) async fn run(args: Measures) -> Result<u8> {
    let opened = args.target.open_to_read().await?;
    let rows = read(&opened, &args).await;
    opened.close().await?;
    output::print(&rows?, args.format)?;
    Ok(DONE)
}

async fn read(opened: &Opened, args: &Measures) -> Result<Vec<MeasureRow>> {
    let by = match args.by {
        None => Breakdown::Total,
        Some(By::Ward) => Breakdown::Ward,
        Some(By::Partner) => Breakdown::Partner,
    };
    let id = args.measure.as_deref();
    if let Some(id) = id
        && opened.system.in_force.definition(id).is_none()
    {
        bail!(
            "no measure or figure is called {id}; 'quarterday measures --period {}' lists all",
            args.period
        );
    }
    Ok(opened.system.store.measures(&args.period, id, by).await?)
}

impl Rows for MeasureRow {
    fn headings() -> &'static [Heading] {
        const HEADINGS: [Heading; 8] = [
            Heading::words("id"),
            Heading::words("title"),
            Heading::words("period"),
            Heading::words("by"),
            Heading::numbers("value"),
            Heading::words("unit"),
            Heading::words("status"),
            Heading::words("returned"),
        ];
        &HEADINGS
    }

    fn cells(&self) -> Vec<String> {
        let by = self.ward.as_ref().or(self.partner.as_ref());
        vec![
            self.id.clone(),
            self.title.clone(),
            self.period.clone(),
            by.cloned().unwrap_or_default(),
            marks::printed(self),
            self.unit.clone(),
            self.status.clone(),
            format!("{} of {}", self.coverage.returned, self.coverage.expected),
        ]
    }
}
