//! On the embedded broker.

use super::Replay;
use crate::support::shared;

#[tokio::test(flavor = "multi_thread")]
async fn the_review_through_the_embedded_broker_with_two_workers_twice() {
    let replay = Replay::prepare("embedded", shared::kafka(), shared::registry(), 1).await;
    let workers = [replay.worker(), replay.worker()];
    replay.produce().await;
    replay.work_off().await;
    let first = replay.check().await;
    for worker in workers {
        worker.stop().await.unwrap();
    }

    replay.consume_again().await;
    assert_eq!(replay.check().await, first, "consuming again changes nothing");
}
