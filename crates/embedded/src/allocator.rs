//! Memory that is given back: settings of the allocators of this process: that of the C library, from which Rust, librdkafka and SQLite have their memory, and that
//! of the ClickHouse engine.

#[cfg(target_env = "gnu")]
use crate::code;

/// Blocks of so many bytes are mapped by themselves, and given back when they are freed.
#[cfg(target_env = "gnu")]
const MAPPED_FROM: i32 = 256 * 1024;
/// Free memory at the end of a heap that is kept.
#[cfg(target_env = "gnu")]
const KEPT: i32 = 1024 * 1024;
/// Heaps: a thread shares one with others.
#[cfg(target_env = "gnu")]
const HEAPS: i32 = 4;

/// So often holes inside the heaps are given back.
#[cfg(target_env = "gnu")]
const EVERY: std::time::Duration = std::time::Duration::from_secs(10);

/// So many times as often as the engine's code.
#[cfg(target_env = "gnu")]
const CODE_EVERY: u64 = 6;

/// What the engine's allocator, a jemalloc, is told when the engine is loaded: pages that are free go back after a tenth of a second and
/// not after five, which is as long as several refreshes take, each of which leaves a hundred megabytes of them.
const ENGINE: (&str, &str) = ("JE_MALLOC_CONF", "dirty_decay_ms:100,background_thread:true");

/// Has the process give memory back that it does not need any more. By itself the GNU C library raises the size from which it maps
/// blocks to that of the largest that was freed: the columns of batches then leave holes in its heaps, and a worker of 50 MiB keeps 130.
/// To be called first of all, before the process has a second thread.
pub fn give_memory_back() {
    let (name, value) = ENGINE;
    if std::env::var_os(name).is_none() {
        // SAFETY: there is no other thread yet that could read the environment.
        unsafe { std::env::set_var(name, value) };
    }
    #[cfg(target_env = "gnu")]
    {
        for (parameter, value) in [
            (libc::M_MMAP_THRESHOLD, MAPPED_FROM),
            (libc::M_TRIM_THRESHOLD, KEPT),
            (libc::M_ARENA_MAX, HEAPS),
        ] {
            // SAFETY: mallopt only changes a number of the allocator's; one that it refuses changes nothing.
            unsafe { libc::mallopt(parameter, value) };
        }
        // Without it memory is kept, which is no fault.
        let _ = std::thread::Builder::new()
            .name("trim".to_owned())
            .spawn(trim_for_ever);
    }
}

#[cfg(target_env = "gnu")]
fn trim_for_ever() {
    for round in 1_u64.. {
        std::thread::sleep(EVERY);
        // SAFETY: malloc_trim only gives free pages back.
        unsafe { libc::malloc_trim(0) };
        if round.is_multiple_of(CODE_EVERY) {
            code::give_back();
        }
    }
}
