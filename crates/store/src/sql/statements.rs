//! The statements that a small plan leads to, as they are sent.

use std::collections::BTreeMap;
use std::sync::Arc;

use quarterday_events::RecordType;
use quarterday_plan::plan::Plan;

use crate::Names;
use crate::declared::Declared;
use crate::migrate;

const PLAN: &str = r#"
[plan]
id = "small"
title = "Small plan"
year = "2015-16"
district = "E07000116"
source = "none"

[[measure]]
id = "M1"
action = "M1"
wording = "incidents"
responsible = ["Council"]
title = "Incidents"
returned_by = ["TWBC_CCTV"]
kind = "event_count"
record_type = "cctv_incident"
filter = "incident_type = 'VIOLENCE' AND monitored"
date = "occurred_at"
unit = "incidents"
polarity = "neutral"
sensitivity = "none"
version = 1
valid_from = "2015-04-01"

[[measure]]
id = "M2"
action = "M2"
wording = "arrests"
responsible = ["Council"]
title = "Arrests"
returned_by = ["TWBC_CCTV"]
kind = "sum"
amount = "arrests"
record_type = "cctv_incident"
date = "occurred_at"
unit = "arrests"
polarity = "neutral"
sensitivity = "none"
version = 1
valid_from = "2015-04-01"
"#;

fn statements() -> Vec<String> {
    let schema = include_str!("../../../../schemas/avro/cctv_incident.avsc");
    let record_type = RecordType::parse("cctv_incident", schema).unwrap();
    let record_types = BTreeMap::from([("cctv_incident".to_owned(), Arc::new(record_type))]);
    let declared = Declared {
        record_types,
        plans: vec![Plan::parse(PLAN).unwrap()],
        ..Declared::default()
    };
    migrate::statements(&Names::new("quarterday"), &declared)
}

#[test]
fn the_statements_of_a_small_plan() {
    insta::assert_snapshot!(statements().join(";\n\n"));
}
