//! Programs that are not ours against the embedded parts: a partner's producer and an analyst's reader, both in Python.

use std::fs;
use std::path::Path;
use std::time::Duration;

use quarterday::bench::or_skip;
use quarterday::bench::python::Python;
use serde_json::{Value, json};

use crate::support::{Program, wait_until};

const PRODUCE: &str = include_str!("produce_avro.py");
const READ: &str = include_str!("read_measures.py");
const LIMIT: Duration = Duration::from_secs(60);

/// 1 May 2015, noon in London; all records of the test lie in 2015-16/Q1.
const MAY_DAY: i64 = 1_430_478_000_000;
const INCIDENTS: i64 = 300;

fn incident(number: i64) -> Value {
    json!({
        "feed": "cctv-incidents",
        "partner": "TWBC_CCTV",
        "ref": format!("PY-{number}"),
        "op": "SUBMIT",
        "version": 1,
        "reason": null,
        "sent_at": MAY_DAY + 3_600_000,
        "return_id": "",
        "district": "E07000116",
        "ward": null,
        "body": {
            "occurred_at": MAY_DAY + number * 60_000,
            "incident_type": if number % 3 == 0 { "VIOLENCE" } else { "SHOPLIFTING" },
            "instigated_by": if number % 5 == 0 { "PUBWATCH_RADIO" } else { "POLICE" },
            "monitored": true,
            "arrests": 0,
            "camera_area": "HIGH-ST",
        }
    })
}

fn produce(python: &Python, endpoints: &Value, directory: &Path) -> Value {
    let records = directory.join("records.ndjson");
    let lines: Vec<String> = (0..INCIDENTS)
        .map(|number| incident(number).to_string())
        .collect();
    fs::write(&records, lines.join("\n")).unwrap();
    let schema = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../schemas/avro/cctv_incident.avsc"
    );
    let (kafka, registry) = (
        endpoints["kafka"].as_str().unwrap(),
        endpoints["registry"].as_str().unwrap(),
    );
    let arguments = [
        kafka,
        registry,
        "returns.cctv-incidents",
        schema,
        records.to_str().unwrap(),
    ];
    serde_json::from_str(&python.run(PRODUCE, &arguments).unwrap()).unwrap()
}

fn read(python: &Python, endpoints: &Value) -> Value {
    let url = endpoints["clickhouse"].as_str().unwrap();
    let (host, port) = url.trim_start_matches("http://").rsplit_once(':').unwrap();
    let printed = python.run(READ, &[host, port, "bi", "", "2015-16/Q1"]).unwrap();
    serde_json::from_str(&printed).unwrap()
}

fn value(read: &Value, id: &str) -> Option<f64> {
    let measures = read["measures"].as_array().unwrap();
    measures
        .iter()
        .find(|measure| measure["id"] == id)
        .and_then(|measure| measure["value"].as_f64())
}

#[test]
fn a_python_producer_feeds_and_a_python_reader_sees_measures_and_nothing_else() {
    let Some(python) = or_skip("Python clients", Python::ready()) else {
        return;
    };
    let directory = tempfile::tempdir().unwrap();
    let data = directory.path().join("data");
    let running = Program::new(["up", "--data-dir", data.to_str().unwrap()]).start_until("ready");
    let endpoints: Value = serde_json::from_slice(&fs::read(data.join("endpoints.json")).unwrap()).unwrap();

    assert_eq!(
        produce(&python, &endpoints, directory.path())["delivered"],
        INCIDENTS
    );
    wait_until("the measure of violence on CCTV", LIMIT, || {
        value(&read(&python, &endpoints), "P3.04") == Some(100.0)
    });
    let seen = read(&python, &endpoints);
    assert_eq!(value(&seen, "P3.02"), Some(60.0), "{seen}");

    let databases = seen["databases"].as_array().unwrap();
    assert!(databases.contains(&json!("quarterday")), "{databases:?}");
    assert!(!databases.contains(&json!("quarterday_store")), "{databases:?}");
    for (statement, refusal) in seen["refused"].as_object().unwrap() {
        assert!(refusal.is_string(), "let through: {statement}");
    }
    running.stop();
}
