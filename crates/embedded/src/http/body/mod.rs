//! The way of a request's body from the network to a thread of the engine, without holding it whole.
//!
//! Contract: a body that ends before its end is an error for whoever reads it, never an end: what was inserted from
//! it must not be committed.

pub(super) mod decode;
pub(super) mod frames;
mod lz4_walk;

use std::{
    io::{self, BufRead, Read},
    time::Duration,
};

use axum::body::{Body, BodyDataStream};
use bytes::{Buf, Bytes};
use futures::StreamExt;
use tokio::sync::mpsc;

/// Pieces under way between network and engine.
const PIECES: usize = 8;

/// Bytes that are read and thrown away when the engine has refused a request, so that a client that is still sending
/// comes to read the reason.
const DRAINED: usize = 64 << 20;

/// How long such a client may take.
const DRAIN_TIME: Duration = Duration::from_secs(10);

enum Piece {
    Data(Bytes),
    End,
}

/// The sending end: feeds the body in as the reader takes it.
pub(super) struct Pump {
    stream: BodyDataStream,
    sender: mpsc::Sender<Piece>,
    idle: Duration,
}

/// The reading end, for a thread that may block.
pub(super) struct Pipe {
    receiver: mpsc::Receiver<Piece>,
    piece: Bytes,
    ended: bool,
}

/// Joins a body to a reader. `idle` is how long the client may be silent within its body.
pub(super) fn pipe(body: Body, idle: Duration) -> (Pump, Pipe) {
    let (sender, receiver) = mpsc::channel(PIECES);
    let pump = Pump {
        stream: body.into_data_stream(),
        sender,
        idle,
    };
    (
        pump,
        Pipe {
            receiver,
            piece: Bytes::new(),
            ended: false,
        },
    )
}

impl Pump {
    /// Runs until the body has ended or broken, or its reader wants no more.
    pub(super) async fn run(mut self) {
        loop {
            let piece = match tokio::time::timeout(self.idle, self.stream.next()).await {
                Ok(Some(Ok(data))) => Piece::Data(data),
                Ok(None) => Piece::End,
                // Dropping the sender without an end tells the reader that the body broke off.
                Ok(Some(Err(_))) | Err(_) => return,
            };
            let ended = matches!(piece, Piece::End);
            if self.sender.send(piece).await.is_err() {
                let _ = tokio::time::timeout(DRAIN_TIME, drain(self.stream)).await;
                return;
            }
            if ended {
                return;
            }
        }
    }
}

async fn drain(mut stream: BodyDataStream) {
    let mut drained = 0;
    while let Some(Ok(data)) = stream.next().await {
        drained += data.len();
        if drained > DRAINED {
            return;
        }
    }
}

impl BufRead for Pipe {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        while self.piece.is_empty() && !self.ended {
            match self.receiver.blocking_recv() {
                Some(Piece::Data(data)) => self.piece = data,
                Some(Piece::End) => self.ended = true,
                None => {
                    return Err(io::Error::new(
                        io::ErrorKind::UnexpectedEof,
                        "it was cut off by the client",
                    ));
                }
            }
        }
        Ok(&self.piece)
    }

    fn consume(&mut self, count: usize) {
        self.piece.advance(count.min(self.piece.len()));
    }
}

impl Read for Pipe {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = self.fill_buf()?.read(into)?;
        self.consume(count);
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pieces: Vec<io::Result<&'static str>>) -> io::Result<String> {
        let body = Body::from_stream(futures::stream::iter(pieces));
        let (pump, mut pipe) = pipe(body, Duration::from_secs(5));
        let reader = std::thread::spawn(move || {
            let mut text = String::new();
            pipe.read_to_string(&mut text).map(|_| text)
        });
        tokio::runtime::Runtime::new().unwrap().block_on(pump.run());
        reader.join().unwrap()
    }

    #[test]
    fn a_whole_body_arrives() {
        assert_eq!(read(vec![Ok("ab"), Ok(""), Ok("c")]).unwrap(), "abc");
        assert_eq!(read(vec![]).unwrap(), "");
    }

    #[test]
    fn a_broken_body_is_an_error() {
        let error = read(vec![Ok("ab"), Err(io::Error::other("gone"))]).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::UnexpectedEof);
    }
}
