//! The Review replayed, and consumed again from the beginning by another group.

use super::Replay;
use super::replay::Broker;

pub async fn consuming_again_changes_nothing(broker: &Broker, workers: usize) {
    let replay = Replay::prepare(&broker.named("twice"), broker).await;
    let names = replay.system.in_force.catalogue.feed_names();
    // Each takes some of the feeds.
    let shares = names.chunks(names.len().div_ceil(workers));
    let workers: Vec<_> = shares
        .map(|share| {
            replay
                .worker_with(|settings| settings.feeds = share.iter().map(|&name| name.to_owned()).collect())
        })
        .collect();
    replay.produce().await;
    replay.work_off().await;
    let first = replay.check().await;
    for worker in workers {
        worker.stop().await.unwrap();
    }

    replay.consume_again().await;
    assert_eq!(replay.check().await, first, "consuming again changes nothing");
}
