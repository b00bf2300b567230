//! Inserts: bytes arrive as they were sent, or nothing is stored.

use std::io::Write;

use lz4_flex::frame::FrameEncoder;

use super::{Under, answered, with_server};
use crate::http::body::frames;

async fn table(under: &Under, database: &str, columns: &str) -> String {
    under.all(&[&format!("CREATE DATABASE {database}")]).await;
    under
        .all(&[&format!(
            "CREATE TABLE {database}.t ({columns}) ENGINE = MergeTree ORDER BY a"
        )])
        .await;
    format!("{database}.t")
}

#[test]
fn empty_lines_in_data_are_data() {
    with_server(async |under| {
        let table = table(&under, "empty_lines", "a UInt16, s String").await;
        // 0x0A0A twice: as a number and in a text.
        let mut row = vec![0x0A, 0x0A, 4];
        row.extend(b"x\n\ny");
        let answer = answered(
            under
                .post(&[("query", &format!("INSERT INTO {table} FORMAT RowBinary"))])
                .body(row),
        )
        .await;
        assert_eq!(
            (answer.status, answer.summary("written_rows")),
            (200, "1".to_owned()),
            "{}",
            answer.text()
        );
        let sql = format!("INSERT INTO {table} FORMAT CSV\n1,\"a\n\nSELECT 2\n\n\"\n");
        under.text(&sql).await;
        under
            .text(&format!(
                "INSERT INTO {table} VALUES (2, 'b\n\nc'),\n\n (3, upper('d'));"
            ))
            .await;
        let expected = "1\ta\\n\\nSELECT 2\\n\\n\n2\tb\\n\\nc\n3\tD\n2570\tx\\n\\ny\n";
        assert_eq!(
            under.text(&format!("SELECT * FROM {table} ORDER BY a")).await,
            expected
        );
    });
}

#[test]
fn the_statement_may_stand_in_the_compressed_body() {
    with_server(async |under| {
        let table = table(&under, "compressed", "a UInt32").await;
        let frame = |raw: &[u8]| {
            let mut encoder = FrameEncoder::new(Vec::new());
            encoder.write_all(raw).unwrap();
            encoder.finish().unwrap()
        };
        let mut body = frame(format!("INSERT INTO {table} (a) FORMAT TSV\n1\n").as_bytes());
        body.extend(frame(b"2\n"));
        body.extend(frame(b"3\n"));
        let answer = answered(under.post(&[]).header("Content-Encoding", "lz4").body(body)).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        let native = frames::write(b"4\n5\n");
        let query = format!("INSERT INTO {table} FORMAT TSV");
        let answer = answered(under.post(&[("query", &query), ("decompress", "1")]).body(native)).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        let zstd = zstd::encode_all(&b"6\n"[..], 1).unwrap();
        let answer = answered(
            under
                .post(&[("query", &query)])
                .header("Content-Encoding", "zstd")
                .body(zstd),
        )
        .await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        assert_eq!(
            under
                .text(&format!(
                    "SELECT groupArray(a) FROM (SELECT a FROM {table} ORDER BY a)"
                ))
                .await,
            "[1,2,3,4,5,6]\n"
        );
        let broken = answered(
            under
                .post(&[("query", &query)])
                .header("Content-Encoding", "br")
                .body("x"),
        )
        .await;
        assert_eq!((broken.status, broken.code), (400, Some(89)));
    });
}

#[test]
fn a_cut_off_body_stores_nothing() {
    with_server(async |under| {
        let table = table(&under, "cut_off", "a UInt32").await;
        let rows = "1\n".repeat(1000);
        let head = format!(
            "POST /?query=INSERT+INTO+{table}+FORMAT+TSV HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
        );
        let chunked = format!(
            "{head}Transfer-Encoding: chunked\r\n\r\n{:x}\r\n{rows}\r\n",
            rows.len()
        );
        let short = format!("{head}Content-Length: {}\r\n\r\n{rows}", rows.len() + 10);
        let frames = frames::write(rows.as_bytes());
        let mut framed = format!(
            "{}&decompress=1 HTTP/1.1\r\nHost: localhost\r\nContent-Length: {}\r\n\r\n",
            head.split(" HTTP").next().unwrap(),
            frames.len() - 1
        )
        .into_bytes();
        framed.extend(&frames[..frames.len() - 1]);
        for request in [chunked.clone().into_bytes(), short.into_bytes(), framed] {
            let answer = under.raw(&request, true);
            assert!(
                !answer.starts_with(b"HTTP/1.1 200"),
                "{}",
                String::from_utf8_lossy(&answer)
            );
        }
        assert_eq!(under.text(&format!("SELECT count() FROM {table}")).await, "0\n");
        let whole = format!("{chunked}0\r\n\r\n");
        assert!(under.raw(whole.as_bytes(), false).starts_with(b"HTTP/1.1 200"));
        assert_eq!(
            under.text(&format!("SELECT count() FROM {table}")).await,
            "1000\n"
        );
    });
}

#[test]
fn wrong_data_is_refused_and_the_connection_lives_on() {
    with_server(async |under| {
        let table = table(&under, "wrong_data", "a UInt32").await;
        let query = format!("INSERT INTO {table} FORMAT TSV");
        // More than a socket buffers, so that the server has to read on to get its answer through.
        let body = "x\n".repeat(4 << 20);
        let answer = answered(under.post(&[("query", &query)]).body(body)).await;
        assert_eq!((answer.status, answer.code), (400, Some(27)), "{}", answer.text());
        assert_eq!(
            under.code(&format!("INSERT INTO {table} FORMAT TSV ;1")).await,
            Some(62)
        );
        assert_eq!(
            under.code(&format!("INSERT INTO {table} VALUES (1); (2)")).await,
            Some(62)
        );
        assert_eq!(under.code(&format!("INSERT INTO {table} VALUES")).await, Some(62));
        assert_eq!(
            under.code("INSERT INTO wrong_data.missing FORMAT TSV\n1").await,
            Some(60)
        );
        assert_eq!(under.text(&format!("SELECT count() FROM {table}")).await, "0\n");
    });
}

#[test]
fn settings_and_parameters_reach_an_insert() {
    with_server(async |under| {
        under.all(&["CREATE DATABASE insert_params", "CREATE TABLE insert_params.t (a Int32, s String) ENGINE = MergeTree ORDER BY a SETTINGS non_replicated_deduplication_window = 10"]).await;
        let values = under
            .post(&[("param_a", "5"), ("param_s", "it\\'s\\ta")])
            .body("INSERT INTO insert_params.t VALUES ({a:Int32}, {s:String})");
        assert_eq!(answered(values).await.status, 200);
        assert_eq!(
            under.text("SELECT * FROM insert_params.t").await,
            "5\tit\\'s\\ta\n"
        );
        for value in ["6", "7"] {
            let insert = under
                .post(&[
                    ("insert_deduplication_token", "x"),
                    ("query", "INSERT INTO insert_params.t (a) FORMAT TSV"),
                ])
                .body(value);
            assert_eq!(answered(insert).await.status, 200);
        }
        assert_eq!(
            under
                .text("SELECT arraySort(groupArray(a)) FROM insert_params.t")
                .await,
            "[5,6]\n"
        );
    });
}

#[test]
fn a_statement_that_selects_has_no_data() {
    with_server(async |under| {
        let table = table(&under, "insert_select", "a UInt32").await;
        let answer = under
            .ask(&format!("INSERT INTO {table} SELECT number FROM numbers(10)"))
            .await;
        assert_eq!(
            (answer.status, answer.summary("written_rows")),
            (200, "10".to_owned())
        );
        assert_eq!(under.text(&format!("SELECT sum(a) FROM {table}")).await, "45\n");
    });
}

#[test]
fn curl_s_large_bodies_are_asked_for() {
    with_server(async |under| {
        let table = table(&under, "expect", "a UInt32").await;
        let head = format!(
            "POST /?query=INSERT+INTO+{table}+FORMAT+TSV HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 2\r\nConnection: close\r\n\r\n1\n"
        );
        let answer = String::from_utf8(under.raw(head.as_bytes(), false)).unwrap();
        assert!(
            answer.starts_with("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK"),
            "{answer}"
        );
    });
}
