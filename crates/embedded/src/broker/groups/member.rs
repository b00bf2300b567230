//! A member of a group, what it asks, and how it is answered.

use std::time::{Duration, Instant};

use bytes::Bytes;
use tansu_sans_io::ErrorCode;
use tokio::sync::oneshot;

/// An answer now or later.
pub(super) enum Reply<T> {
    Now(Result<T, ErrorCode>),
    Later(oneshot::Receiver<Result<T, ErrorCode>>),
}

/// Who waits for an answer.
pub(super) type Waiter<T> = oneshot::Sender<Result<T, ErrorCode>>;

/// A wish to be a member.
#[derive(Clone, Debug)]
pub(super) struct JoinCall {
    /// Empty for a newcomer.
    pub(super) member: String,
    /// The id of a static member, which stays the same over restarts of its process.
    pub(super) instance: Option<String>,
    /// What the id of a newcomer begins with.
    pub(super) client: String,
    /// Whether a newcomer must come twice: first for its id, then with it.
    pub(super) id_first: bool,
    /// Without a sign of life for so long a member is gone.
    pub(super) session: Duration,
    /// How long the member may take to join again.
    pub(super) rebalance: Duration,
    pub(super) protocol_type: String,
    /// Ways to divide the partitions, most liked first, each with the member's data for it.
    pub(super) protocols: Vec<(String, Bytes)>,
}

/// A member of a generation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Joined {
    pub(super) generation: i32,
    pub(super) protocol_type: String,
    pub(super) protocol: String,
    pub(super) leader: String,
    pub(super) member: String,
    /// For the leader: everybody with instance and data; for others nothing.
    pub(super) members: Vec<(String, Option<String>, Bytes)>,
}

/// What came of a wish to be a member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum JoinOutcome {
    /// Come again with this id.
    ComeAgain { member: String },
    /// Welcome.
    Joined(Joined),
}

/// A question who reads what; from the leader the answer.
#[derive(Clone, Debug)]
pub(super) struct SyncCall {
    pub(super) member: String,
    pub(super) generation: i32,
    pub(super) plan: Vec<(String, Bytes)>,
}

/// What a member reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Share {
    pub(super) protocol_type: String,
    pub(super) protocol: String,
    pub(super) assignment: Bytes,
}

/// A member.
pub(super) struct Member {
    pub(super) call: JoinCall,
    pub(super) last_seen: Instant,
    pub(super) assignment: Bytes,
    pub(super) joining: Option<Waiter<JoinOutcome>>,
    pub(super) syncing: Option<Waiter<Share>>,
}

impl Member {
    pub(super) fn new(call: JoinCall, now: Instant) -> Self {
        Self {
            call,
            last_seen: now,
            assignment: Bytes::new(),
            joining: None,
            syncing: None,
        }
    }

    /// A member that waits for us is alive.
    pub(super) fn is_gone(&self, now: Instant) -> bool {
        self.joining.is_none()
            && self.syncing.is_none()
            && now.saturating_duration_since(self.last_seen) > self.call.session
    }

    pub(super) fn metadata(&self, protocol: &str) -> Option<&Bytes> {
        self.call
            .protocols
            .iter()
            .find(|(name, _)| name == protocol)
            .map(|(_, metadata)| metadata)
    }
}
