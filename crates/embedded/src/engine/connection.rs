//! A connection: settings, parameters, current database and temporary tables are its own. One per request.

use std::{
    ffi::{CString, c_char},
    ptr,
    sync::Arc,
};

use super::{
    Error, Failure, Insert, Outcome, Stream,
    ffi::{Classification, Handle, Symbols},
    running::Running,
};

/// A statement with the format of its result and its parameters.
#[derive(Debug, Clone, Copy)]
pub struct Statement<'a> {
    /// Text of exactly one statement.
    pub sql: &'a [u8],
    /// Format of the result unless the text has a FORMAT clause.
    pub format: &'a str,
    /// Names and values of `{name:Type}`; values are escaped as in TabSeparated.
    pub params: &'a [(String, String)],
}

/// What kind of statement a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// Reads only.
    ReadOnly,
    /// Changes tables or data.
    Mutating,
    /// Changes what belongs to all databases, such as grants.
    MutatingGlobal,
    /// SET, USE, KILL, SYSTEM, temporary tables and the like.
    Control,
    /// Not to be parsed.
    Unknown,
}

/// The classifier's answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Classified {
    /// Statements in the text.
    pub count: u32,
    /// Kind of the text as a whole.
    pub class: Class,
}

/// A connection to the engine.
pub struct Connection {
    symbols: Symbols,
    handle: *mut Handle,
    // The last one to go closes the engine; a connection must not outlive it.
    _running: Option<Arc<Running>>,
}

// SAFETY: the library lets a connection be used from any thread, one call at a time, which `&mut self` ensures.
unsafe impl Send for Connection {}

impl Connection {
    /// Opens a connection with the engine's own arguments; `None` when the engine refuses.
    pub(super) fn open(
        symbols: Symbols,
        arguments: &[CString],
        running: Option<Arc<Running>>,
    ) -> Option<Self> {
        let mut pointers: Vec<*mut c_char> = arguments
            .iter()
            .map(|argument| argument.as_ptr().cast_mut())
            .collect();
        let count = i32::try_from(pointers.len()).ok()?;
        // SAFETY: `count` C strings that live over the call; the library copies and does not write them.
        let handle = unsafe { (symbols.connect)(count, pointers.as_mut_ptr()) };
        (!handle.is_null()).then_some(Self {
            symbols,
            handle,
            _running: running,
        })
    }

    fn raw(&self) -> Handle {
        // SAFETY: the handle is a live connection, and points to what the other functions take.
        unsafe { *self.handle }
    }

    /// Runs one statement and holds its whole result in memory.
    pub fn query(&mut self, statement: Statement<'_>) -> Result<Outcome, Failure> {
        let params = Params::new(statement.params);
        // SAFETY: the connection is live; every pointer comes with its length and lives over the call.
        let handle = unsafe {
            (self.symbols.query)(
                self.raw(),
                statement.sql.as_ptr().cast(),
                statement.sql.len(),
                statement.format.as_ptr().cast(),
                statement.format.len(),
                params.names.as_ptr(),
                params.name_lengths.as_ptr(),
                params.values.as_ptr(),
                params.value_lengths.as_ptr(),
                params.names.len(),
            )
        };
        Outcome::take(self.symbols, handle)
    }

    /// Runs one statement of the program's own, its result as TabSeparated text.
    pub fn text(&mut self, sql: &str) -> Result<String, Failure> {
        let outcome = self.query(Statement {
            sql: sql.as_bytes(),
            format: "TabSeparated",
            params: &[],
        })?;
        Ok(String::from_utf8_lossy(outcome.bytes()).into_owned())
    }

    /// Runs one statement and hands out its result in chunks.
    pub fn stream(&mut self, statement: Statement<'_>) -> Result<Stream<'_>, Failure> {
        let params = Params::new(statement.params);
        // SAFETY: as for `query`.
        let handle = unsafe {
            (self.symbols.stream)(
                self.raw(),
                statement.sql.as_ptr().cast(),
                statement.sql.len(),
                statement.format.as_ptr().cast(),
                statement.format.len(),
                params.names.as_ptr(),
                params.name_lengths.as_ptr(),
                params.values.as_ptr(),
                params.value_lengths.as_ptr(),
                params.names.len(),
            )
        };
        let opened = Outcome::take(self.symbols, handle)?;
        Ok(Stream::new(self.symbols, self.raw(), opened))
    }

    /// Begins an insert: `sql` is `INSERT INTO t (a, b) SETTINGS …` without FORMAT, VALUES or data.
    pub fn insert(&mut self, sql: &str, format: &str) -> Result<Insert<'_>, Failure> {
        // SAFETY: the connection is live; every pointer comes with its length and lives over the call.
        let handle = unsafe {
            (self.symbols.insert)(
                self.raw(),
                sql.as_ptr().cast(),
                sql.len(),
                format.as_ptr().cast(),
                format.len(),
            )
        };
        Insert::take(self.symbols, handle)
    }

    /// Counts and classifies the statements of a text without running them.
    pub fn classify(&mut self, sql: &[u8], database: &str) -> Classified {
        let size = u32::try_from(size_of::<Classification>()).unwrap_or_default();
        let mut found = Classification {
            size,
            ..Classification::default()
        };
        // SAFETY: the connection is live, the pointers come with their lengths, `found` has the size it says.
        let status = unsafe {
            (self.symbols.classify)(
                self.raw(),
                sql.as_ptr().cast(),
                sql.len(),
                database.as_ptr().cast(),
                database.len(),
                ptr::from_mut(&mut found),
            )
        };
        let class = match (status, found.class) {
            (0, 0) => Class::ReadOnly,
            (0, 1) => Class::Mutating,
            (0, 2) => Class::MutatingGlobal,
            (0, 3) => Class::Control,
            _ => Class::Unknown,
        };
        Classified {
            count: found.count,
            class,
        }
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        // SAFETY: the handle is a live connection and is used no more.
        unsafe { (self.symbols.close)(self.handle) };
    }
}

/// Parameters as the library takes them: four arrays of equal length.
struct Params {
    names: Vec<*const c_char>,
    name_lengths: Vec<usize>,
    values: Vec<*const c_char>,
    value_lengths: Vec<usize>,
}

impl Params {
    fn new(params: &[(String, String)]) -> Self {
        Self {
            names: params.iter().map(|(name, _)| name.as_ptr().cast()).collect(),
            name_lengths: params.iter().map(|(name, _)| name.len()).collect(),
            values: params.iter().map(|(_, value)| value.as_ptr().cast()).collect(),
            value_lengths: params.iter().map(|(_, value)| value.len()).collect(),
        }
    }
}

/// Arguments for the library; a zero byte in a path cannot be passed on.
pub(super) fn arguments(words: Vec<String>, path: &std::path::Path) -> Result<Vec<CString>, Error> {
    words
        .into_iter()
        .map(CString::new)
        .collect::<Result<_, _>>()
        .map_err(|_| Error::Open {
            path: path.to_path_buf(),
        })
}
