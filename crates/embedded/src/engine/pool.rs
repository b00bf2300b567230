//! Threads for the engine's work: few, with large stacks, made when needed and let go when idle.

use std::{
    collections::VecDeque,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread,
    time::Duration,
};

use super::Error;

/// The engine recurses over expressions on its caller's stack; on 2 MiB a nesting of 240 calls is too deep.
const STACK_BYTES: usize = 8 << 20;

/// How long a thread waits for work before it ends.
const IDLE: Duration = Duration::from_secs(30);

type Job = Box<dyn FnOnce() + Send>;

/// A pool of threads. It starts a thread for each job that finds none idle: the caller bounds the jobs.
pub(super) struct Pool {
    shared: Arc<Shared>,
}

struct Shared {
    state: Mutex<State>,
    ready: Condvar,
}

#[derive(Default)]
struct State {
    jobs: VecDeque<Job>,
    idle: usize,
    closed: bool,
}

impl Pool {
    pub(super) fn new() -> Self {
        Self {
            shared: Arc::new(Shared {
                state: Mutex::default(),
                ready: Condvar::new(),
            }),
        }
    }

    /// Runs `job` on a thread of the pool.
    pub(super) fn run(&self, job: Job) -> Result<(), Error> {
        let mut state = self.shared.lock();
        if state.closed {
            return Err(Error::Stopped);
        }
        if state.idle > state.jobs.len() {
            state.jobs.push_back(job);
            self.shared.ready.notify_one();
            return Ok(());
        }
        drop(state);
        let shared = Arc::clone(&self.shared);
        thread::Builder::new()
            .name("clickhouse".to_owned())
            .stack_size(STACK_BYTES)
            .spawn(move || shared.work(job))
            .map(drop)
            .map_err(Error::Thread)
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        self.shared.lock().closed = true;
        self.shared.ready.notify_all();
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        // Nothing panics while the lock is held, so a poisoned state is still sound.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn work(&self, first: Job) {
        let mut next = Some(first);
        while let Some(job) = next {
            // The job's channels close when it unwinds, which its caller sees; the thread lives on.
            if catch_unwind(AssertUnwindSafe(job)).is_err() {
                tracing::error!("a request to the ClickHouse engine panicked");
            }
            next = self.wait();
        }
    }

    fn wait(&self) -> Option<Job> {
        let mut state = self.lock();
        state.idle += 1;
        let (mut state, _) = self
            .ready
            .wait_timeout_while(state, IDLE, |state| state.jobs.is_empty() && !state.closed)
            .unwrap_or_else(PoisonError::into_inner);
        state.idle -= 1;
        state.jobs.pop_front()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    #[test]
    fn jobs_run_and_a_panic_costs_no_thread() {
        let pool = Pool::new();
        let (sender, receiver) = mpsc::channel();
        for number in 0..50_u32 {
            let sender = sender.clone();
            pool.run(Box::new(move || {
                if number % 10 == 3 {
                    panic!("on purpose");
                }
                let _ = sender.send(number);
            }))
            .unwrap();
        }
        drop(sender);
        assert_eq!(receiver.iter().count(), 45);
    }
}
