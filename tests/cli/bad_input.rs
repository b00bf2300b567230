//! Bad configuration, bad periods, bad directories: a clear error, exit code 2, nothing half done.

use std::fs;

use crate::support::Program;

#[test]
fn an_unknown_key_is_refused_with_its_name() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("quarterday.toml");
    let config = "[kafka]\nbrokers = 'localhost:1'\nbrockers = 'x'\n[registry]\nurl = 'http://localhost:1'\n\
                  [clickhouse]\nurl = 'http://localhost:1'\n";
    fs::write(&file, config).unwrap();
    let error = Program::new(["ingest", "--config", file.to_str().unwrap()]).fails();
    assert!(error.contains("brockers"), "{error}");
}

#[test]
fn all_is_checked_before_anything_connects() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("quarterday.toml");
    let config = "[kafka]\nbrokers = 'localhost:1'\n[registry]\nurl = 'http://localhost:1'\n\
                  [clickhouse]\nurl = 'localhost:1'\n";
    fs::write(&file, config).unwrap();
    let error = Program::new(["migrate", "--config", file.to_str().unwrap()]).fails();
    assert!(error.contains("clickhouse.url"), "{error}");
}

#[test]
fn the_documented_configuration_is_usable() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../deploy/quarterday.toml");
    quarterday::settings::Settings::read(file.as_ref(), &[]).unwrap();
}

#[test]
fn the_command_line_wins_over_the_file_and_is_checked_like_it() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../deploy/quarterday.toml");
    let read = |settings: &[&str]| {
        let settings: Vec<_> = settings.iter().map(|s| s.parse().unwrap()).collect();
        quarterday::settings::Settings::read(file.as_ref(), &settings)
    };
    let settings = read(&[
        "worker.batch_ms=250",
        "worker.feeds=cctv-incidents, recorded-crimes",
    ])
    .unwrap();
    assert_eq!(settings.worker.batch_ms, 250);
    assert_eq!(settings.worker.feeds, ["cctv-incidents", "recorded-crimes"]);
    for (wrong, told) in [
        ("worker.bach_ms=1", "bach_ms"),
        ("worker.refresh_ms=0", "worker.refresh_ms"),
    ] {
        let error = format!("{:#}", read(&[wrong]).unwrap_err());
        assert!(error.contains(told), "{error}");
    }
}

#[test]
fn a_feed_that_there_is_not_is_named_before_anything_connects() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../deploy/quarterday.toml");
    let error = Program::new(["ingest", "--config", file, "--set", "worker.feeds=cctv"]).fails();
    assert!(
        error.contains("no feed cctv") && error.contains("cctv-incidents"),
        "{error}"
    );
}

#[test]
fn reading_makes_no_data_directory() {
    let directory = tempfile::tempdir().unwrap();
    let nowhere = directory.path().join("nowhere");
    for command in [
        &["measures", "--period", "2014-15/H1"] as &[&str],
        &["trace", "R01", "--period", "2014-15/H1"],
        &["rejected", "list"],
        &["warnings"],
    ] {
        let at = ["--data-dir", nowhere.to_str().unwrap()];
        let error = Program::new(command.iter().copied().chain(at)).fails();
        assert!(error.contains("there is no data in"), "{error}");
    }
    assert!(!nowhere.exists());
}

#[test]
fn a_header_for_a_field_that_there_is_not_is_named() {
    let directory = tempfile::tempdir().unwrap();
    let feeds = include_str!("../../schemas/plans/feeds.toml")
        .replace("area\" = \"camera_area\"", "area\" = \"camera_aera\"");
    fs::write(directory.path().join("feeds.toml"), feeds).unwrap();
    // From the directory of the configuration, wherever the command runs.
    let settings = "[plan]\nfeeds = 'feeds.toml'\n";
    fs::write(directory.path().join("quarterday.toml"), settings).unwrap();
    let plan = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../schemas/plans/tunbridge-wells-2015-16.toml"
    );
    let path = directory.path().to_str().unwrap();
    let error = Program::new(["plan", "check", plan, "--data-dir", path]).fails();
    assert!(
        error.contains("\"Camera area\"") && error.contains("camera_aera"),
        "{error}"
    );
}

#[test]
fn periods_feeds_and_measures_that_do_not_exist_are_named() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().to_str().unwrap();
    let period = Program::new(["measures", "--period", "2014-16", "--data-dir", path]).fails();
    assert!(period.contains("2014-16"), "{period}");
    let feed = Program::new(["push", "cctv-incident", "x.csv", "--data-dir", path]).fails();
    assert!(feed.contains("cctv-incidents"), "the feeds are listed: {feed}");
    let file = Program::new(["push", "cctv-incidents", "/nowhere.csv", "--data-dir", path]).fails();
    assert!(file.contains("/nowhere.csv"), "{file}");
}

#[test]
fn the_configuration_of_a_data_directory_is_read_and_checked() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().to_str().unwrap();
    for (config, told) in [
        ("[engine]\nlibary = '/x'\n", "libary"),
        ("[worker]\nfeeds = ['cctv']\n", "worker.feeds"),
        (
            "[engine]\nlibrary = '/nowhere/libchdb.so'\n",
            "/nowhere/libchdb.so",
        ),
    ] {
        fs::write(directory.path().join("quarterday.toml"), config).unwrap();
        let error = Program::new(["up", "--data-dir", path]).fails();
        assert!(error.contains(told), "{error}");
    }
}

#[test]
fn a_directory_that_cannot_be_used_is_a_plain_error() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("a-file");
    fs::write(&file, "").unwrap();
    let error = Program::new(["up", "--data-dir", file.join("below").to_str().unwrap()]).fails();
    assert!(error.contains("a-file"), "{error}");

    let newer = directory.path().join("newer");
    fs::create_dir(&newer).unwrap();
    fs::write(newer.join("FORMAT"), "999\n").unwrap();
    let error = Program::new(["up", "--data-dir", newer.to_str().unwrap()]).fails();
    assert!(error.contains("newer"), "{error}");
}

#[test]
fn a_port_that_was_asked_for_and_is_taken_is_an_error() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().to_str().unwrap();
    let error = Program::new(["up", "--data-dir", path, "--clickhouse-port", &port]).fails();
    assert!(error.contains(&port), "{error}");
}
