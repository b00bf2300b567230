use std::io::Read as _;

use super::*;

fn sleeper() -> Command {
    let mut command = Command::new("sleep");
    command.arg("1000");
    command
}

/// Ends when every process that inherited the other end of the pipe is gone.
fn wait_for_end_of(mut pipe: ChildStdout) {
    pipe.read_to_end(&mut Vec::new()).unwrap();
}

#[test]
fn dropping_kills() {
    let mut guarded = Guarded::spawn(sleeper().stdout(Stdio::piped()), "sleep").unwrap();
    let pipe = guarded.stdout().unwrap();
    drop(guarded);
    wait_for_end_of(pipe);
}

#[test]
fn a_panic_kills() {
    let mut guarded = Guarded::spawn(sleeper().stdout(Stdio::piped()), "sleep").unwrap();
    let pipe = guarded.stdout().unwrap();
    let panicked = std::thread::spawn(move || {
        let _guarded = guarded;
        panic!("on purpose");
    });
    assert!(panicked.join().is_err());
    wait_for_end_of(pipe);
}

#[test]
fn the_guard_kills_when_this_process_ends_without_drops() {
    let mut guarded = Guarded::spawn(sleeper().stdout(Stdio::piped()), "sleep").unwrap();
    let pipe = guarded.stdout().unwrap();
    // What the system does to the pipe of a killed process.
    drop(guarded.commands.take());
    wait_for_end_of(pipe);
    guarded.guard.wait().unwrap();
}

#[test]
fn can_be_asked_to_end() {
    let mut guarded = Guarded::spawn(&mut sleeper(), "sleep").unwrap();
    assert!(guarded.ended().unwrap().is_none());
    guarded.terminate().unwrap();
    let status = guarded.wait(Duration::from_secs(10), Path::new("none")).unwrap();
    assert!(!status.success());
}

#[test]
fn waiting_has_a_limit() {
    let mut guarded = Guarded::spawn(&mut sleeper(), "sleep").unwrap();
    let error = guarded
        .wait(Duration::from_millis(1), Path::new("/nonexistent"))
        .unwrap_err();
    assert!(matches!(error, Error::TooSlow { tail, .. } if tail == "(nothing)"));
}

#[test]
fn a_program_that_is_not_there_is_an_error() {
    let error = Guarded::spawn(&mut Command::new("/nonexistent/program"), "it").unwrap_err();
    assert_eq!(error.to_string(), "cannot start it");
}

#[test]
fn the_tail_is_short_and_never_splits_badly() {
    let long = "ü".repeat(5_000);
    assert!(tail_of(long.as_bytes()).len() <= TAIL + 4);
    assert_eq!(tail_of(b"  \n"), "(nothing)");
}
