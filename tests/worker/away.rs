//! ClickHouse away for a while: nothing is lost, nothing is counted twice, and the worker goes on by itself.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use quarterday_store::{Settings, Store};
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};

use super::Replay;
use crate::support::shared;

/// A proxy on loopback that can be shut: then it drops connections, those in use too.
struct Door {
    address: SocketAddr,
    open: Arc<AtomicBool>,
}

impl Door {
    async fn before(target: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (address, open) = (listener.local_addr().unwrap(), Arc::new(AtomicBool::new(true)));
        let is_open = Arc::clone(&open);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                if is_open.load(Ordering::SeqCst) {
                    tokio::spawn(pass(client, target.clone(), Arc::clone(&is_open)));
                }
            }
        });
        Door { address, open }
    }

    fn set_open(&self, open: bool) {
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

#[tokio::test(flavor = "multi_thread")]
async fn clickhouse_goes_away_in_the_middle_and_comes_back() {
    let mut replay = Replay::prepare("away", shared::kafka(), shared::registry(), 1).await;
    let target = shared::clickhouse()
        .url
        .trim_start_matches("http://")
        .trim_end_matches('/')
        .to_owned();
    let door = Door::before(target).await;
    let direct = replay.system.store.clone();
    let url = format!("http://{}", door.address);
    let through = Store::new(&Settings {
        url,
        database: "replay_away".to_owned(),
        ..shared::clickhouse()
    });
    replay.system.store = through;
    let worker = replay.worker();
    replay.system.store = direct;
    replay.produce().await;

    let mut counts = worker.counts();
    counts.wait_for(|c| c.batches >= 2).await.unwrap();
    door.set_open(false);
    assert!(
        tokio::time::timeout(Duration::from_secs(1), counts.wait_for(|c| c.batches > 40))
            .await
            .is_err(),
        "the worker cannot have finished while ClickHouse was away"
    );
    door.set_open(true);
    replay.work_off().await;
    replay.check().await;
    worker.stop().await.unwrap();
}
