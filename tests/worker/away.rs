//! ClickHouse away for a while: nothing is lost, nothing is counted twice, and the worker goes on by itself.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use quarterday_store::{Settings, Store};
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use super::Replay;
use super::replay::Broker;
use crate::support::shared;

const LIMIT: Duration = Duration::from_secs(60);

/// A proxy on loopback that can be shut: then it drops connections, those in use too.
pub struct Door {
    pub address: SocketAddr,
    open: Arc<AtomicBool>,
    refused: watch::Receiver<u32>,
}

impl Door {
    pub async fn before(target: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (address, open) = (listener.local_addr().unwrap(), Arc::new(AtomicBool::new(true)));
        let is_open = Arc::clone(&open);
        let (refusals, refused) = watch::channel(0);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                if is_open.load(Ordering::SeqCst) {
                    tokio::spawn(pass(client, target.clone(), Arc::clone(&is_open)));
                } else {
                    refusals.send_modify(|count| *count += 1);
                }
            }
        });
        Door {
            address,
            open,
            refused,
        }
    }

    /// Waits until so many connections were refused.
    async fn refused(&self, count: u32) {
        let mut refused = self.refused.clone();
        let limit = tokio::time::timeout(LIMIT, refused.wait_for(|n| *n >= count));
        limit.await.expect("the worker tries again").unwrap();
    }

    pub fn set_open(&self, open: bool) {
        self.open.store(open, Ordering::SeqCst);
    }
}

async fn pass(mut client: TcpStream, target: String, open: Arc<AtomicBool>) {
    let Ok(mut server) = TcpStream::connect(target).await else {
        return;
    };
    let shut = async {
        let mut looks = tokio::time::interval(Duration::from_millis(5));
        while open.load(Ordering::SeqCst) {
            looks.tick().await;
        }
    };
    tokio::select! {
        _ = copy_bidirectional(&mut client, &mut server) => {}
        () = shut => {}
    }
}

pub async fn comes_back(broker: &Broker) {
    let name = broker.named("away");
    let mut replay = Replay::prepare(&name, broker).await;
    let target = shared::clickhouse_address();
    let door = Door::before(target).await;
    let direct = replay.system.store.clone();
    let url = format!("http://{}", door.address);
    let through = Store::new(&Settings {
        url,
        database: format!("replay_{name}"),
        ..shared::clickhouse()
    });
    replay.system.store = through;
    // So soon that it comes to pausing the partitions.
    let worker = replay.worker_with(|settings| settings.pause_after_ms = 50);
    replay.system.store = direct;
    replay.produce().await;

    let mut counts = worker.counts();
    counts.wait_for(|c| c.batches >= 2).await.unwrap();
    door.set_open(false);
    // The retries have begun: the worker has met the shut door, and whatever was on its way has come to its end.
    door.refused(5).await;
    let stuck = *counts.borrow();
    door.refused(8).await;
    assert_eq!(
        *counts.borrow(),
        stuck,
        "nothing is written while ClickHouse is away"
    );
    assert!(stuck.accepted > 0 && replay.backlog().await > 0, "{stuck:?}");
    door.set_open(true);
    replay.work_off().await;
    replay.check().await;
    worker.stop().await.unwrap();
}
