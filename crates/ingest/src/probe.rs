//! The probe: a message that this software sends to itself, the whole way that a return takes, to see how long it takes.
//!
//! Its record type and feed are built in and go beside those of the files: in a topic of their own, decoded, checked, inserted and
//! noted like others, so that the books of that topic balance like those of others. Plan files cannot name the record type, so nothing
//! is counted from it. All probes are versions of one record: they take a few bytes each, and no measure reads them.

mod sending;

use jiff::Timestamp;
use quarterday_events::{Judge, RecordType};
use quarterday_plan::codes::CodeLists;
use quarterday_plan::feeds::{CsvMapping, DistrictRule, Feed, PartnerRule};
use serde_json::{Value, json};

pub(crate) use sending::Probing;

use crate::CatalogueError;

/// The record type, and the feed.
pub const NAME: &str = "probe";
/// Where probes go.
pub(crate) const TOPIC: &str = "quarterday.probe";
/// The Avro schema, as JSON.
pub(crate) const SCHEMA: &str = include_str!("probe/probe.avsc");

/// Who sends it: no partner of any plan.
const PARTNER: &str = "QUARTERDAY";
const REFERENCE: &str = "PROBE";

/// The lists that a schema must name. Those of the code file may be called otherwise.
const CODES: &str = r#"
[[list]]
name = "ward"
title = "No ward"
version = "1"
source = "built in"
codes = ["NONE"]

[[list]]
name = "withdraw_reason"
title = "No reason"
version = "1"
source = "built in"
codes = ["NONE"]
"#;

pub(crate) fn feed() -> Feed {
    Feed {
        name: NAME.to_owned(),
        title: "Probes of this software".to_owned(),
        partner: PartnerRule::Only(PARTNER.to_owned()),
        record_type: NAME.to_owned(),
        topic: TOPIC.to_owned(),
        district: DistrictRule::Optional,
        derivations: Vec::new(),
        checks: Vec::new(),
        csv: CsvMapping::default(),
    }
}

pub(crate) fn record_type() -> Result<RecordType, CatalogueError> {
    RecordType::parse(NAME, SCHEMA).map_err(|source| CatalogueError::Schema {
        record_type: NAME.to_owned(),
        source,
    })
}

pub(crate) fn judge(record_type: &RecordType) -> Result<Judge, CatalogueError> {
    let codes = CodeLists::parse(CODES).map_err(|source| CatalogueError::File {
        file: "code lists of the probe".to_owned(),
        source,
    })?;
    Judge::new(record_type, &feed(), &codes).map_err(|source| CatalogueError::Judge {
        feed: NAME.to_owned(),
        record_type: NAME.to_owned(),
        source,
    })
}

/// The probe of an instant.
fn record(now: Timestamp) -> Value {
    json!({
        "feed": NAME,
        "partner": PARTNER,
        "ref": REFERENCE,
        "op": "SUBMIT",
        "version": (now.as_second() / 60).max(1),
        "sent_at": now.to_string(),
        "body": {},
    })
}

#[cfg(test)]
mod tests {
    use quarterday_events::{Columns, Decoder, Encoder};

    use super::*;
    use crate::Catalogue;

    #[test]
    fn it_is_worked_off_like_others_and_no_plan_or_person_sees_it() -> Result<(), CatalogueError> {
        let catalogue = Catalogue::new("", "", &[])?;
        assert_eq!(catalogue.topics(), [TOPIC]);
        assert!(catalogue.record_types().contains_key(NAME));
        assert!(!catalogue.known().fields.contains_key(NAME));
        assert!(catalogue.feed(NAME).is_none() && catalogue.feed_names().is_empty());
        assert_eq!(catalogue.returned().count(), 0);
        Ok(())
    }

    #[test]
    fn its_name_cannot_be_used_by_files() {
        let error = Catalogue::new("", "", &[(NAME, SCHEMA)]).err();
        assert_eq!(
            error.map(|error| error.to_string()).unwrap_or_default(),
            "a record type is called probe, as the built-in one is: choose another name"
        );
    }

    #[test]
    fn a_probe_passes_the_checks_of_its_feed() -> Result<(), Box<dyn std::error::Error>> {
        let record_type = record_type()?;
        let datum = Encoder::new(&record_type).encode(&record(Timestamp::now()))?;
        let mut rows = Columns::new(&record_type);
        Decoder::compile(record_type.schema(), &record_type)?.decode(&datum, &mut rows)?;
        assert_eq!(judge(&record_type)?.judge(&mut rows)?.count(), 0);
        Ok(())
    }
}
