//! libchdb's C functions, looked up in the library when it is loaded.
//!
//! The library is never unloaded: its threads may still run at the end of the process.

use std::{
    ffi::{c_char, c_double, c_int, c_void},
    path::Path,
};

use super::Error;

/// A connection, result, stream or insert of the library.
pub(super) type Handle = *mut c_void;

/// What the classifier fills in; `size` is the size of this structure.
#[repr(C)]
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Classification {
    pub(super) size: u32,
    pub(super) count: u32,
    pub(super) flags: u32,
    pub(super) class: u32,
}

macro_rules! symbols {
    ($($field:ident = $name:literal: fn($($argument:ty),*) $(-> $result:ty)?;)*) => {
        /// The functions, as the library's public header declares them.
        #[derive(Clone, Copy)]
        pub(super) struct Symbols {
            $(pub(super) $field: unsafe extern "C" fn($($argument),*) $(-> $result)?,)*
        }

        impl Symbols {
            fn look_up(library: &libloading::Library, path: &Path) -> Result<Self, Error> {
                Ok(Self {
                    $($field: {
                        // SAFETY: the type is the one that the library's public header gives this function.
                        let found = unsafe {
                            library.get::<unsafe extern "C" fn($($argument),*) $(-> $result)?>($name.as_bytes())
                        };
                        *found.map_err(|source| Error::Symbol { path: path.to_path_buf(), symbol: $name, source })?
                    },)*
                })
            }
        }
    };
}

symbols! {
    set_signal_handlers_enabled = "chdb_set_signal_handlers_enabled": fn(c_int);
    connect = "chdb_connect": fn(c_int, *mut *mut c_char) -> *mut Handle;
    close = "chdb_close_conn": fn(*mut Handle);
    query = "chdb_query_with_params_n": fn(Handle, *const c_char, usize, *const c_char, usize,
        *const *const c_char, *const usize, *const *const c_char, *const usize, usize) -> Handle;
    stream = "chdb_stream_query_with_params_n": fn(Handle, *const c_char, usize, *const c_char, usize,
        *const *const c_char, *const usize, *const *const c_char, *const usize, usize) -> Handle;
    stream_next = "chdb_stream_fetch_result": fn(Handle, Handle) -> Handle;
    stream_cancel = "chdb_stream_cancel_query": fn(Handle, Handle);
    buffer = "chdb_result_buffer": fn(Handle) -> *const c_char;
    length = "chdb_result_length": fn(Handle) -> usize;
    elapsed = "chdb_result_elapsed": fn(Handle) -> c_double;
    error = "chdb_result_error": fn(Handle) -> *const c_char;
    rows_read = "chdb_result_rows_read": fn(Handle) -> u64;
    bytes_read = "chdb_result_bytes_read": fn(Handle) -> u64;
    storage_rows_read = "chdb_result_storage_rows_read": fn(Handle) -> u64;
    storage_bytes_read = "chdb_result_storage_bytes_read": fn(Handle) -> u64;
    rows_written = "chdb_result_rows_written": fn(Handle) -> u64;
    bytes_written = "chdb_result_bytes_written": fn(Handle) -> u64;
    destroy = "chdb_destroy_query_result": fn(Handle);
    insert = "chdb_stream_insert_n": fn(Handle, *const c_char, usize, *const c_char, usize) -> Handle;
    insert_append = "chdb_stream_append": fn(Handle, *const c_void, usize) -> c_int;
    insert_done = "chdb_stream_done": fn(Handle) -> Handle;
    insert_cancel = "chdb_stream_cancel_insert": fn(Handle);
    insert_error = "chdb_stream_insert_error": fn(Handle) -> *const c_char;
    insert_destroy = "chdb_destroy_insert_stream": fn(Handle);
    classify = "chdb_classify_query_n": fn(Handle, *const c_char, usize, *const c_char, usize,
        *mut Classification) -> c_int;
}

impl Symbols {
    /// Loads the library. Its signal handlers are switched off: they belong to the program.
    pub(super) fn load(path: &Path) -> Result<Self, Error> {
        // SAFETY: the library is libchdb, named by the operator or checked by its digest; its initialisers are made
        // for being loaded like this.
        let library = unsafe { libloading::Library::new(path) }.map_err(|source| Error::Load {
            path: path.to_path_buf(),
            source,
        })?;
        let symbols = Self::look_up(&library, path)?;
        std::mem::forget(library);
        // SAFETY: called before the first connection, as the header asks.
        unsafe { (symbols.set_signal_handlers_enabled)(0) };
        Ok(symbols)
    }
}
