//! `quarterday up`, watched: metrics, health, and the probe.

use std::fs;
use std::net::TcpListener;
use std::path::Path;
use std::time::Duration;

use quarterday_kafka::watermarks::{self, Contents, Watermark};
use quarterday_kafka::{KafkaSettings, MessageFields as _, read};
use serde_json::Value;

use crate::support::{Program, Running, http, wait_until};

const LIMIT: Duration = Duration::from_secs(90);
/// Rows of schemas/examples/cctv-incidents.csv.
const EXAMPLES: f64 = 9.0;

fn configured(settings: &str) -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("quarterday.toml"), settings).unwrap();
    directory
}

fn up(directory: &Path) -> Running {
    Program::new(["up", "--data-dir", directory.to_str().unwrap()]).start_until("ready")
}

fn endpoints(directory: &Path) -> Value {
    serde_json::from_slice(&fs::read(directory.join("endpoints.json")).unwrap()).unwrap()
}

fn push(directory: &Path, feed: &str, file: &str) -> Program {
    let path = directory.to_str().unwrap();
    Program::new(["push", feed, file, "--data-dir", path, "--format", "json"])
}

/// Rows that a query of the store's tables gives, counted.
fn count(clickhouse: &Value, from: &str) -> String {
    let query = format!("SELECT count() FROM quarterday_store.{from}")
        .replace(' ', "%20")
        .replace('\'', "%27");
    let (status, body) = http::get(clickhouse.as_str().unwrap(), &format!("/?query={query}")).unwrap();
    assert_eq!(status, 200, "{body}");
    body.trim().to_owned()
}

#[test]
fn what_is_pushed_is_counted_and_a_probe_measures_the_way() {
    let directory = configured("[metrics]\nlisten = \"127.0.0.1:0\"\nprobe_ms = 1000\n");
    let running = up(directory.path());
    let endpoints = endpoints(directory.path());
    let url = endpoints["metrics"].as_str().unwrap();
    wait_until("the worker to be ready", LIMIT, || {
        http::get(url, "/readyz").is_some_and(|(status, _)| status == 200)
    });
    assert_eq!(
        http::get(url, "/healthz"),
        Some((200, "{\"status\":\"ok\"}".to_owned()))
    );
    assert_eq!(http::get(url, "/").unwrap().0, 404);

    let examples = format!(
        "{}/../../schemas/examples/cctv-incidents.csv",
        env!("CARGO_MANIFEST_DIR")
    );
    push(directory.path(), "cctv-incidents", &examples).json();
    let bad = directory.path().join("bad.json");
    fs::write(
        &bad,
        r#"[{"partner": "TWBC_CCTV", "ref": "B1", "op": "SUBMIT", "version": 0, "sent_at": "2015-05-01T12:00:00Z",
             "occurred_at": "2015-05-01T11:00:00Z", "incident_type": "VIOLENCE", "instigated_by": "POLICE",
             "monitored": true, "arrests": 0, "camera_area": "HIGH-ST"}]"#,
    )
    .unwrap();
    push(directory.path(), "cctv-incidents", bad.to_str().unwrap()).differs();
    for (name, expected) in [
        (
            "quarterday_messages_consumed_total{feed=\"cctv-incidents\"}",
            EXAMPLES + 1.0,
        ),
        (
            "quarterday_messages_accepted_total{feed=\"cctv-incidents\"}",
            EXAMPLES,
        ),
        (
            "quarterday_messages_quarantined_total{feed=\"cctv-incidents\"}",
            1.0,
        ),
        ("quarterday_quarantine_reasons_total{reason=\"bad-version\"}", 1.0),
        (
            "quarterday_messages_accepted_total{feed=\"pubwatch-exclusions\"}",
            0.0,
        ),
        ("quarterday_refreshes_failed_total", 0.0),
        ("quarterday_healthy", 1.0),
        ("quarterday_ready", 1.0),
    ] {
        // A batch is counted when its offsets are committed, which is after its rows can be read.
        wait_until(name, LIMIT, || http::value(url, name) == expected);
    }
    assert!(http::value(url, "quarterday_batch_seconds_count") >= 2.0);
    assert!(http::value(url, "quarterday_measure_freshness_seconds") < 60.0);

    is_told_in_kafka(endpoints["kafka"].as_str().unwrap());
    let probes = "quarterday_push_to_measure_seconds_count";
    wait_until("two probes", LIMIT, || http::value(url, probes) >= 2.0);
    assert!(http::value(url, "quarterday_push_to_measure_seconds_sum") > 0.0);
    assert_eq!(
        count(
            &endpoints["clickhouse"],
            "contributions WHERE record_type = 'probe'"
        ),
        "0"
    );
    assert_eq!(
        count(
            &endpoints["clickhouse"],
            "measure_cells FINAL WHERE record_type = 'probe' AND level != 'refresh'"
        ),
        "0"
    );
    let refused = push(directory.path(), "probe", &examples).fails();
    assert!(refused.contains("no feed probe"), "{refused}");
    running.stop();
}

/// Of the refresh that has all of them the topic has the watermark, and of what it was made by the contents.
fn is_told_in_kafka(kafka: &str) {
    let kafka = KafkaSettings::new(kafka);
    let values = |topic: &str| {
        let mut values = Vec::new();
        read::read_to_end(&kafka, topic, |message| {
            values.push(message.payload().unwrap_or_default().to_vec());
            Ok::<_, quarterday_kafka::Error>(())
        })
        .unwrap();
        values
    };
    let told = || {
        let told = values(watermarks::TOPIC);
        let mut told = told.iter().filter_map(|value| Watermark::parse(value));
        told.rfind(|told| told.record_type == "cctv_incident")
    };
    let messages = |told: &Watermark| {
        let of_feed = told
            .watermark
            .iter()
            .filter(|(place, _)| place.starts_with("returns.cctv-incidents/"));
        of_feed.map(|(_, next)| *next).sum::<u64>()
    };
    wait_until("all incidents in a watermark in Kafka", LIMIT, || {
        told().is_some_and(|told| messages(&told) == 10)
    });
    let made_by = told().unwrap().contents;
    let contents = values(watermarks::CONTENTS_TOPIC);
    let contents = contents.iter().filter_map(|value| Contents::parse(value));
    assert!(contents.map(|contents| contents.hash).any(|hash| hash == made_by));
}

#[test]
fn a_port_that_is_taken_is_said_and_metrics_can_be_off() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap();
    let directory = configured(&format!("[metrics]\nlisten = \"{address}\"\n"));
    let refused = Program::new(["up", "--data-dir", directory.path().to_str().unwrap()]).fails();
    assert!(
        refused.contains(&format!("cannot serve metrics on {address}")),
        "{refused}"
    );

    fs::write(
        directory.path().join("quarterday.toml"),
        "[metrics]\nlisten = \"off\"\n",
    )
    .unwrap();
    let running = up(directory.path());
    assert_eq!(endpoints(directory.path()).get("metrics"), None);
    running.stop();
}
