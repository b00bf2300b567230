//! A proxy on loopback before ClickHouse that stops one chosen insert at one chosen moment, and says so.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, watch};

/// When the connection is held, for ever if nothing else is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// Nothing of the insert reaches ClickHouse.
    BeforeItArrives,
    /// ClickHouse has carried it out, and the worker does not hear of it.
    BeforeTheAnswer,
    /// It reaches ClickHouse when the trap is released, whatever has happened meanwhile.
    UntilReleased,
}

/// What a statement has in it that springs the trap, and when.
type Armed = Arc<Mutex<Option<(Vec<String>, Moment)>>>;

/// How the trap tells those who wait for it, and is told.
#[derive(Clone)]
struct Signs {
    armed: Armed,
    sprung: mpsc::Sender<()>,
    is_released: watch::Receiver<bool>,
}

pub struct Trap {
    pub address: SocketAddr,
    armed: Armed,
    released: watch::Sender<bool>,
}

impl Trap {
    /// A trap before the ClickHouse at this URL; each time it springs it sends on the channel.
    pub async fn before(url: &str, sprung: mpsc::Sender<()>) -> Self {
        let target = url.trim_start_matches("http://").trim_end_matches('/').to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let armed = Armed::default();
        let (released, is_released) = watch::channel(false);
        let signs = Signs {
            armed: Arc::clone(&armed),
            sprung,
            is_released,
        };
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let server = TcpStream::connect(&target).await.unwrap();
                tokio::spawn(pass(client, server, signs.clone()));
            }
        });
        Trap {
            address,
            armed,
            released,
        }
    }

    /// Springs once, at the next insert into a table whose name begins so.
    pub fn set(&self, table: &str, moment: Moment) {
        self.set_for(&["INSERT", &format!("_store.{table}")], moment);
    }

    /// Springs once, at the next statement that has all of this in it or in its URL.
    pub fn set_for(&self, fragments: &[&str], moment: Moment) {
        let fragments = fragments.iter().map(|fragment| (*fragment).to_owned());
        *self.armed.lock().unwrap() = Some((fragments.collect(), moment));
    }

    /// What it holds until then goes on its way.
    pub fn release(&self) {
        self.released.send_replace(true);
    }
}

async fn pass(client: TcpStream, server: TcpStream, signs: Signs) {
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    let (caught, is_caught) = tokio::sync::watch::channel(false);
    let sprung = signs.sprung.clone();
    let requests = requests(from_client, to_server, caught, signs);
    tokio::join!(requests, answers(from_server, to_client, is_caught, sprung));
}

async fn requests(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    caught: watch::Sender<bool>,
    mut signs: Signs,
) {
    let mut buffer = vec![0; 1 << 16];
    while let Ok(length @ 1..) = from.read(&mut buffer).await {
        match springs(&signs.armed, &buffer[..length]) {
            Some(Moment::BeforeItArrives) => {
                let _ = signs.sprung.send(()).await;
                return std::future::pending().await;
            }
            Some(Moment::UntilReleased) => {
                let _ = signs.sprung.send(()).await;
                let _ = signs.is_released.wait_for(|released| *released).await;
            }
            Some(Moment::BeforeTheAnswer) => {
                let _ = caught.send(true);
            }
            None => {}
        }
        if to.write_all(&buffer[..length]).await.is_err() {
            return;
        }
    }
}

async fn answers(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    is_caught: watch::Receiver<bool>,
    sprung: mpsc::Sender<()>,
) {
    let mut buffer = vec![0; 1 << 16];
    while let Ok(length @ 1..) = from.read(&mut buffer).await {
        if *is_caught.borrow() {
            let _ = sprung.send(()).await;
            return std::future::pending().await;
        }
        if to.write_all(&buffer[..length]).await.is_err() {
            return;
        }
    }
}

/// Takes the trap's setting if these bytes hold the statement that it waits for: in the URL, where rows are in the body, or
/// in the body.
fn springs(armed: &Armed, bytes: &[u8]) -> Option<Moment> {
    let mut armed = armed.lock().unwrap();
    let text = String::from_utf8_lossy(bytes).replace('`', "").replace("%60", "");
    let (fragments, _) = armed.as_ref()?;
    let is_it = fragments.iter().all(|fragment| text.contains(fragment.as_str()));
    if is_it {
        armed.take().map(|(_, moment)| moment)
    } else {
        None
    }
}
