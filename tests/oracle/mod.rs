//! The measures of ClickHouse against an independent model, over random histories. Each case is one history of many
//! partners, which are histories of their own; `QUARTERDAY_ORACLE_CASES` asks for more than the default.

mod history;
mod model;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use jiff::ToSpan;
use proptest::test_runner::{Config, TestCaseError, TestRunner};
use quarterday_events::{Decoder, Encoder, RecordType};
use quarterday_plan::period::Period;
use quarterday_plan::plan::Plan;
use quarterday_store::{Breakdown, Settings, Store, VersionRows};
use serde_json::{Value, json};

use crate::support::shared;
use history::{History, Message, Op, RECORD_TYPES};
use model::Span;

/// Each partner is a history of its own: some 30 messages about a dozen records.
const PARTNERS: usize = 200;
const MESSAGES: usize = 6_000;
const CASES: u32 = 10;
const PERIODS: [&str; 6] = [
    "2014-15/Q1",
    "2014-15/Q2",
    "2014-15/H1",
    "2014-15",
    "2013-14/Q4",
    // Not kept by the materialised views: the same query for free dates.
    "2014-05-10..2014-08-20",
];

#[test]
fn measures_equal_the_oracle_over_random_histories() {
    let cases = std::env::var("QUARTERDAY_ORACLE_CASES")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(CASES);
    let config = Config {
        cases,
        failure_persistence: None,
        max_shrink_iters: 40,
        ..Config::default()
    };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    TestRunner::new(config)
        .run(&history::history(PARTNERS, MESSAGES), |history| {
            runtime.block_on(check(&history)).map_err(TestCaseError::fail)
        })
        .unwrap();
}

/// Loads one history into a database of its own and compares all that readers can ask.
async fn check(history: &History) -> Result<(), String> {
    static DATABASES: AtomicU32 = AtomicU32::new(0);
    let database = format!("oracle_{}", DATABASES.fetch_add(1, Ordering::Relaxed));
    let store = Store::new(&Settings {
        database,
        ..shared::clickhouse()
    });
    let record_types = record_types();
    let partners = (0..PARTNERS)
        .map(|p| format!("\"{}\"", partner(p)))
        .collect::<Vec<_>>()
        .join(", ");
    let plan = Plan::parse(&include_str!("plan.toml").replace("{partners}", &partners)).unwrap();
    store
        .migrate(&record_types, std::slice::from_ref(&plan))
        .await
        .unwrap();
    for batch in &history.arrivals {
        for record_type in record_types.values() {
            let rows = rows(record_type, batch.iter().map(|i| &history.log[*i]));
            store.insert_versions(record_type, &rows).await.unwrap();
        }
    }
    for name in record_types.keys() {
        store.refresh(name).await.unwrap();
    }
    compare_measures(&store, history).await?;
    compare_outcomes(&store, history).await?;
    for database in [store.names().bi(), store.names().store()] {
        store
            .execute("clean up", &format!("DROP DATABASE {database} SYNC"))
            .await
            .unwrap();
    }
    Ok(())
}

async fn compare_measures(store: &Store, history: &History) -> Result<(), String> {
    let live = model::live(&history.log);
    for period in PERIODS {
        let period: Period = period.parse().unwrap();
        let span = Span {
            first: period.first(),
            last: period.last(),
        };
        for by in [Breakdown::Total, Breakdown::Partner, Breakdown::Ward] {
            let rows = store.measures(&period, None, by).await.unwrap();
            let mut seen = BTreeSet::new();
            for row in rows {
                let key = row.partner.clone().or(row.ward.clone()).unwrap_or_default();
                let records: Vec<&Message> = live.iter().copied().filter(|m| belongs(m, by, &key)).collect();
                let expected = model::value(&row.id, &records, span);
                if row.value != expected {
                    return Err(format!(
                        "{} {period} {key}: {:?}, the oracle says {expected:?}",
                        row.id, row.value
                    ));
                }
                seen.insert((row.id, key));
            }
            missing_is_nothing(&live, by, span, &seen)?;
        }
    }
    Ok(())
}

/// A ward or partner without a row has nothing to show.
fn missing_is_nothing(
    live: &[&Message],
    by: Breakdown,
    span: Span,
    seen: &BTreeSet<(String, String)>,
) -> Result<(), String> {
    let keys: Vec<String> = match by {
        Breakdown::Total => vec![String::new()],
        Breakdown::Partner => (0..PARTNERS).map(partner).collect(),
        Breakdown::Ward => (0..3).map(ward).collect(),
    };
    for id in 1..=8 {
        for key in &keys {
            let id = format!("O{id}");
            let records: Vec<&Message> = live.iter().copied().filter(|m| belongs(m, by, key)).collect();
            let value = model::value(&id, &records, span);
            if value.is_some_and(|v| v != 0.0) && !seen.contains(&(id.clone(), key.clone())) {
                return Err(format!("{id} {key}: no row, the oracle says {value:?}"));
            }
        }
    }
    Ok(())
}

async fn compare_outcomes(store: &Store, history: &History) -> Result<(), String> {
    let expected: BTreeMap<(u32, u64), &str> = history
        .log
        .iter()
        .zip(model::outcomes(&history.log))
        .map(|(m, outcome)| ((m.partition, m.offset), outcome.as_str()))
        .collect();
    let mut found = 0;
    for record_type in RECORD_TYPES {
        let sql = format!(
            "SELECT kafka_partition, kafka_offset, outcome FROM {}.outcomes_{record_type}",
            store.names().store()
        );
        let rows: Vec<Value> = store.rows("read outcomes", &sql, &[]).await.unwrap();
        for row in rows {
            let place = (
                row["kafka_partition"].as_u64().unwrap() as u32,
                row["kafka_offset"].as_u64().unwrap(),
            );
            let outcome = row["outcome"].as_str().unwrap();
            if expected[&place] != outcome {
                return Err(format!(
                    "{place:?} is {outcome}, the oracle says {}",
                    expected[&place]
                ));
            }
            found += 1;
        }
    }
    (found == expected.len())
        .then_some(())
        .ok_or(format!("{found} outcomes of {}", expected.len()))
}

fn belongs(m: &Message, by: Breakdown, key: &str) -> bool {
    match by {
        Breakdown::Total => true,
        Breakdown::Partner => partner(m.partner) == key,
        Breakdown::Ward => m.body.ward.is_some_and(|w| ward(w.into()) == key),
    }
}

fn partner(number: usize) -> String {
    format!("PARTNER_{number:03}")
}

fn ward(number: usize) -> String {
    format!("E0500513{number}")
}

fn record_types() -> BTreeMap<String, Arc<RecordType>> {
    let schemas = [
        (
            "cctv_incident",
            include_str!("../../schemas/avro/cctv_incident.avsc"),
        ),
        ("referral", include_str!("../../schemas/avro/referral.avsc")),
        ("order", include_str!("../../schemas/avro/order.avsc")),
    ];
    schemas
        .map(|(name, avsc)| (name.to_owned(), Arc::new(RecordType::parse(name, avsc).unwrap())))
        .into()
}

/// The version rows of those messages that are of this record type.
fn rows<'m>(record_type: &RecordType, messages: impl Iterator<Item = &'m Message>) -> VersionRows {
    let encoder = Encoder::new(record_type);
    let decoder = Decoder::compile(record_type.schema(), record_type).unwrap();
    let mut rows = VersionRows::new("returns.oracle", record_type);
    for m in messages.filter(|m| m.record_type == record_type.name()) {
        decoder
            .decode(&encoder.encode(&json_of(m)).unwrap(), &mut rows.columns)
            .unwrap();
        rows.partitions.push(m.partition);
        rows.offsets.push(m.offset);
        rows.times_ms.push(0);
    }
    rows
}

fn json_of(m: &Message) -> Value {
    let body = match (m.op, m.record_type) {
        (Op::Withdraw, _) => Value::Null,
        (_, "cctv_incident") => cctv(m),
        (_, "referral") => referral(m),
        _ => order(m),
    };
    json!({
        "feed": "oracle", "partner": partner(m.partner), "ref": format!("R{}", m.reference),
        "op": match m.op { Op::Submit => "SUBMIT", Op::Amend => "AMEND", Op::Withdraw => "WITHDRAW" },
        "version": m.version, "reason": (m.op == Op::Withdraw).then_some("ERROR"),
        "sent_at": format!("2015-01-01T00:{:02}:00Z", m.sent_minute), "return_id": m.sent_minute.to_string(),
        "district": if m.body.home { "E07000116" } else { "E07000115" },
        "ward": m.body.ward.map(|w| ward(w.into())), "body": body,
    })
}

fn cctv(m: &Message) -> Value {
    json!({
        "occurred_at": m.body.at.to_string(), "incident_type": if m.body.violent { "VIOLENCE" } else { "ASB" },
        "instigated_by": "POLICE", "monitored": m.body.monitored, "arrests": m.body.amount, "camera_area": "TC",
    })
}

fn referral(m: &Message) -> Value {
    json!({
        "to_service": "DAVSS", "from_agency": "SELF", "basis": if m.body.tally { "TALLY" } else { "PERSON" },
        "subject_pid": m.body.person.map(pid), "headcount": if m.body.tally { m.body.amount } else { 1 },
        "approximate": m.body.tally, "subject_kind": "PERSON", "sex": "U", "age_band": "UNK", "repeat": false,
        "referred_on": m.body.day.to_string(), "risk": null, "risk_at_dealt": null, "risk_tool": "NONE",
        "ticks": null, "status": "RECEIVED", "dealt_on": null, "closed_on": null,
    })
}

fn order(m: &Message) -> Value {
    let after = |days: Option<i32>| days.map(|d| m.body.day.saturating_add(d.days()).to_string());
    json!({
        "order_type": "PUBWATCH_EXCLUSION", "subject_pid": pid(m.body.person.unwrap_or(('P', 9))),
        "issued_by": "STP", "issued_on": m.body.day.to_string(), "start_on": m.body.day.to_string(),
        "end_on": after(m.body.end_after), "lifted_on": after(m.body.lifted_after), "interim": false,
        "basis": "VIOLENCE", "adult": true, "authorisation_ref": null, "in_acz": false, "cctv_monitored": false,
    })
}

fn pid((domain, number): (char, u8)) -> String {
    format!("{domain}1-{number:032x}")
}
