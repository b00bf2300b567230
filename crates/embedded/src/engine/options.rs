//! How the engine is to run.

use std::path::PathBuf;

/// The users of BI tools, and the one database that each may read: everything, and what each audience may see.
pub const READERS: [(&str, &str); 3] = [
    ("bi", "quarterday"),
    ("bi_partners", "quarterday_partners"),
    ("bi_public", "quarterday_public"),
];

/// Options of the engine. `Options::new(path)` gives the defaults.
#[derive(Debug, Clone)]
pub struct Options {
    /// Directory of the engine's data; made if it is missing.
    pub path: PathBuf,
    /// libchdb.so or its directory; `None` searches for it and fetches it if need be.
    pub library: Option<PathBuf>,
    /// Limit of the engine's memory in bytes; a statement above it fails with code 241.
    pub memory_limit_bytes: Option<u64>,
    /// Threads for merges and mutations.
    pub background_threads: u16,
    /// Whether an insert is answered only after its files are synced to the disk.
    pub sync_inserts: bool,
    /// Requests that run at the same time, each on its own thread.
    pub threads: usize,
    /// Requests that may wait for a thread; more are refused.
    pub waiting: usize,
    /// Databases that users may be confined to, see `http::Access::ReadDatabase`.
    pub read_databases: Vec<String>,
}

impl Options {
    /// The defaults for data under `path`.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self {
            path: path.into(),
            library: None,
            memory_limit_bytes: None,
            background_threads: 2,
            sync_inserts: true,
            threads: 16,
            waiting: 256,
            read_databases: READERS.map(|(_, database)| database.to_owned()).to_vec(),
        }
    }
}
