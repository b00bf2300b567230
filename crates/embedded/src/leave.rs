//! Ending a process that may have loaded the ClickHouse engine.

use std::io::Write as _;

/// Ends the process at once, without the exit handlers of loaded libraries: those of libchdb take its data structures apart
/// while threads of its own may still use them, and a command that did its work would end with a segmentation fault.
pub fn leave(code: u8) -> ! {
    // Whoever closed the other end does not want the rest.
    let _ = std::io::stdout().flush();
    let _ = std::io::stderr().flush();
    // SAFETY: _exit only ends the process.
    unsafe { libc::_exit(i32::from(code)) }
}
