//! What a worker process on Apache Kafka says of itself: its metrics, its probe, and what it lacks while something is away.

use std::net::TcpListener;
use std::time::Duration;

use super::field::{Field, Verdict};
use super::kafka::start;
use crate::support::{http, shared, wait_until};
use crate::worker::Broker;

const PARTNERS: usize = 4;
const LIMIT: Duration = Duration::from_secs(120);

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_says_what_it_has_done_and_what_it_lacks() {
    let Some(mut kafka) = start(1) else { return };
    let broker = Broker::new("apache_told", kafka.settings(), 1);
    let mut field = Field::prepare("told", &broker, 10, PARTNERS).await;
    let clickhouse = shared::clickhouse_address();
    let listen = free_address();
    let worker = field.worker_with(
        &clickhouse,
        &format!("[metrics]\nlisten = '{listen}'\nprobe_ms = 1000\n"),
    );
    let url = format!("http://{listen}");
    becomes(&url, 200, "");
    let part = field.traffic.left();
    field.traffic.produce(part).await;
    field.recovered().await;
    let accepted = "quarterday_messages_accepted_total{feed=\"oracle-arrest\"}";
    tokio::task::block_in_place(|| {
        wait_until("metrics of what was accepted", LIMIT, || {
            http::value(&url, accepted) > 0.0
        });
        wait_until("two probes", LIMIT, || {
            http::value(&url, "quarterday_push_to_measure_seconds_count") >= 2.0
        });
    });

    migration(&field, true).await;
    becomes(&url, 503, "migration");
    migration(&field, false).await;
    becomes(&url, 200, "");

    tokio::task::block_in_place(|| kafka.stop_broker(0)).unwrap();
    becomes(&url, 503, "Kafka has not answered");
    assert_eq!(
        http::get(&url, "/healthz").unwrap().0,
        200,
        "it is alive all the same"
    );
    tokio::task::block_in_place(|| kafka.restart_broker(0)).unwrap();
    becomes(&url, 200, "");
    field.recovered().await;
    assert_eq!(field.check().await, Verdict::default());
    tokio::task::block_in_place(|| worker.stop());
}

fn free_address() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().to_string()
}

/// Waits for this answer to whether it is ready.
fn becomes(url: &str, wanted: u16, reason: &str) {
    tokio::task::block_in_place(|| {
        wait_until(&format!("/readyz to be {wanted} {reason}"), LIMIT, || {
            http::get(url, "/readyz").is_some_and(|(status, body)| status == wanted && body.contains(reason))
        });
    });
}

async fn migration(field: &Field, is_under_way: bool) {
    let store = &field.system.store;
    let sql = format!(
        "INSERT INTO {}.migrations (is_under_way) VALUES ({is_under_way})",
        store.names().store()
    );
    store.execute("note a migration", &sql).await.unwrap();
}
