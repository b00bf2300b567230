//! The user `bi` reads the database `quarterday` and nothing else, however it asks.

use super::{Answered, Form, Under, answered, with_server};

/// What there is to read, and what there is to steal.
async fn prepare(under: &Under) {
    // These tests share the database, which must be made once for the engine they share.
    static MAKING: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());
    let _making = MAKING.lock().await;
    if under.text("EXISTS TABLE quarterday.measures").await == "1\n" {
        return;
    }
    under.all(&[
        "CREATE DATABASE IF NOT EXISTS quarterday",
        "CREATE DATABASE quarterday_store",
        "CREATE TABLE quarterday_store.t (a UInt8, b String) ENGINE = MergeTree ORDER BY a",
        "CREATE TABLE quarterday_store.j (a UInt8, b String) ENGINE = Join(ANY, LEFT, a)",
        "CREATE DICTIONARY quarterday_store.d (a UInt64, b String) PRIMARY KEY a SOURCE(CLICKHOUSE(QUERY 'SELECT a, b FROM quarterday_store.t')) LAYOUT(FLAT()) LIFETIME(0)",
        "CREATE TABLE quarterday.measures (a UInt8) ENGINE = MergeTree ORDER BY a",
        "CREATE VIEW quarterday.own SQL SECURITY DEFINER AS SELECT a, b FROM quarterday_store.t",
        "CREATE VIEW quarterday.by_key SQL SECURITY DEFINER AS SELECT a, b FROM quarterday_store.t WHERE a = {k:UInt8}",
        "CREATE VIEW quarterday.borrowed AS SELECT a, b FROM quarterday_store.t",
        "INSERT INTO quarterday_store.t VALUES (1, 'x'), (2, 'y')",
        "INSERT INTO quarterday.measures VALUES (7)",
    ])
    .await;
}

async fn bi(under: &Under, query: &[(&str, &str)], sql: &str) -> Answered {
    answered(
        under
            .post(query)
            .basic_auth("bi", Some("secret"))
            .body(sql.to_owned()),
    )
    .await
}

#[test]
fn its_database_can_be_read_and_looked_at() {
    with_server(async |under| {
        prepare(&under).await;
        for (sql, expected) in [
            ("SELECT a FROM quarterday.measures", "7\n"),
            ("SELECT a FROM measures", "7\n"),
            ("SELECT currentDatabase()", "quarterday\n"),
            ("SELECT * FROM own ORDER BY a", "1\tx\n2\ty\n"),
            ("SELECT * FROM by_key(k = 2)", "2\ty\n"),
            (
                "WITH x AS (SELECT a FROM measures) SELECT * FROM x WHERE a IN (SELECT a FROM measures)",
                "7\n",
            ),
            (
                "SHOW DATABASES",
                "INFORMATION_SCHEMA\ninformation_schema\nquarterday\n",
            ),
            ("SHOW TABLES", "borrowed\nby_key\nmeasures\nown\n"),
            ("EXISTS TABLE quarterday.measures", "1\n"),
            (
                "SELECT name FROM system.tables WHERE database NOT IN ('system', 'information_schema', 'INFORMATION_SCHEMA') ORDER BY name",
                "borrowed\nby_key\nmeasures\nown\n",
            ),
            (
                "SELECT DISTINCT database FROM system.columns WHERE database LIKE 'quarterday%'",
                "quarterday\n",
            ),
            (
                "SELECT name FROM system.databases WHERE name LIKE 'quarterday%'",
                "quarterday\n",
            ),
            ("SELECT count() > 1000 FROM system.settings", "1\n"),
            ("SELECT number FROM numbers(2)", "0\n1\n"),
        ] {
            let answer = bi(&under, &[], sql).await;
            let text = answer.text();
            if sql == "SHOW DATABASES" {
                assert!(text.contains("quarterday\n") && !text.contains("store"), "{text}");
            } else {
                assert_eq!(text, expected, "{sql}");
            }
        }
        assert_eq!(
            bi(
                &under,
                &[("max_threads", "1"), ("database", "default")],
                "SELECT a FROM measures"
            )
            .await
            .text(),
            "7\n"
        );
        assert_eq!(
            bi(&under, &[("session_id", "s")], "SELECT a FROM measures")
                .await
                .text(),
            "7\n"
        );
        assert_eq!(
            bi(&under, &[("param_k", "1")], "SELECT b FROM by_key(k = {k:UInt8})")
                .await
                .text(),
            "x\n"
        );
        assert_eq!(bi(&under, &[], "DESCRIBE TABLE measures").await.status, 200);
        assert_eq!(bi(&under, &[], "SHOW CREATE TABLE measures").await.status, 200);
    });
}

#[test]
fn nothing_else_can_be_read() {
    with_server(async |under| {
        prepare(&under).await;
        for sql in [
            "SELECT * FROM quarterday_store.t",
            "SELECT count() FROM quarterday_store.t",
            "SELECT 1 FROM quarterday_store.t",
            "SELECT 1 IN quarterday_store.t",
            "SELECT 1 IN (SELECT a FROM quarterday_store.t)",
            "SELECT (SELECT max(b) FROM quarterday_store.t)",
            "WITH (SELECT max(b) FROM quarterday_store.t) AS x SELECT x",
            "WITH x AS (SELECT * FROM quarterday_store.t) SELECT * FROM x",
            "SELECT * FROM measures UNION ALL SELECT a FROM quarterday_store.t",
            "SELECT * FROM measures AS m JOIN quarterday_store.t AS t ON m.a = t.a",
            "SELECT * FROM measures WHERE EXISTS (SELECT 1 FROM quarterday_store.t)",
            "SELECT * FROM measures ORDER BY (SELECT count() FROM quarterday_store.t)",
            "SELECT * FROM borrowed",
            "SELECT * FROM view(SELECT * FROM quarterday_store.t)",
            "SELECT * FROM viewIfPermitted(SELECT b FROM quarterday_store.t ELSE null('b String'))",
            "SELECT * FROM merge('quarterday_store', 't')",
            "SELECT * FROM merge(REGEXP('quarterday.*'), '^t$')",
            "SELECT * FROM loop(quarterday_store.t) LIMIT 1",
            "SELECT * FROM mergeTreeIndex('quarterday_store', 't')",
            "SELECT * FROM dictionary('quarterday_store.d')",
            "SELECT dictGet('quarterday_store.d', 'b', 1)",
            "SELECT joinGet('quarterday_store.j', 'b', toUInt8(1))",
            "SELECT joinGet(quarterday_store.j, 'b', toUInt8(1))",
            "SELECT hasColumnInTable('quarterday_store', 't', 'b')",
            "SELECT * FROM remote('127.0.0.1', 'quarterday_store', 't')",
            "SELECT * FROM cluster('default', 'quarterday_store', 't')",
            "SELECT file('/etc/hostname')",
            "SELECT arrayMap(file, ['/etc/hostname'])",
            "SELECT * FROM `/etc/hostname`",
            "SELECT * FROM default.`/etc/hostname`",
            "SELECT query FROM system.processes",
            "SELECT query FROM system.`proc\\x65sses`",
            "SELECT * FROM system.users",
            "SELECT * FROM system.parts",
            "SHOW PROCESSLIST",
            "SHOW GRANTS",
            "SHOW CREATE TABLE quarterday_store.t",
            "SHOW CREATE DATABASE quarterday_store",
            "DESCRIBE TABLE quarterday_store.t",
            "DESCRIBE (SELECT * FROM quarterday_store.t)",
            "EXISTS TABLE quarterday_store.t",
            "EXPLAIN SELECT * FROM quarterday_store.t",
            "EXPLAIN QUERY TREE SELECT * FROM quarterday_store.t",
            "EXPLAIN ESTIMATE SELECT * FROM quarterday_store.t",
            "SELECT * FROM (EXPLAIN QUERY TREE SELECT * FROM quarterday_store.t)",
            "CHECK TABLE quarterday_store.t",
        ] {
            let answer = bi(&under, &[], sql).await;
            assert!(
                answer.status == 403 || answer.status == 404 && answer.code == Some(60),
                "{sql}: {} {}",
                answer.status,
                answer.text()
            );
        }
        assert_eq!(
            bi(&under, &[], "SHOW TABLES FROM quarterday_store").await.text(),
            ""
        );
        assert_eq!(
            bi(&under, &[], "SHOW COLUMNS FROM t FROM quarterday_store")
                .await
                .text(),
            ""
        );
    });
}

#[test]
fn nothing_can_be_changed() {
    with_server(async |under| {
        prepare(&under).await;
        for sql in [
            "INSERT INTO measures VALUES (1)",
            "INSERT INTO measures FORMAT TSV\n1\n",
            "INSERT INTO measures SELECT 1",
            "CREATE TABLE x (a Int8) ENGINE = Memory",
            "CREATE TEMPORARY TABLE x (a Int8)",
            "DROP TABLE measures",
            "TRUNCATE TABLE measures",
            "ALTER TABLE measures DELETE WHERE 1",
            "OPTIMIZE TABLE measures",
            "SET ROLE full",
            "SET ROLE ALL",
            "SET max_threads = 1",
            "USE quarterday_store",
            "KILL QUERY WHERE 1",
            "SYSTEM FLUSH LOGS",
            "GRANT ALL ON *.* TO default",
            "CREATE FUNCTION f AS (x) -> x",
            "BACKUP TABLE measures TO Disk('default', 'x')",
        ] {
            let answer = bi(&under, &[], sql).await;
            assert_eq!(answer.status, 403, "{sql}: {}", answer.text());
        }
        assert_eq!(under.text("SELECT a FROM quarterday.measures").await, "7\n");
    });
}

#[test]
fn parameters_and_settings_open_no_door() {
    with_server(async |under| {
        prepare(&under).await;
        let denied = [
            ("database", "quarterday_store"),
            ("database", "system"),
            ("param_d", "system"),
        ];
        for parameter in denied {
            let other = ("param_d", "measures");
            let query = if parameter.0 == "param_d" {
                vec![parameter]
            } else {
                vec![parameter, other]
            };
            let answer = bi(&under, &query, "SELECT * FROM {d:Identifier}.processes").await;
            assert_eq!(answer.status, 403, "{parameter:?}");
        }
        let other = bi(
            &under,
            &[("param_d", "quarterday_store")],
            "SELECT * FROM {d:Identifier}.t",
        )
        .await;
        assert_eq!(other.code, Some(497));
        let setting = bi(
            &under,
            &[("readonly", "0")],
            "CREATE TABLE x (a Int8) ENGINE = Memory",
        )
        .await;
        assert_eq!(setting.status, 403);
        let in_query = bi(
            &under,
            &[],
            "SELECT * FROM quarterday_store.t SETTINGS readonly = 0",
        )
        .await;
        // The engine refuses the setting before it looks at the table.
        assert_eq!(in_query.code, Some(164));
    });
}

#[test]
fn tables_of_its_own_may_come_along() {
    with_server(async |under| {
        prepare(&under).await;
        let form = |structure: &str| {
            Form::new()
                .text("query", "SELECT a FROM measures WHERE a IN (SELECT a FROM ids)")
                .text("ids_structure", structure)
                .file("ids", "ids", "7\n")
        };
        let ask = |form: Form| answered(form.on(under.post(&[]).basic_auth("bi", Some("secret"))));
        assert_eq!(ask(form("a UInt8")).await.text(), "7\n");
        assert_eq!(
            ask(form("a UInt8 DEFAULT (SELECT max(a) FROM quarterday_store.t)"))
                .await
                .code,
            Some(36)
        );
    });
}
