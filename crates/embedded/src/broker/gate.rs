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
use super::groups::Groups;
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
    shared: Shared,
}

/// What the connections of a broker share besides tansu.
#[derive(Clone)]
pub(super) struct Shared {
    pub(super) log: Arc<LogFile>,
    pub(super) traffic: Arc<Traffic>,
    pub(super) groups: Arc<Groups>,
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
    pub(super) fn new(routes: S, shared: Shared) -> Self {
        let fetcher = Fetcher::new(Arc::clone(&shared.log), shared.traffic.produced());
        Self {
            routes,
            fetcher,
            shared,
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
        let version = request.api_version()?;
        let client = request.client_id()?.unwrap_or("client").to_owned();
        let body = match request.body {
            // Calls that wait are no work: stopping does not wait for them.
            Body::FetchRequest(fetch) => self.fetcher.answer(fetch).await?.into(),
            Body::JoinGroupRequest(join) => self.shared.groups.join(join, version, &client).await,
            Body::SyncGroupRequest(sync) => self.shared.groups.sync(sync).await,
            _ => {
                if let Body::ProduceRequest(produce) = &request.body {
                    self.follow_epochs(produce).await?;
                }
                let _working = self.shared.traffic.working.read().await;
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
        let unknown = produce::new_epochs(request, &self.shared.log).map_err(storage_error)?;
        if unknown.is_empty() {
            return Ok(());
        }
        let _alone = self.shared.traffic.working.write().await;
        unknown
            .into_iter()
            .try_for_each(|(producer, epoch)| self.shared.log.add_epoch(producer, epoch))
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
                let log = Arc::clone(&self.shared.log);
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
                let log = Arc::clone(&self.shared.log);
                let checked = tokio::task::spawn_blocking(move || Checked::new(produce, &log)).await?;
                let answer = pass(checked.request.into()).await?;
                self.shared
                    .traffic
                    .produced
                    .send_modify(|count| *count = count.wrapping_add(1));
                Ok(checked.refused.explain(ProduceResponse::try_from(answer)?).into())
            }
            Body::HeartbeatRequest(heartbeat) => Ok(self.shared.groups.heartbeat(&heartbeat)),
            Body::LeaveGroupRequest(leave) => Ok(self.shared.groups.leave(leave)),
            Body::OffsetCommitRequest(commit) => match self.shared.groups.commit_refusal(&commit) {
                Some(refusal) => Ok(refusal),
                None => pass(commit.into()).await,
            },
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
