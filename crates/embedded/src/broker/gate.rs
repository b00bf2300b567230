//! Every request passes here: what reads the log is answered by our own reader, what would make tansu panic is kept
//! from it, and stopping waits for what is being worked on.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use rama::{Context, Service};
use tansu_broker::Error;
use tansu_sans_io::record::deflated::Batch;
use tansu_sans_io::record::inflated;
use tansu_sans_io::{
    Body, ErrorCode, Frame, Header, InitProducerIdResponse, ProduceRequest, ProduceResponse,
};
use tokio::sync::{RwLock, watch};

use super::fetch::Fetcher;
use super::log::{LogReader, TopicRef};
use super::offsets;

/// The largest batch that is taken, bytes on the wire: 16 MiB of message with room for its frame.
const BATCH_LIMIT: usize = (16 << 20) + (64 << 10);

/// More records than any client packs into a batch of that size.
const RECORD_LIMIT: u32 = 1 << 20;

/// What all connections share.
pub(super) struct Traffic {
    /// Counts produce requests, to wake waiting fetches.
    produced: watch::Sender<u64>,
    /// Held for reading while a request is worked on.
    working: RwLock<()>,
}

/// One connection's way to the services.
pub(super) struct Gate<S> {
    routes: S,
    fetcher: Fetcher,
    log: Arc<LogReader>,
    traffic: Arc<Traffic>,
}

/// A partition of a produce request whose batches are refused.
type Refused = HashMap<(String, i32), ErrorCode>;

impl Default for Traffic {
    fn default() -> Self {
        Self {
            produced: watch::Sender::new(0),
            working: RwLock::new(()),
        }
    }
}

impl Traffic {
    /// A counter that changes whenever something was produced.
    pub(super) fn produced(&self) -> watch::Receiver<u64> {
        self.produced.subscribe()
    }

    /// Waits until no request but fetches is worked on, and lets none begin.
    pub(super) async fn quiet(&self) {
        // Never unlocked again.
        std::mem::forget(self.working.write().await);
    }
}

impl<S> Gate<S> {
    pub(super) fn new(routes: S, fetcher: Fetcher, log: Arc<LogReader>, traffic: Arc<Traffic>) -> Self {
        Self {
            routes,
            fetcher,
            log,
            traffic,
        }
    }
}

impl<S> Service<(), Frame> for Gate<S>
where
    S: Service<(), Frame, Response = Frame, Error = Error>,
{
    type Response = Frame;
    type Error = Error;

    async fn serve(&self, context: Context<()>, request: Frame) -> Result<Frame, Error> {
        let correlation_id = request.correlation_id()?;
        let body = match request.body {
            // A waiting fetch is no work: stopping does not wait for it.
            Body::FetchRequest(fetch) => self.fetcher.answer(fetch).await?.into(),
            _ => {
                let _working = self.traffic.working.read().await;
                self.work(context, request).await?
            }
        };
        Ok(Frame {
            size: 0,
            header: Header::Response { correlation_id },
            body,
        })
    }
}

impl<S> Gate<S>
where
    S: Service<(), Frame, Response = Frame, Error = Error>,
{
    async fn work(&self, context: Context<()>, request: Frame) -> Result<Body, Error> {
        let Frame { size, header, body } = request;
        let pass = async |body| {
            self.routes
                .serve(context, Frame { size, header, body })
                .await
                .map(|frame| frame.body)
        };
        match body {
            Body::ListOffsetsRequest(wanted) => {
                let log = Arc::clone(&self.log);
                let answer = tokio::task::spawn_blocking(move || offsets::answer(&log, wanted)).await?;
                Ok(answer.map_err(|error| Error::Message(error.to_string()))?.into())
            }
            Body::InitProducerIdRequest(wanted) if wanted.transactional_id.is_some() => {
                Ok(no_transactions().into())
            }
            Body::InitProducerIdRequest(wanted) => {
                // A client that lost a message asks for the next epoch of its id, which tansu cannot give. A new id
                // serves as well.
                pass(wanted.producer_id(Some(-1)).producer_epoch(Some(-1)).into()).await
            }
            Body::ProduceRequest(produce) => {
                let log = Arc::clone(&self.log);
                let (produce, refused) =
                    tokio::task::spawn_blocking(move || refuse_malformed(produce, &log)).await?;
                let answer = pass(produce.into()).await?;
                self.traffic
                    .produced
                    .send_modify(|count| *count = count.wrapping_add(1));
                Ok(explain(ProduceResponse::try_from(answer)?, &refused).into())
            }
            other => pass(other).await,
        }
    }
}

fn no_transactions() -> InitProducerIdResponse {
    InitProducerIdResponse::default()
        .error_code(ErrorCode::TransactionalIdAuthorizationFailed.into())
        .producer_id(-1)
        .producer_epoch(-1)
}

/// Takes out the batches that tansu must not see; it answers partitions without batches by an error.
fn refuse_malformed(mut request: ProduceRequest, log: &LogReader) -> (ProduceRequest, Refused) {
    let mut refused = Refused::new();
    for topic in request.topic_data.iter_mut().flatten() {
        for partition in topic.partition_data.iter_mut().flatten() {
            let exists = matches!(
                log.bounds(TopicRef::Name(&topic.name), partition.index),
                Ok(Some(_))
            );
            let fault = if exists {
                partition
                    .records
                    .iter()
                    .flat_map(|records| &records.batches)
                    .find_map(fault)
            } else {
                Some(ErrorCode::UnknownTopicOrPartition)
            };
            if let Some(code) = fault {
                refused.insert((topic.name.clone(), partition.index), code);
                partition.records = None;
            }
        }
    }
    (request, refused)
}

fn fault(batch: &Batch) -> Option<ErrorCode> {
    if batch.record_data.len() > BATCH_LIMIT {
        return Some(ErrorCode::MessageTooLarge);
    }
    let claims = batch.record_count;
    if claims == 0 || claims > RECORD_LIMIT || i64::from(claims) != i64::from(batch.last_offset_delta) + 1 {
        return Some(ErrorCode::InvalidRecord);
    }
    // tansu's decoder panics on some malformed batches; here that costs nothing but the batch.
    let decoded = catch_unwind(AssertUnwindSafe(|| {
        inflated::Batch::try_from(batch.clone()).is_ok()
    }));
    (!decoded.unwrap_or(false)).then_some(ErrorCode::CorruptMessage)
}

fn explain(mut response: ProduceResponse, refused: &Refused) -> ProduceResponse {
    for topic in response.responses.iter_mut().flatten() {
        for partition in topic.partition_responses.iter_mut().flatten() {
            if let Some(code) = refused.get(&(topic.name.clone(), partition.index)) {
                partition.error_code = i16::from(*code);
            }
        }
    }
    response
}
