//! A proxy on loopback before ClickHouse that misbehaves in a chosen way.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, copy};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Mutex, watch};

const LIMIT: Duration = Duration::from_secs(90);

/// How it behaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// As if it were not there.
    Passes,
    /// It closes every connection.
    Refuses,
    /// It takes what comes and never answers.
    Hangs,
    /// It lets a part of each insert through and closes the connection.
    CutsInserts,
    /// It answers 503, as a load balancer does that has no server.
    Unavailable,
}

pub struct Proxy {
    pub address: SocketAddr,
    manner: watch::Sender<Manner>,
    met: watch::Receiver<u32>,
}

impl Proxy {
    pub async fn before(url: &str) -> Self {
        let target = url.trim_start_matches("http://").trim_end_matches('/').to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (manner, seen) = watch::channel(Manner::Passes);
        let (meets, met) = watch::channel(0);
        let meets = Arc::new(meets);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(serve(client, target.clone(), seen.clone(), Arc::clone(&meets)));
            }
        });
        Proxy { address, manner, met }
    }

    /// From now on; connections that are open are closed when it behaves again.
    pub fn behave(&self, manner: Manner) {
        self.manner.send_replace(manner);
    }

    /// Waits until somebody has met so many faults from now on.
    pub async fn met(&self, count: u32) {
        let mut met = self.met.clone();
        let before = *met.borrow();
        let waited = tokio::time::timeout(LIMIT, met.wait_for(|now| *now >= before + count));
        waited.await.expect("somebody meets the fault").unwrap();
    }
}

async fn serve(
    client: TcpStream,
    target: String,
    mut manner: watch::Receiver<Manner>,
    meets: Arc<watch::Sender<u32>>,
) {
    if *manner.borrow_and_update() == Manner::Refuses {
        meets.send_modify(|met| *met += 1);
        return;
    }
    let Ok(server) = TcpStream::connect(target).await else {
        return;
    };
    let (from_client, to_client) = client.into_split();
    let (mut from_server, to_server) = server.into_split();
    let to_client = Mutex::new(to_client);
    let requests = requests(from_client, (to_server, &to_client), manner.clone(), &meets);
    let answers = async {
        let mut to_client = Pipe(&to_client);
        to_client.all(&mut from_server).await;
    };
    // A connection that has met a fault does not survive it.
    let over = async {
        let mut faulty = *manner.borrow() != Manner::Passes;
        while manner.changed().await.is_ok() {
            let now = *manner.borrow_and_update();
            if faulty && now == Manner::Passes {
                return;
            }
            faulty = now != Manner::Passes;
            if now == Manner::Refuses {
                meets.send_modify(|met| *met += 1);
                return;
            }
        }
    };
    tokio::select! {
        () = requests => {}
        () = answers => {}
        () = over => {}
    }
}

/// Answers pass on, chunk by chunk.
struct Pipe<'p>(&'p Mutex<tokio::net::tcp::OwnedWriteHalf>);

impl Pipe<'_> {
    async fn all(&mut self, from: &mut tokio::net::tcp::OwnedReadHalf) {
        let mut buffer = vec![0; 1 << 16];
        while let Ok(length @ 1..) = from.read(&mut buffer).await {
            if self.0.lock().await.write_all(&buffer[..length]).await.is_err() {
                return;
            }
        }
    }
}

async fn requests(
    mut from: tokio::net::tcp::OwnedReadHalf,
    (mut to, back): (
        tokio::net::tcp::OwnedWriteHalf,
        &Mutex<tokio::net::tcp::OwnedWriteHalf>,
    ),
    manner: watch::Receiver<Manner>,
    meets: &watch::Sender<u32>,
) {
    let meet = || meets.send_modify(|met| *met += 1);
    let mut buffer = vec![0; 1 << 16];
    while let Ok(length @ 1..) = from.read(&mut buffer).await {
        let bytes = &buffer[..length];
        let now = *manner.borrow();
        match now {
            Manner::Hangs => {
                let mut manner = manner.clone();
                meet();
                let swallow = async {
                    let _ = copy(&mut from, &mut tokio::io::sink()).await;
                    std::future::pending::<()>().await;
                };
                // It may behave again before anybody else has seen that it did not.
                tokio::select! {
                    () = swallow => {}
                    _ = manner.wait_for(|now| *now == Manner::Passes) => {}
                }
                return;
            }
            Manner::Unavailable => {
                meet();
                let answer =
                    b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
                let _ = back.lock().await.write_all(answer).await;
                return;
            }
            Manner::CutsInserts if is_insert(bytes) => {
                let _ = to.write_all(&bytes[..length - length / 3]).await;
                let _ = to.flush().await;
                meet();
                return;
            }
            Manner::Refuses => return meet(),
            Manner::Passes | Manner::CutsInserts => {}
        }
        if to.write_all(bytes).await.is_err() {
            return;
        }
    }
}

fn is_insert(bytes: &[u8]) -> bool {
    String::from_utf8_lossy(bytes).contains("INSERT")
}
