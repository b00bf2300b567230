//! The running engine: one per process.

use std::{
    ffi::CString,
    fs,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, OnceLock, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use tokio::sync::{Semaphore, watch};

use super::{Connection, Error, Options, access, connection::arguments, ffi::Symbols, locate, pool::Pool};

/// Data path of the engine of this process, if one runs.
static IN_USE: Mutex<Option<PathBuf>> = Mutex::new(None);

/// The loaded library; it is never unloaded, so it is loaded once.
static LOADED: OnceLock<Symbols> = OnceLock::new();

/// The ClickHouse engine. A clone is another handle on the same engine; it stops when the last handle and the last
/// connection are gone.
#[derive(Clone)]
pub struct Engine {
    running: Arc<Running>,
    pool: Arc<Pool>,
    threads: Arc<Semaphore>,
    waiting: Arc<Waiting>,
    about: Arc<About>,
}

/// What the engine says of itself.
struct About {
    version: String,
    timezone: String,
    read_databases: Vec<String>,
}

struct Waiting {
    now: AtomicUsize,
    limit: usize,
}

/// Keeps the engine's first connection, and with it the engine, alive.
pub(super) struct Running {
    symbols: Symbols,
    arguments: Vec<CString>,
    path: PathBuf,
    first: Mutex<Option<Connection>>,
    /// Dropped after everything else: whoever listens knows that the engine is closed.
    open_to_listeners: watch::Sender<()>,
}

impl Engine {
    /// Finds, loads and opens the engine. Blocks: 0.2 s as a rule, minutes when the library has to be fetched.
    ///
    /// An engine may be started again when the one before has stopped, but then tables of the engine Kafka do not
    /// work: libchdb does not start its threads for them a second time.
    ///
    /// # Errors
    /// When the library cannot be had, the data cannot be opened, or the process has an engine already.
    pub fn start(options: &Options) -> Result<Self, Error> {
        fs::create_dir_all(&options.path).map_err(|source| Error::file("make", &options.path, source))?;
        let path = options
            .path
            .canonicalize()
            .map_err(|source| Error::file("resolve", &options.path, source))?;
        let Options { library: given, .. } = options;
        let library = locate(given.as_deref())?;
        let running = Running::open(&library, &path, options)?;
        let mut connection = running.connect()?;
        let about = connection
            .text("SELECT version(), timezone()")
            .map_err(Error::Silent)?;
        let (version, timezone) = about
            .trim_end()
            .split_once('\t')
            .unwrap_or((about.trim_end(), "UTC"));
        Ok(Self {
            running,
            pool: Arc::new(Pool::new()),
            threads: Arc::new(Semaphore::new(options.threads.clamp(1, Semaphore::MAX_PERMITS))),
            waiting: Arc::new(Waiting {
                now: AtomicUsize::new(0),
                limit: options.waiting,
            }),
            about: Arc::new(About {
                version: version.to_owned(),
                timezone: timezone.to_owned(),
                read_databases: options.read_databases.clone(),
            }),
        })
    }

    /// Resolves when the engine is closed: after the last handle and the last connection are gone.
    pub fn closed(&self) -> impl Future<Output = ()> + use<> {
        let mut open = self.running.open_to_listeners.subscribe();
        async move { while open.changed().await.is_ok() {} }
    }

    /// The ClickHouse version, such as `26.7.2.1`.
    pub fn version(&self) -> &str {
        &self.about.version
    }

    /// The engine's time zone.
    pub fn timezone(&self) -> &str {
        &self.about.timezone
    }

    /// The data path, canonical.
    pub fn path(&self) -> &Path {
        &self.running.path
    }

    /// Databases that a user may be confined to.
    pub fn read_databases(&self) -> &[String] {
        &self.about.read_databases
    }

    /// Opens a connection; some 0.5 ms. To be used on a thread of [`Engine::submit`].
    pub fn connect(&self) -> Result<Connection, Error> {
        self.running.connect()
    }

    /// Runs `work` on a thread of the engine as soon as one is free. Returns when the work has been handed over;
    /// what it finds out it sends through channels of its own.
    ///
    /// # Errors
    /// [`Error::Busy`] when too many wait already.
    pub async fn submit(&self, work: impl FnOnce() + Send + 'static) -> Result<(), Error> {
        let permit = {
            let _place = self.waiting.enter()?;
            Arc::clone(&self.threads)
                .acquire_owned()
                .await
                .map_err(|_| Error::Stopped)?
        };
        self.pool.run(Box::new(move || {
            work();
            drop(permit);
        }))
    }

    /// Runs `work` past the queue: for short statements that stop others.
    pub fn submit_urgent(&self, work: impl FnOnce() + Send + 'static) -> Result<(), Error> {
        self.pool.run(Box::new(work))
    }
}

/// A place in the queue, given back when it is dropped.
struct Place<'a>(&'a Waiting);

impl Waiting {
    fn enter(&self) -> Result<Place<'_>, Error> {
        let waiting = self.now.fetch_add(1, Ordering::Relaxed);
        let place = Place(self);
        // A free thread is taken at once, so the one place that is always allowed is no queue yet.
        if waiting > self.limit {
            Err(Error::Busy { waiting })
        } else {
            Ok(place)
        }
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.now.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Running {
    fn open(library: &Path, path: &Path, options: &Options) -> Result<Arc<Self>, Error> {
        let mut in_use = IN_USE.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(path) = in_use.as_ref() {
            return Err(Error::AlreadyRunning { path: path.clone() });
        }
        let symbols = match LOADED.get() {
            Some(symbols) => *symbols,
            None => {
                let symbols = Symbols::load(library)?;
                *LOADED.get_or_init(|| symbols)
            }
        };
        let arguments = arguments(command_line(path, options)?, path)?;
        let first = Connection::open(symbols, &arguments, None).ok_or_else(|| Error::Open {
            path: path.to_path_buf(),
        })?;
        *in_use = Some(path.to_path_buf());
        let (open, _) = watch::channel(());
        Ok(Arc::new(Self {
            open_to_listeners: open,
            symbols,
            arguments,
            path: path.to_path_buf(),
            first: Mutex::new(Some(first)),
        }))
    }

    fn connect(self: &Arc<Self>) -> Result<Connection, Error> {
        Connection::open(self.symbols, &self.arguments, Some(Arc::clone(self))).ok_or_else(|| Error::Open {
            path: self.path.clone(),
        })
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let mut in_use = IN_USE.lock().unwrap_or_else(PoisonError::into_inner);
        *self.first.lock().unwrap_or_else(PoisonError::into_inner) = None;
        *in_use = None;
    }
}

/// The engine's defaults are those of a server of its own, whose caches may grow to gigabytes and which gives memory back when it has
/// to. In a process with others it is to stay small; what is read again and again fits all the same.
const SMALL: [(&str, &str); 6] = [
    ("mark_cache_size", "67108864"),
    ("primary_index_cache_size", "67108864"),
    ("index_mark_cache_size", "16777216"),
    ("query_condition_cache_size", "16777216"),
    ("memory_worker_purge_dirty_pages_threshold_ratio", "0.002"),
    ("max_thread_pool_free_size", "32"),
];

fn command_line(path: &Path, options: &Options) -> Result<Vec<String>, Error> {
    let config = access::write_config(options, path)?;
    let mut words = vec![
        "clickhouse".to_owned(),
        format!("--path={}", path.display()),
        format!("--config-file={}", config.display()),
        format!("--background_pool_size={}", options.background_threads.max(1)),
    ];
    words.extend(SMALL.map(|(name, value)| format!("--{name}={value}")));
    if let Some(bytes) = options.memory_limit_bytes {
        words.push(format!("--max_server_memory_usage={bytes}"));
    }
    Ok(words)
}
