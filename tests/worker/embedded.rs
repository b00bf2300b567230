//! On the embedded broker.

use super::replay::Broker;
use super::{away, behind, both, by_fingerprint, held, huge, outcomes, twice, unwell, watched};

#[tokio::test(flavor = "multi_thread")]
async fn the_review_through_two_workers_twice() {
    twice::consuming_again_changes_nothing(&Broker::embedded(), 2).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn clickhouse_goes_away_in_the_middle_and_comes_back() {
    away::comes_back(&Broker::embedded()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn writers_are_known_by_the_fingerprints_of_registered_versions() {
    by_fingerprint::writers_are_known_by_registered_versions(&Broker::embedded()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_that_the_registry_has_no_answer_for_hold_nothing_up() {
    unwell::holds_nothing_up(&Broker::embedded()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn large_messages_are_quarantined_whole_and_stop_nothing() {
    huge::large_messages_wait_whole(&Broker::embedded(), 10 << 20).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_says_that_clickhouse_is_away_and_that_it_is_alive() {
    watched::clickhouse_away_is_told(&Broker::embedded()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_became_of_messages_is_what_the_log_says() {
    watched::examined_messages_are_as_in_the_log(&Broker::embedded()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_outcome_is_kept_whatever_changes() {
    outcomes::are_kept_whatever_changes(&Broker::embedded()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_is_lost_is_made_again_by_the_same_group() {
    outcomes::a_lost_store_is_made_again(&Broker::embedded()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_outcomes_are_told_and_mended() {
    both::are_told_and_mended(&Broker::embedded()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn measures_are_not_said_to_be_fresh_while_refreshes_are_held() {
    held::measures_are_not_said_to_be_fresh(&Broker::embedded()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_behind_its_log_is_compared_with_what_is_shown() {
    behind::is_compared_with_what_is_shown(&Broker::embedded()).await;
}
