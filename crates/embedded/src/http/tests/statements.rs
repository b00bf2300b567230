//! Statements, parameters, settings and errors.

use super::{Form, answered, with_server};

#[test]
fn text_may_stand_in_url_body_and_form() {
    with_server(async |under| {
        assert_eq!(under.text("SELECT 1").await, "1\n");
        assert_eq!(
            answered(under.post(&[("query", "SELECT 1,")]).body("2"))
                .await
                .text(),
            "1\t2\n"
        );
        let url = format!("http://{}/?query=SELECT%201", under.address);
        assert_eq!(answered(under.client.get(&url)).await.text(), "1\n");
        let form = Form::new()
            .text("query", "SELECT {x:String}, {y:UInt8}")
            .text("param_x", "it\\'s\\n")
            .text("param_y", "7");
        assert_eq!(answered(form.on(under.post(&[]))).await.text(), "it\\'s\\n\t7\n");
    });
}

#[test]
fn ping_and_plain_get_say_ok() {
    with_server(async |under| {
        for path in ["ping", "replicas_status", "", "?database=default"] {
            let answer = answered(under.client.get(format!("http://{}/{path}", under.address))).await;
            assert_eq!((answer.status, answer.text().as_str()), (200, "Ok.\n"), "{path}");
        }
        let head = answered(under.client.head(format!("http://{}/ping", under.address))).await;
        assert_eq!(head.status, 200);
        assert_eq!(
            answered(under.client.get(format!("http://{}/play", under.address)))
                .await
                .status,
            404
        );
        assert_eq!(
            answered(under.client.put(format!("http://{}/", under.address)))
                .await
                .status,
            405
        );
    });
}

#[test]
fn get_reads_only() {
    with_server(async |under| {
        let get = |sql: &'static str| {
            answered(
                under
                    .client
                    .get(format!("http://{}/", under.address))
                    .query(&[("query", sql)]),
            )
        };
        assert_eq!(get("CREATE DATABASE by_get").await.code, Some(164));
        assert_eq!(get("INSERT INTO by_get.t VALUES (1)").await.code, Some(164));
        assert_eq!(get("SELECT 1").await.status, 200);
        assert_eq!(get("SELECT").await.code, Some(62));
    });
}

#[test]
fn parameters_of_concurrent_requests_do_not_mix() {
    with_server(async |under| {
        let requests = (0..200).map(|number: i32| {
            let request = under
                .post(&[("param_x", number.to_string().as_str())])
                .body("SELECT {x:Int32}");
            async move { (number, answered(request).await.text()) }
        });
        for (number, text) in futures::future::join_all(requests).await {
            assert_eq!(text, format!("{number}\n"));
        }
        assert_eq!(under.code("SELECT {x:Int32}").await, Some(456));
        assert_eq!(
            answered(under.post(&[("param_x", "a")]).body("SELECT {x:Int32}"))
                .await
                .code,
            Some(457)
        );
    });
}

#[test]
fn settings_apply_to_their_request_only() {
    with_server(async |under| {
        let sql = "SELECT value FROM system.settings WHERE name = 'max_result_rows'";
        assert_eq!(
            answered(under.post(&[("max_result_rows", "77")]).body(sql))
                .await
                .text(),
            "77\n"
        );
        assert_eq!(under.text(sql).await, "0\n");
        let unknown = answered(under.post(&[("no_such_setting", "1")]).body("SELECT 1")).await;
        assert_eq!((unknown.status, unknown.code), (404, Some(115)));
        let ignored = [
            ("wait_end_of_query", "1"),
            ("buffer_size", "1"),
            ("client_protocol_version", "54405"),
            ("quota_key", "x"),
        ];
        assert_eq!(
            answered(under.post(&ignored).body("SELECT 1")).await.text(),
            "1\n"
        );
    });
}

#[test]
fn errors_have_code_status_and_name() {
    with_server(async |under| {
        for (sql, status, code, name) in [
            ("SELEC 1", 400, 62, "SYNTAX_ERROR"),
            ("", 400, 62, "SYNTAX_ERROR"),
            ("SELECT 1; SELECT 2", 400, 62, "SYNTAX_ERROR"),
            ("SELECT * FROM nowhere.t", 404, 81, "UNKNOWN_DATABASE"),
            ("SELECT no_such_function(1)", 404, 46, "UNKNOWN_FUNCTION"),
            (
                "SELECT throwIf(1)",
                500,
                395,
                "FUNCTION_THROW_IF_VALUE_IS_NON_ZERO",
            ),
            ("SELECT 1 FORMAT Nope", 404, 73, "UNKNOWN_FORMAT"),
            ("INTERNAL EXCEPTION WHILE SERIALIZING", 400, 62, "SYNTAX_ERROR"),
        ] {
            let answer = under.ask(sql).await;
            assert_eq!(
                (answer.status, answer.code),
                (status, Some(code)),
                "{sql}: {}",
                answer.text()
            );
            let tail = format!(
                "({name}) (version {} (official build))\n",
                under.shared.engine.version()
            );
            assert!(answer.text().ends_with(&tail), "{sql}: {}", answer.text());
        }
    });
}

#[test]
fn several_statements_run_none() {
    with_server(async |under| {
        under
            .all(&[
                "CREATE DATABASE several",
                "CREATE TABLE several.t (a Int8) ENGINE = Memory",
            ])
            .await;
        for sql in [
            "DROP TABLE several.t; SELECT 1",
            "DROP TABLE several.t; garbage",
            "INSERT INTO several.t VALUES (1); DROP TABLE several.t",
        ] {
            assert_eq!(under.code(sql).await, Some(62), "{sql}");
        }
        assert_eq!(under.text("SELECT count() FROM several.t;").await, "0\n");
    });
}

#[test]
fn tables_may_come_with_the_request() {
    with_server(async |under| {
        let form = Form::new()
            .text(
                "query",
                "SELECT a, b FROM ext WHERE a IN (SELECT _1 FROM ids) ORDER BY a",
            )
            .text("ext_structure", "a UInt8, b String")
            .text("ids_types", "UInt8")
            .file("ext", "x", "1\tx\n2\ty\n3\tz\n")
            .file("ids", "", "1\n3\n");
        assert_eq!(answered(form.on(under.post(&[]))).await.text(), "1\tx\n3\tz\n");
        let form = Form::new()
            .text("query", "SELECT 1")
            .text("e_structure", "a String DEFAULT (SELECT 1)")
            .file("e", "x", "");
        assert_eq!(answered(form.on(under.post(&[]))).await.code, Some(36));
    });
}

#[test]
fn a_running_query_is_found_by_its_id_and_killed() {
    with_server(async |under| {
        let slow = under
            .post(&[("query_id", "slow one")])
            .body("SELECT count() FROM numbers(1000000000000) WHERE NOT ignore(number)");
        let slow = tokio::spawn(answered(slow));
        let find = "SELECT count() FROM system.processes WHERE Settings['log_comment'] = 'slow one'";
        while under.text(find).await != "1\n" {}
        assert_eq!(
            answered(under.post(&[("query_id", "slow one")]).body("SELECT 1"))
                .await
                .code,
            Some(216)
        );
        under.text("KILL QUERY WHERE query_id = 'slow one' SYNC").await;
        assert_eq!(slow.await.unwrap().code, Some(394));
    });
}

#[test]
fn a_query_whose_client_has_gone_is_stopped() {
    with_server(async |under| {
        let request = under
            .post(&[("query_id", "left"), ("wait_end_of_query", "1")])
            .body("SELECT count() FROM numbers(1000000000000) WHERE NOT ignore(number)");
        let slow = tokio::spawn(answered(request));
        let find = "SELECT count() FROM system.processes WHERE Settings['log_comment'] = 'left'";
        while under.text(find).await != "1\n" {}
        slow.abort();
        while under.text(find).await != "0\n" {}
    });
}
