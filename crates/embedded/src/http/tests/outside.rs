//! What comes from outside or reaches for it: passwords, web pages, files.

use super::{answered, with_server};
use crate::http::{Access, Error, Options, Server, User};

#[test]
fn credentials_are_checked() {
    with_server(async |under| {
        under.text("CREATE DATABASE IF NOT EXISTS quarterday").await;
        let ask = |request: reqwest::RequestBuilder| answered(request.body("SELECT 1"));
        assert_eq!(
            ask(under.post(&[]).basic_auth("bi", Some("secret"))).await.status,
            200
        );
        assert_eq!(
            ask(under.post(&[("user", "bi"), ("password", "secret")]))
                .await
                .status,
            200
        );
        assert_eq!(
            ask(under
                .post(&[])
                .header("X-ClickHouse-User", "default")
                .header("X-ClickHouse-Key", ""))
            .await
            .status,
            200
        );
        for request in [
            under.post(&[]).basic_auth("bi", Some("wrong")),
            under.post(&[("user", "bi")]),
            under.post(&[("user", "nobody")]),
            under
                .post(&[("user", "bi"), ("password", "secret")])
                .basic_auth("bi", Some("secret")),
            under.post(&[]).bearer_auth("x"),
        ] {
            let answer = ask(request).await;
            assert_eq!((answer.status, answer.code), (403, Some(516)));
        }
    });
}

#[test]
fn web_pages_are_kept_away() {
    with_server(async |under| {
        for (name, value) in [
            ("Host", "evil.example:8123"),
            ("Origin", "http://evil.example"),
            ("Sec-Fetch-Site", "cross-site"),
        ] {
            let answer = answered(under.post(&[]).header(name, value).body("SELECT 1")).await;
            assert_eq!(answer.status, 403, "{name}");
        }
        assert_eq!(
            answered(under.post(&[]).header("Host", "localhost").body("SELECT 1"))
                .await
                .status,
            200
        );
    });
}

#[test]
fn a_user_without_a_password_stays_on_this_machine() {
    with_server(async |under| {
        let start = |users| {
            let listener = std::net::TcpListener::bind("0.0.0.0:0").unwrap();
            Server::start(
                under.shared.engine.clone(),
                listener,
                Options {
                    users,
                    ..Options::default()
                },
            )
        };
        let user = |password: Option<&str>| User {
            name: "u".to_owned(),
            password: password.map(str::to_owned),
            access: Access::Full,
        };
        for password in [None, Some("")] {
            assert!(matches!(
                start(vec![user(password)]),
                Err(Error::PasswordRequired { .. })
            ));
        }
        start(vec![user(Some("x"))]).unwrap().shutdown().await;
        let unknown = User {
            access: Access::ReadDatabase("nope".to_owned()),
            ..user(Some("x"))
        };
        assert!(matches!(
            start(vec![unknown]),
            Err(Error::UnknownReadDatabase { .. })
        ));
    });
}

#[test]
fn files_addresses_and_programs_are_out_of_reach() {
    with_server(async |under| {
        under
            .all(&[
                "CREATE DATABASE outside",
                "CREATE TABLE outside.t (a String) ENGINE = Memory",
            ])
            .await;
        let target = std::env::temp_dir().join(format!("quarterday-outfile-{}", std::process::id()));
        let outfile = format!("SELECT 1 INTO OUTFILE '{}'", target.display());
        for sql in [
            outfile.as_str(),
            "SELECT file('/etc/hostname')",
            "SELECT arrayMap(file, ['/etc/hostname'])",
            "SELECT * FROM file('/etc/hostname')",
            "SELECT * FROM default.`/etc/hostname`",
            "SELECT * FROM url('http://127.0.0.1:1/', TSV, 'a String')",
            "SELECT * FROM remote('127.0.0.1', system.one)",
            "SELECT * FROM executable('ls', TSV, 'a String')",
            "INSERT INTO outside.t FROM INFILE '/etc/hostname' FORMAT TSV",
            "INSERT INTO outside.t VALUES (file('/etc/hostname'))",
            "INSERT INTO outside.t FORMAT Values (file('/etc/hostname'))",
            "INSERT INTO FUNCTION file('/tmp/x', TSV, 'a String') VALUES ('x')",
            "CREATE TABLE outside.u (a String) ENGINE = URL('http://127.0.0.1:1/', TSV)",
            "CREATE TABLE outside.f (a String) ENGINE = File(TSV)",
            "SELECT * FROM format(JSONEachRow, $$a UInt8, b String DEFAULT file('/etc/hostname')$$, '{\"a\":1}')",
            "SELECT 1 SETTINGS additional_result_filter = $$file('/etc/hostname') = ''$$",
            "CREATE NAMED COLLECTION nc AS query = 'SELECT 1'",
            "SYSTEM SHUTDOWN",
        ] {
            assert_eq!(under.code(sql).await, Some(497), "{sql}");
        }
        assert!(!target.exists());
        assert_eq!(under.text("SELECT count() FROM outside.t").await, "0\n");
    });
}

/// The second line of defence: grants hold without the tokens' rules.
#[test]
fn the_engine_s_own_grants_deny_sources() {
    with_server(async |under| {
        let mut connection = under.shared.engine.connect().unwrap();
        connection.text("CREATE DATABASE grants").unwrap();
        for sql in [
            "SELECT * FROM file('/etc/hostname')",
            "SELECT * FROM url('http://127.0.0.1:1/', TSV, 'a String')",
            "SELECT * FROM remote('127.0.0.1', system.one)",
            "SELECT * FROM `/etc/hostname`",
            "CREATE TABLE grants.u (a String) ENGINE = URL('http://127.0.0.1:1/', TSV)",
            "CREATE TABLE grants.f (a String) ENGINE = File(TSV)",
        ] {
            assert_eq!(connection.text(sql).unwrap_err().code, 497, "{sql}");
        }
        let kafka = "CREATE TABLE grants.k (a String) ENGINE = Kafka('127.0.0.1:1', 't', 'g', 'JSONEachRow')";
        // An engine that was started again in its process has no threads for Kafka; what matters is the grant.
        assert_ne!(
            connection.text(kafka).err().map(|failure| failure.code),
            Some(497)
        );
        connection.text("DROP TABLE IF EXISTS grants.k SYNC").unwrap();
        let sync = "SELECT value FROM system.merge_tree_settings WHERE name = 'fsync_after_insert'";
        assert_eq!(connection.text(sync).unwrap(), "1\n");
    });
}
