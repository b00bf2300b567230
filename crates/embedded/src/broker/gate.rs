//! Every request passes here: what reads the log is answered by our own reader, what would make tansu panic is kept
//! from it, and stopping waits for what is being worked on.

use std::sync::Arc;

use rama::{Context, Service};
use tansu_broker::Error;
use tansu_sans_io::{
    Body, ErrorCode, Frame, Header, InitProducerIdResponse, ProduceRequest, ProduceResponse,
};
use tokio::sync::{RwLock, watch};

use super::fetch::Fetcher;
use super::log::LogFile;
use super::offsets;
use super::produce::{self, Checked};

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
    log: Arc<LogFile>,
    traffic: Arc<Traffic>,
}

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
    pub(super) fn new(routes: S, fetcher: Fetcher, log: Arc<LogFile>, traffic: Arc<Traffic>) -> Self {
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
                if let Body::ProduceRequest(produce) = &request.body {
                    self.follow_epochs(produce).await?;
                }
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
    /// A client that lost a message goes on with the next epoch of its id by itself; tansu panics on one it did not
    /// give.
    async fn follow_epochs(&self, request: &ProduceRequest) -> Result<(), Error> {
        let unknown = produce::new_epochs(request, &self.log).map_err(storage_error)?;
        if unknown.is_empty() {
            return Ok(());
        }
        let _alone = self.traffic.working.write().await;
        unknown
            .into_iter()
            .try_for_each(|(producer, epoch)| self.log.add_epoch(producer, epoch))
            .map_err(storage_error)
    }

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
                Ok(answer.map_err(storage_error)?.into())
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
                let checked = tokio::task::spawn_blocking(move || Checked::new(produce, &log)).await?;
                let answer = pass(checked.request.into()).await?;
                self.traffic
                    .produced
                    .send_modify(|count| *count = count.wrapping_add(1));
                Ok(checked.refused.explain(ProduceResponse::try_from(answer)?).into())
            }
            other => pass(other).await,
        }
    }
}

fn storage_error(error: libsql::Error) -> Error {
    Error::Message(error.to_string())
}

fn no_transactions() -> InitProducerIdResponse {
    InitProducerIdResponse::default()
        .error_code(ErrorCode::TransactionalIdAuthorizationFailed.into())
        .producer_id(-1)
        .producer_epoch(-1)
}
