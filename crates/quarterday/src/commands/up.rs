//! `quarterday up`: the whole system in one process, durable, until stopped.

use anyhow::Result;
use quarterday_embedded::{PortChoice, Ports};

use crate::cli::Up;
use crate::commands::DONE;
use crate::embedded::Running;
use crate::stopping::Signals;

const KAFKA_PORT: u16 = 9092;
const CLICKHOUSE_PORT: u16 = 8123;
const REGISTRY_PORT: u16 = 8081;

pub(super) async fn run(args: Up) -> Result<u8> {
    let running = Running::start_monitored(&args.data_dir, ports(&args)).await?;
    let mut signals = Signals::listen();
    running.embedded().publish(running.metrics())?;
    announce(&running);
    let ended = tokio::select! {
        ended = running.worker_ended() => ended,
        ended = running.freeze_by_schedule() => ended,
        () = signals.received() => Ok(()),
    };
    ended?;
    tracing::info!("stopping");
    running.stop().await?;
    Ok(DONE)
}

/// The one line on stdout says that everything answers; where, goes to the log.
#[expect(clippy::print_stdout, reason = "the line 'ready' is this command's result")]
fn announce(running: &Running) {
    let endpoints = running.embedded().endpoints();
    tracing::info!(
        kafka = %endpoints.kafka,
        clickhouse = %endpoints.clickhouse,
        registry = %endpoints.registry,
        metrics = running.metrics(),
        "everything answers"
    );
    println!("ready");
}

fn ports(args: &Up) -> Ports {
    Ports {
        kafka: choice(args.kafka_port, KAFKA_PORT),
        clickhouse: choice(args.clickhouse_port, CLICKHOUSE_PORT),
        registry: choice(args.registry_port, REGISTRY_PORT),
    }
}

/// A port that was asked for must be free; the usual one gives way to a free one.
fn choice(asked: Option<u16>, usual: u16) -> PortChoice {
    asked.map_or(PortChoice::Default(usual), PortChoice::Exact)
}
