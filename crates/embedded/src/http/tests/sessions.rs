//! Sessions keep what a statement left in them, and nothing else.

use super::{Answered, Under, answered, with_server};

async fn ask(under: &Under, session: &str, more: &[(&str, &str)], sql: &str) -> Answered {
    let mut query = vec![("session_id", session)];
    query.extend(more);
    answered(under.post(&query).body(sql.to_owned())).await
}

#[test]
fn temporary_tables_and_settings_stay() {
    with_server(async |under| {
        assert_eq!(
            ask(&under, "s", &[], "CREATE TEMPORARY TABLE t (a Int8)")
                .await
                .status,
            200
        );
        assert_eq!(
            ask(&under, "s", &[], "INSERT INTO t VALUES (7)").await.status,
            200
        );
        assert_eq!(ask(&under, "s", &[], "SELECT a FROM t").await.text(), "7\n");
        assert_eq!(ask(&under, "other", &[], "SELECT a FROM t").await.code, Some(60));
        assert_eq!(ask(&under, "s", &[], "SET max_result_rows = 5").await.status, 200);
        assert_eq!(
            ask(&under, "s", &[], "SELECT getSetting('max_result_rows')")
                .await
                .text(),
            "5\n"
        );
        assert_eq!(ask(&under, "s", &[], "USE system").await.status, 200);
        assert_eq!(
            ask(&under, "s", &[], "SELECT currentDatabase()").await.text(),
            "system\n"
        );
    });
}

#[test]
fn a_request_s_settings_do_not_stay() {
    with_server(async |under| {
        let sql = "SELECT getSetting('max_result_rows'), getSetting('join_algorithm')";
        ask(&under, "s", &[], "SET join_algorithm = 'full_sorting_merge'").await;
        let changed = [("max_result_rows", "9"), ("join_algorithm", "hash")];
        assert_eq!(ask(&under, "s", &changed, sql).await.text(), "9\thash\n");
        assert_eq!(ask(&under, "s", &[], sql).await.text(), "0\tfull_sorting_merge\n");
        // Nor do they when the request fails, and the session lives on.
        assert_eq!(
            ask(&under, "s", &[("max_result_rows", "9"), ("nope", "1")], sql)
                .await
                .code,
            Some(115)
        );
        assert_eq!(
            ask(&under, "s", &changed, "SELECT throwIf(1)").await.code,
            Some(395)
        );
        assert_eq!(ask(&under, "s", &[], sql).await.text(), "0\tfull_sorting_merge\n");
    });
}

#[test]
fn sessions_are_checked_closed_and_counted() {
    with_server(async |under| {
        assert_eq!(
            ask(&under, "new", &[("session_check", "1")], "SELECT 1")
                .await
                .code,
            Some(372)
        );
        ask(&under, "new", &[], "SET max_threads = 1").await;
        assert_eq!(
            ask(&under, "new", &[("session_check", "1")], "SELECT 1")
                .await
                .status,
            200
        );
        ask(&under, "new", &[("close_session", "1")], "SELECT 1").await;
        assert_eq!(
            ask(&under, "new", &[("session_check", "1")], "SELECT 1")
                .await
                .code,
            Some(372)
        );
        assert_eq!(
            ask(&under, "x", &[("session_timeout", "5000")], "SELECT 1")
                .await
                .code,
            Some(374)
        );
        // The limit is four here; sessions without a connection make room, those with one do not.
        for number in 0..10 {
            assert_eq!(
                ask(&under, &format!("idle {number}"), &[], "SELECT 1")
                    .await
                    .status,
                200
            );
        }
        for number in 0..4 {
            assert_eq!(
                ask(&under, &format!("kept {number}"), &[], "SET max_threads = 1")
                    .await
                    .status,
                200
            );
        }
        let full = ask(&under, "one more", &[], "SELECT 1").await;
        assert_eq!((full.status, full.code), (503, Some(202)));
    });
}

#[test]
fn a_session_takes_one_request_at_a_time() {
    with_server(async |under| {
        let slow = under
            .post(&[("session_id", "s"), ("query_id", "slow")])
            .body("SELECT count() FROM numbers(1000000000000) WHERE NOT ignore(number)");
        let slow = tokio::spawn(answered(slow));
        let find = "SELECT count() FROM system.processes WHERE Settings['log_comment'] = 'slow'";
        while under.text(find).await != "1\n" {}
        assert_eq!(ask(&under, "s", &[], "SELECT 1").await.code, Some(373));
        slow.abort();
        while ask(&under, "s", &[], "SELECT 1").await.code == Some(373) {}
    });
}
