//! Which requests tansu answers. What is not listed is not advertised to clients, because it
//!
//! - cannot work (transactions have no end, access lists no meaning, describing groups fails on tansu's own records),
//! - would end tansu's storage task by a panic (deleting records, some changes of topic settings, describing the
//!   partitions of a topic id that is not there), or
//! - would delete returns or a worker's place in them (deleting topics, groups): Kafka holds the only copy.

use tansu_broker::Error;
use tansu_broker::coordinator::group::administrator::Controller;
use tansu_broker::service::{coordinator, storage};
use tansu_service::{FrameRouteBuilder, FrameRouteService};
use tansu_storage::StorageContainer;

type Builder = FrameRouteBuilder<(), Error>;
type AddRoute = fn(Builder, StorageContainer) -> Result<Builder, Error>;

/// Some are here only to be advertised, like the calls of group members: [`super::gate`] answers them itself.
const ROUTES: &[AddRoute] = &[
    storage::create_topics,
    storage::describe_cluster,
    storage::describe_configs,
    storage::fetch,
    storage::find_coordinator,
    storage::init_producer_id,
    storage::list_groups,
    storage::list_offsets,
    storage::metadata,
    storage::produce,
];

/// The routes of one connection.
pub(super) fn routes(
    storage: &StorageContainer,
    positions: Controller<StorageContainer>,
) -> Result<FrameRouteService<(), Error>, Error> {
    let builder = FrameRouteService::<(), Error>::builder();
    let builder = ROUTES
        .iter()
        .try_fold(builder, |builder, add| add(builder, storage.clone()))?;
    Ok(coordinator::services(builder, positions)?.build()?)
}
