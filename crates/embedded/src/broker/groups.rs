//! Consumer groups: who is a member, and who reads what. In memory: when the broker starts nobody can be a member yet, and
//! clients join again by themselves. Where a group stands in the log is in tansu's file and not here.
//!
//! Own code, because tansu's groups keep a leader that died: its group then waits for it, in some cases for ever. And
//! they take commits from members that lost their partitions.

mod group;
mod member;
mod wire;

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use tansu_sans_io::{
    Body, ErrorCode, HeartbeatRequest, JoinGroupRequest, LeaveGroupRequest, OffsetCommitRequest,
    SyncGroupRequest,
};

use group::Group;
use member::Reply;

/// All groups.
#[derive(Default)]
pub(super) struct Groups {
    groups: Mutex<HashMap<String, Group>>,
}

impl Groups {
    /// Answers when the group's members are complete. `version` is that of the request, `client` the client's name.
    pub(super) async fn join(&self, request: JoinGroupRequest, version: i16, client: &str) -> Body {
        let group = request.group_id.clone();
        let call = wire::join_call(request, version, client);
        let reply = self.groups().entry(group).or_default().join(call, Instant::now());
        wire::join_answer(settle(reply).await).into()
    }

    /// Answers when the group's leader has said who reads what.
    pub(super) async fn sync(&self, request: SyncGroupRequest) -> Body {
        let call = wire::sync_call(&request);
        let reply = match self.groups().get_mut(&request.group_id) {
            Some(group) => group.sync(call, Instant::now()),
            None => Reply::Now(Err(ErrorCode::UnknownMemberId)),
        };
        wire::sync_answer(settle(reply).await).into()
    }

    /// A sign of life.
    pub(super) fn heartbeat(&self, request: &HeartbeatRequest) -> Body {
        let mut groups = self.groups();
        let heard = groups
            .get_mut(&request.group_id)
            .ok_or(ErrorCode::UnknownMemberId);
        let heard = heard
            .and_then(|group| group.heartbeat(&request.member_id, request.generation_id, Instant::now()));
        wire::heartbeat_answer(heard).into()
    }

    /// Members go.
    pub(super) fn leave(&self, request: LeaveGroupRequest) -> Body {
        let mut groups = self.groups();
        let mut group = groups.get_mut(&request.group_id);
        wire::leave_answer(request, |member, instance| match &mut group {
            Some(group) => group.leave(member, instance, Instant::now()),
            None => Err(ErrorCode::UnknownMemberId),
        })
        .into()
    }

    /// The answer to a commit that must not be taken; none when it may be.
    pub(super) fn commit_refusal(&self, request: &OffsetCommitRequest) -> Option<Body> {
        let member = request.member_id.as_deref().unwrap_or_default();
        let generation = request.generation_id_or_member_epoch.unwrap_or(-1);
        let allowed = match self.groups().get_mut(&request.group_id) {
            Some(group) => group.may_commit(member, generation, Instant::now()),
            // Nobody is a member: tools may set the offsets, members of earlier times may not.
            None if generation < 0 => Ok(()),
            None => Err(ErrorCode::IllegalGeneration),
        };
        allowed
            .err()
            .map(|code| wire::commit_refusal(request, code).into())
    }

    /// Lets members go whose time is over. To be called a few times a second.
    pub(super) fn tick(&self) {
        let now = Instant::now();
        self.groups().retain(|_, group| {
            group.tick(now);
            !group.is_forgotten()
        });
    }

    fn groups(&self) -> MutexGuard<'_, HashMap<String, Group>> {
        self.groups.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn settle<T>(reply: Reply<T>) -> Result<T, ErrorCode> {
    match reply {
        Reply::Now(answer) => answer,
        // A waiting call that another one of the same member replaced has no answer of its own.
        Reply::Later(receiver) => receiver.await.unwrap_or(Err(ErrorCode::RebalanceInProgress)),
    }
}
