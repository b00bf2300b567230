//! An insert whose data is handed over piece by piece, beside the statement and never in it.

use std::{ffi::CStr, marker::PhantomData};

use super::{
    Failure, Outcome, Stats,
    ffi::{Handle, Symbols},
};

/// An open insert. Dropping it before [`Insert::finish`] cancels it, and nothing of the block at hand is stored.
pub struct Insert<'c> {
    symbols: Symbols,
    handle: Handle,
    finished: bool,
    _connection: PhantomData<&'c mut ()>,
}

impl Insert<'_> {
    pub(super) fn take(symbols: Symbols, handle: Handle) -> Result<Self, Failure> {
        if handle.is_null() {
            return Err(Failure::new(
                1002,
                "UNKNOWN_EXCEPTION",
                "The engine opened no insert",
            ));
        }
        let insert = Self {
            symbols,
            handle,
            finished: false,
            _connection: PhantomData,
        };
        match insert.failure() {
            Some(failure) => Err(failure),
            None => Ok(insert),
        }
    }

    /// Hands over bytes in the insert's format; waits while the engine is behind.
    pub fn append(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        // SAFETY: the insert is live; the library copies the bytes.
        let status = unsafe { (self.symbols.insert_append)(self.handle, bytes.as_ptr().cast(), bytes.len()) };
        if status == 0 {
            return Ok(());
        }
        Err(self.failure().unwrap_or_else(|| {
            Failure::new(
                1002,
                "UNKNOWN_EXCEPTION",
                format!("The engine took no more data (status {status})"),
            )
        }))
    }

    /// Ends the data, waits until it is stored and gives back the counts.
    pub fn finish(mut self) -> Result<Stats, Failure> {
        self.finished = true;
        // SAFETY: the insert is live; the result is owned by the caller.
        let handle = unsafe { (self.symbols.insert_done)(self.handle) };
        Outcome::take(self.symbols, handle).map(|outcome| outcome.stats())
    }

    fn failure(&self) -> Option<Failure> {
        // SAFETY: the insert is live; the text belongs to it.
        let text = unsafe { (self.symbols.insert_error)(self.handle) };
        // SAFETY: not null, and a C string by the header.
        let text = (!text.is_null()).then(|| unsafe { CStr::from_ptr(text) })?;
        (!text.is_empty()).then(|| Failure::parse(&text.to_string_lossy()))
    }
}

impl Drop for Insert<'_> {
    fn drop(&mut self) {
        // SAFETY: the insert is live and is used no more after its destruction.
        unsafe {
            if !self.finished {
                (self.symbols.insert_cancel)(self.handle);
            }
            (self.symbols.insert_destroy)(self.handle);
        }
    }
}
