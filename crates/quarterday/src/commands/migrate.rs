//! `quarterday migrate`: topics, schemas and the ClickHouse schema for the plan in force.

use anyhow::Result;

use crate::builtin::InForce;
use crate::cli::Configured;
use crate::commands::DONE;
use crate::settings::Settings;
use crate::system::System;
use crate::{retention, setup};

pub(super) async fn run(args: Configured) -> Result<u8> {
    let settings = Settings::read(&args.config, &args.set)?;
    let system = System::elsewhere(&settings, InForce::load(&settings.plan)?)?
        .with_store_in_force()
        .await?;
    setup::topics_and_schemas(&system).await?;
    for warning in retention::warnings(&system).await? {
        eprintln!("warning: {warning}");
    }
    setup::store(&system).await?;
    let (feeds, record_types) = (
        system.in_force.catalogue.returned().count(),
        system.in_force.catalogue.known().fields.len(),
    );
    eprintln!(
        "{feeds} feeds of {record_types} record types are ready in {}",
        settings.clickhouse.url
    );
    Ok(DONE)
}
