//! The engine's config files: one user with a role for everything and one role for each database that may be read.
//!
//! The embedded engine knows one user only and cannot store others, but it does take roles from its users file and
//! enforces `SET ROLE` on each connection. So a confined user is a connection that has taken the narrow role; the
//! engine itself then checks every table, column, dictionary and table function of a statement, however it is nested.

use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use super::{Error, Options};

/// Role with all rights but reading and writing outside of the engine.
const FULL_ROLE: &str = "full";

/// Name of the role that reads `database` only.
pub(crate) fn reader_role(database: &str) -> String {
    format!("read_{database}")
}

/// Writes the config files beside the data and gives back the path of the main one.
pub(super) fn write_config(options: &Options, data: &Path) -> Result<PathBuf, Error> {
    let directory = data.join("config");
    let write = |path: &Path, text: String| {
        fs::write(path, text).map_err(|source| Error::file("write the engine's config", path, source))
    };
    fs::create_dir_all(&directory).map_err(|source| Error::file("make", &directory, source))?;
    let users = directory.join("users.xml");
    write(&users, users_xml(&options.read_databases)?)?;
    let main = directory.join("engine.xml");
    write(&main, main_xml(&users, options.sync_inserts))?;
    Ok(main)
}

/// Parts that were merged into others are dropped after so many seconds, and looked for every few seconds. The engine keeps them for eight minutes, until the system has
/// written to the disk what they were merged into; thousands wait then, each with twenty kilobytes of memory. Here that is synced like inserts.
const KEEP_MERGED_SECONDS: u32 = 20;
/// The engine's own, where nothing is synced.
const KEEP_UNSYNCED_SECONDS: u32 = 480;

fn main_xml(users: &Path, sync_inserts: bool) -> String {
    let users = escape(&users.to_string_lossy());
    let sync = u8::from(sync_inserts);
    let keep_merged = if sync_inserts {
        KEEP_MERGED_SECONDS
    } else {
        KEEP_UNSYNCED_SECONDS
    };
    format!(
        "<clickhouse>\n  <users_config>{users}</users_config>\n  <merge_tree>\n    \
         <fsync_after_insert>{sync}</fsync_after_insert>\n    \
         <fsync_part_directory>{sync}</fsync_part_directory>\n    \
         <min_rows_to_fsync_after_merge>{sync}</min_rows_to_fsync_after_merge>\n    \
         <old_parts_lifetime>{keep_merged}</old_parts_lifetime>\n    \
         <cleanup_delay_period>5</cleanup_delay_period>\n    \
         <cleanup_delay_period_random_add>2</cleanup_delay_period_random_add>\n    \
         <max_cleanup_delay_period>10</max_cleanup_delay_period>\n  </merge_tree>\n</clickhouse>\n"
    )
}

/// What every statement runs with, unless it says otherwise.
///
/// The engine halves the threads of a statement as long as less than a gigabyte for each is free: under the memory limits that it has here
/// every statement would run on one. And it looks for comparisons that follow from others in a way that takes a third of the time in which a
/// long statement is planned, and finds none.
const PROFILE: [(&str, &str); 2] = [
    ("max_threads_min_free_memory_per_thread", "134217728"),
    ("optimize_and_compare_chain", "0"),
];

fn profile() -> String {
    let settings: String = PROFILE
        .iter()
        .map(|(name, value)| format!("<{name}>{value}</{name}>"))
        .collect();
    format!("<default>{settings}</default>")
}

fn users_xml(read_databases: &[String]) -> Result<String, Error> {
    let mut roles = role(
        FULL_ROLE,
        &[
            "GRANT ALL ON *.*",
            // Files, URLs and other servers are out of reach; Kafka is what this program lives on.
            "REVOKE SOURCES ON *.*",
            "GRANT READ ON KAFKA, WRITE ON KAFKA",
            "REVOKE TABLE ENGINE ON *",
            "GRANT TABLE ENGINE ON Kafka",
            // A collection could bring SQL into a dictionary that no statement shows.
            "REVOKE NAMED COLLECTION ADMIN ON *",
        ],
    );
    let mut granted = format!("<query>GRANT {FULL_ROLE}</query>");
    for database in read_databases {
        if !is_plain(database) {
            return Err(Error::DatabaseName {
                name: database.clone(),
            });
        }
        let name = reader_role(database);
        let grant = format!(
            "GRANT SELECT, SHOW DATABASES, SHOW TABLES, SHOW COLUMNS, SHOW DICTIONARIES, dictGet ON {database}.*"
        );
        roles.push_str(&role(&name, &[&grant]));
        let _ = write!(granted, "<query>GRANT {name}</query>");
    }
    Ok(format!(
        "<clickhouse>\n  <profiles>{}</profiles>\n  <quotas><default/></quotas>\n  <roles>\n{roles}  </roles>\n  \
         <users>\n    <default>\n      <password></password>\n      <networks><ip>::/0</ip></networks>\n      \
         <profile>default</profile>\n      <quota>default</quota>\n      <grants>{granted}</grants>\n    </default>\n  \
         </users>\n</clickhouse>\n",
        profile()
    ))
}

fn role(name: &str, grants: &[&str]) -> String {
    let queries: String = grants
        .iter()
        .map(|grant| format!("<query>{grant}</query>"))
        .collect();
    format!("    <{name}><grants>{queries}</grants></{name}>\n")
}

fn is_plain(name: &str) -> bool {
    let mut bytes = name.bytes();
    bytes
        .next()
        .is_some_and(|first| first.is_ascii_alphabetic() || first == b'_')
        && bytes.all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_database_gets_a_role_of_its_own() {
        let xml = users_xml(&["quarterday".to_owned()]).unwrap();
        assert!(xml.contains("<read_quarterday><grants><query>GRANT SELECT"));
        assert!(xml.contains("<query>GRANT read_quarterday</query>"));
    }

    #[test]
    fn a_database_name_cannot_carry_a_grant() {
        for name in ["", "a b", "x.* TO y", "1a", "ü", "a</query>"] {
            assert!(
                matches!(users_xml(&[name.to_owned()]), Err(Error::DatabaseName { .. })),
                "{name}"
            );
        }
    }

    #[test]
    fn paths_are_escaped() {
        assert!(main_xml(Path::new("/a&b/<c>"), true).contains("/a&amp;b/&lt;c&gt;"));
    }
}
