//! The listening socket. Its connections tell when all that was written has left for the network.
//!
//! A cut-off result must end in its error text and then in a broken connection, without the last chunk that says "all
//! is well". hyper breaks a connection at once when a body fails, and what it still had buffered is lost; so the body
//! waits for [`Flushed::wait`] before it fails.

use std::{
    future::poll_fn,
    io,
    net::SocketAddr,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, ready},
};

use axum::{extract::connect_info::Connected, serve::IncomingStream};
use futures::task::AtomicWaker;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::{TcpListener, TcpStream},
};

/// Tells when a connection has written everything.
#[derive(Debug, Default)]
pub(super) struct Flushed {
    asked: AtomicBool,
    waker: AtomicWaker,
}

impl Flushed {
    /// Ready as soon as everything that was handed to the connection before has been written to the socket.
    pub(super) async fn wait(&self) {
        self.asked.store(true, Ordering::Release);
        poll_fn(|context| {
            self.waker.register(context.waker());
            if self.asked.load(Ordering::Acquire) {
                Poll::Pending
            } else {
                Poll::Ready(())
            }
        })
        .await;
    }

    fn done(&self) {
        if self.asked.swap(false, Ordering::AcqRel) {
            self.waker.wake();
        }
    }
}

/// Accepts connections for axum.
pub(super) struct Listener {
    inner: TcpListener,
}

impl Listener {
    pub(super) fn new(inner: TcpListener) -> Self {
        Self { inner }
    }
}

impl axum::serve::Listener for Listener {
    type Io = Connection;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        // axum's own listener goes on after errors such as too many open files.
        let (stream, address) = axum::serve::Listener::accept(&mut self.inner).await;
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "TCP_NODELAY could not be set");
        }
        (
            Connection {
                stream,
                flushed: Arc::default(),
            },
            address,
        )
    }

    fn local_addr(&self) -> io::Result<Self::Addr> {
        self.inner.local_addr()
    }
}

/// What a handler knows of its connection.
#[derive(Debug, Clone)]
pub(super) struct ConnectionInfo {
    pub(super) flushed: Arc<Flushed>,
}

impl Connected<IncomingStream<'_, Listener>> for ConnectionInfo {
    fn connect_info(stream: IncomingStream<'_, Listener>) -> Self {
        Self {
            flushed: Arc::clone(&stream.io().flushed),
        }
    }
}

/// A client's connection.
pub(super) struct Connection {
    stream: TcpStream,
    flushed: Arc<Flushed>,
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Connection {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    /// hyper asks for this only once its own buffer is empty.
    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(Pin::new(&mut self.stream).poll_flush(context))?;
        self.flushed.done();
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}
