//! Results: bytes in the asked format, and counts.

use std::ffi::CStr;

use super::{
    Failure,
    ffi::{Handle, Symbols},
};

/// Counts of one statement.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Stats {
    /// Seconds the engine took.
    pub elapsed_seconds: f64,
    /// Rows of the result.
    pub result_rows: u64,
    /// Bytes of the result, in memory.
    pub result_bytes: u64,
    /// Rows read from tables.
    pub read_rows: u64,
    /// Bytes read from tables.
    pub read_bytes: u64,
    /// Rows written, those of materialised views included.
    pub written_rows: u64,
    /// Bytes written, those of materialised views included.
    pub written_bytes: u64,
}

/// The result of a statement, or one chunk of it. Its bytes live in the engine's memory until it is dropped.
pub struct Outcome {
    symbols: Symbols,
    handle: Handle,
}

// SAFETY: a result is a buffer of its own; the library keeps no reference to it and binds it to no thread.
unsafe impl Send for Outcome {}
// SAFETY: all functions used on a shared reference only read.
unsafe impl Sync for Outcome {}

impl Outcome {
    /// Takes over a result handle; an error in it becomes the failure.
    pub(super) fn take(symbols: Symbols, handle: Handle) -> Result<Self, Failure> {
        if handle.is_null() {
            return Err(Failure::new(
                1002,
                "UNKNOWN_EXCEPTION",
                "The engine gave no result",
            ));
        }
        let outcome = Self { symbols, handle };
        match outcome.failure() {
            Some(failure) => Err(failure),
            None => Ok(outcome),
        }
    }

    pub(super) fn handle(&self) -> Handle {
        self.handle
    }

    fn failure(&self) -> Option<Failure> {
        // SAFETY: the handle is a live result; the text belongs to it.
        let text = unsafe { (self.symbols.error)(self.handle) };
        // SAFETY: not null, and a C string by the header.
        let text = (!text.is_null()).then(|| unsafe { CStr::from_ptr(text) })?;
        (!text.is_empty()).then(|| Failure::parse(&text.to_string_lossy()))
    }

    /// The bytes in the asked format.
    pub fn bytes(&self) -> &[u8] {
        // SAFETY: the handle is a live result.
        let (start, length) = unsafe {
            (
                (self.symbols.buffer)(self.handle),
                (self.symbols.length)(self.handle),
            )
        };
        if start.is_null() || length == 0 {
            return &[];
        }
        // SAFETY: the library says that `length` bytes from `start` belong to the result, which `self` keeps alive.
        unsafe { std::slice::from_raw_parts(start.cast(), length) }
    }

    /// The counts.
    pub fn stats(&self) -> Stats {
        let (symbols, handle) = (&self.symbols, self.handle);
        // SAFETY: the handle is a live result.
        unsafe {
            Stats {
                elapsed_seconds: (symbols.elapsed)(handle),
                result_rows: (symbols.rows_read)(handle),
                result_bytes: (symbols.bytes_read)(handle),
                read_rows: (symbols.storage_rows_read)(handle),
                read_bytes: (symbols.storage_bytes_read)(handle),
                written_rows: (symbols.rows_written)(handle),
                written_bytes: (symbols.bytes_written)(handle),
            }
        }
    }
}

impl AsRef<[u8]> for Outcome {
    fn as_ref(&self) -> &[u8] {
        self.bytes()
    }
}

impl Drop for Outcome {
    fn drop(&mut self) {
        // SAFETY: the handle is a live result and is used no more.
        unsafe { (self.symbols.destroy)(self.handle) };
    }
}
