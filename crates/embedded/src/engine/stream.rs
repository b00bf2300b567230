//! A result in chunks.

use std::marker::PhantomData;

use super::{
    Failure, Outcome,
    ffi::{Handle, Symbols},
};

/// A running query whose result comes chunk by chunk. Dropping it cancels what is left.
pub struct Stream<'c> {
    symbols: Symbols,
    connection: Handle,
    opened: Outcome,
    ended: bool,
    _connection: PhantomData<&'c mut ()>,
}

impl Stream<'_> {
    pub(super) fn new(symbols: Symbols, connection: Handle, opened: Outcome) -> Self {
        Self {
            symbols,
            connection,
            opened,
            ended: false,
            _connection: PhantomData,
        }
    }

    /// The next chunk; `None` at the end. After an error or the end there are no more.
    pub fn next_chunk(&mut self) -> Result<Option<Outcome>, Failure> {
        if self.ended {
            return Ok(None);
        }
        // SAFETY: connection and stream are live: the borrow of the connection lasts as long as `self`.
        let handle = unsafe { (self.symbols.stream_next)(self.connection, self.opened.handle()) };
        match Outcome::take(self.symbols, handle) {
            Ok(chunk) if chunk.bytes().is_empty() => {
                self.ended = true;
                Ok(None)
            }
            Ok(chunk) => Ok(Some(chunk)),
            Err(failure) => {
                self.ended = true;
                Err(failure)
            }
        }
    }
}

impl Drop for Stream<'_> {
    fn drop(&mut self) {
        if !self.ended {
            // SAFETY: connection and stream are live; the stream's own handle is destroyed after this by `opened`.
            unsafe { (self.symbols.stream_cancel)(self.connection, self.opened.handle()) };
        }
    }
}
