//! Formats, headers, streaming, compression, and answers that break off.

use std::io::Read;

use super::{answered, with_server};
use crate::http::body::frames::FrameReader;

#[test]
fn formats_and_headers_are_told() {
    with_server(async |under| {
        let answer = under.ask("SELECT 1 AS x FORMAT tsv").await;
        assert_eq!(answer.header("x-clickhouse-format"), "TabSeparated");
        assert_eq!(
            answer.header("content-type"),
            "text/tab-separated-values; charset=UTF-8"
        );
        assert_eq!(answer.header("x-clickhouse-server-display-name"), "quarterday");
        assert!(!answer.header("x-clickhouse-timezone").is_empty());
        assert_eq!(answer.summary("result_rows"), "1");
        let answer = answered(
            under
                .post(&[("default_format", "JSON"), ("query_id", "my id")])
                .body("SELECT 1 AS x"),
        )
        .await;
        assert_eq!(answer.header("x-clickhouse-query-id"), "my id");
        assert_eq!(
            serde_json::from_slice::<serde_json::Value>(&answer.body).unwrap()["data"][0]["x"],
            1
        );
        let header = under
            .post(&[("default_format", "JSON")])
            .header("X-ClickHouse-Format", "CSV")
            .body("SELECT 'a'");
        assert_eq!(answered(header).await.text(), "\"a\"\n");
        let ddl = under.ask("CREATE DATABASE formats").await;
        assert_eq!(
            (
                ddl.header("content-length"),
                ddl.header("x-clickhouse-format"),
                ddl.body.len()
            ),
            ("0", "", 0)
        );
    });
}

#[test]
fn streamed_results_equal_whole_ones() {
    with_server(async |under| {
        let sql =
            "SELECT number, toString(number) AS s, number % 3 = 0 ? NULL : number AS n FROM numbers(300000)";
        for format in [
            "Native",
            "RowBinary",
            "RowBinaryWithNames",
            "RowBinaryWithNamesAndTypes",
            "TSV",
            "CSV",
            "JSONEachRow",
        ] {
            let text = format!("{sql} ORDER BY number SETTINGS max_threads = 1 FORMAT {format}");
            let streamed = under.ask(&text).await;
            assert_eq!(
                streamed.header("x-clickhouse-exception-tag").len(),
                16,
                "{format}"
            );
            let whole = answered(under.post(&[("wait_end_of_query", "1")]).body(text)).await;
            assert!(whole.header("x-clickhouse-exception-tag").is_empty());
            // A whole Native result is one sequence of blocks too, cut elsewhere; the rest are equal to the byte.
            if format != "Native" {
                assert!(streamed.body == whole.body, "{format}");
            }
            assert_eq!(streamed.body.len(), whole.body.len(), "{format}");
        }
    });
}

#[test]
fn empty_results_keep_their_header() {
    with_server(async |under| {
        let answer = under
            .ask("SELECT number FROM numbers(0) FORMAT RowBinaryWithNamesAndTypes")
            .await;
        assert_eq!(answer.body, b"\x01\x06number\x06UInt64");
        assert_eq!(under.text("SELECT number FROM numbers(0)").await, "");
    });
}

#[test]
fn an_answer_that_breaks_off_says_so_and_has_no_end() {
    with_server(async |under| {
        let sql = "SELECT throwIf(number = 900000) FROM numbers(1000000) SETTINGS max_block_size = 65536, max_threads = 1";
        let request = format!(
            "POST / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{sql}",
            sql.len()
        );
        let answer = tokio::task::spawn_blocking(move || (under.raw(request.as_bytes(), false), under))
            .await
            .unwrap();
        let text = String::from_utf8_lossy(&answer.0);
        assert!(text.starts_with("HTTP/1.1 200 OK"), "{text:.100}");
        let tag = text
            .split("x-clickhouse-exception-tag: ")
            .nth(1)
            .unwrap()
            .split("\r\n")
            .next()
            .unwrap();
        assert!(
            text.contains(&format!("\r\n__exception__\r\n{tag}\r\nCode: 395.")),
            "{}",
            &text[text.len() - 700..]
        );
        assert!(
            text.trim_end().ends_with(&format!("{tag}\r\n__exception__")),
            "{}",
            &text[text.len() - 700..]
        );
        assert!(!text.ends_with("0\r\n\r\n"));

        let whole = answered(answer.1.post(&[("wait_end_of_query", "1")]).body(sql)).await;
        assert_eq!((whole.status, whole.code), (500, Some(395)));
    });
}

#[test]
fn answers_come_in_native_frames_if_asked_for() {
    with_server(async |under| {
        for sql in [
            "SELECT 1",
            "SELECT number FROM numbers(300000)",
            "SELECT number FROM numbers(300000) FORMAT JSON",
        ] {
            let plain = under.ask(sql).await.body;
            let framed = answered(under.post(&[("compress", "1")]).body(sql)).await;
            let mut raw = Vec::new();
            FrameReader::new(framed.body.as_slice())
                .read_to_end(&mut raw)
                .unwrap();
            if !sql.ends_with("JSON") {
                assert!(raw == plain, "{sql}");
            }
            assert!(!raw.is_empty());
        }
        let error = answered(under.post(&[("compress", "1")]).body("SELEC 1")).await;
        assert!(error.text().starts_with("Code: 62."));
    });
}

#[test]
fn a_client_that_reads_nothing_holds_nothing_up() {
    with_server(async |under| {
        let sql = "SELECT number, repeat('x', 100) FROM numbers(100000000)";
        let response = under
            .post(&[("query_id", "unread")])
            .body(sql)
            .send()
            .await
            .unwrap();
        drop(response);
        let find = "SELECT count() FROM system.processes WHERE Settings['log_comment'] = 'unread'";
        while under.text(find).await != "0\n" {}
    });
}
