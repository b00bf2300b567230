//! The same on Apache Kafka.

use quarterday::bench::apache_kafka::ApacheKafka;
use quarterday::bench::or_skip;

use super::replay::Broker;
use super::{by_fingerprint, erased, gaps, twice};

#[tokio::test(flavor = "multi_thread")]
async fn one_apache_broker_behaves_as_the_embedded_one() {
    let kafka = or_skip(
        "Apache Kafka",
        tokio::task::block_in_place(|| ApacheKafka::start(1)),
    );
    let Some(kafka) = kafka else { return };
    let broker = Broker::new("apache", kafka.settings(), 1);
    twice::consuming_again_changes_nothing(&broker, 1).await;
    by_fingerprint::writers_are_known_by_registered_versions(&broker).await;
    gaps::are_in_the_books(&broker).await;
    erased::is_known_by_range(&broker).await;
}
