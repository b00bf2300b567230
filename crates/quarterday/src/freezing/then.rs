//! The plan, feeds and code lists that were in force when something was frozen.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail};
use quarterday_kafka::watermarks::{CONTENTS_TOPIC, Contents};
use quarterday_kafka::{KafkaSettings, MessageFields, read};

use crate::builtin::InForce;
use crate::system::System;

/// What was in force when these files were: what is now, or read from the topic of contents.
///
/// # Errors
/// They are not in the topic, or not usable for this version of the software; Kafka refuses or is away.
pub(crate) async fn in_force(system: &System, hash: &str) -> Result<InForce> {
    if system.in_force.declared().contents.hash() == hash {
        return Ok(system.in_force.clone());
    }
    let found = contents(system.kafka.clone(), hash.to_owned()).await?;
    let found = found.with_context(|| {
        format!("the files {hash} that were in force then are not in the topic {CONTENTS_TOPIC}: what was known by them is attested and cannot be derived again")
    })?;
    let files: Vec<(String, String)> = found
        .files
        .into_iter()
        .map(|file| (file.name, file.text))
        .collect();
    let in_force = InForce::of_contents(&files)
        .context("the files that were in force then are not usable for this version of the software")?;
    if in_force.declared().contents.hash() != hash {
        bail!(
            "the files under {hash} in the topic {CONTENTS_TOPIC} are not those that this is the hash of: somebody has changed them"
        );
    }
    Ok(in_force)
}

async fn contents(kafka: KafkaSettings, hash: String) -> Result<Option<Contents>> {
    let found = tokio::task::spawn_blocking(move || {
        let mut found = None;
        read::read_undamaged(&kafka, CONTENTS_TOPIC, &BTreeMap::new(), |message| {
            if message.key() == Some(hash.as_bytes()) && found.is_none() {
                found = message.payload().and_then(Contents::parse);
            }
            Ok::<_, quarterday_kafka::Error>(())
        })?;
        Ok::<_, quarterday_kafka::Error>(found)
    });
    Ok(found.await??)
}
