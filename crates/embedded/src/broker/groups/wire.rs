//! Requests of the group protocol and their answers.

use std::time::Duration;

use bytes::Bytes;
use tansu_sans_io::join_group_response::JoinGroupResponseMember;
use tansu_sans_io::leave_group_response::MemberResponse;
use tansu_sans_io::offset_commit_response::{OffsetCommitResponsePartition, OffsetCommitResponseTopic};
use tansu_sans_io::{
    ErrorCode, HeartbeatResponse, JoinGroupRequest, JoinGroupResponse, LeaveGroupRequest, LeaveGroupResponse,
    OffsetCommitRequest, OffsetCommitResponse, SyncGroupRequest, SyncGroupResponse,
};

use super::member::{JoinCall, JoinOutcome, Share, SyncCall};

/// From this version of the request on newcomers come twice.
const ID_FIRST: i16 = 4;

pub(super) fn join_call(request: JoinGroupRequest, version: i16, client: &str) -> JoinCall {
    let session = millis(request.session_timeout_ms);
    JoinCall {
        member: request.member_id,
        instance: request.group_instance_id,
        client: client.to_owned(),
        id_first: version >= ID_FIRST,
        session,
        rebalance: request.rebalance_timeout_ms.map_or(session, millis),
        protocol_type: request.protocol_type,
        protocols: request
            .protocols
            .into_iter()
            .flatten()
            .map(|protocol| (protocol.name, protocol.metadata))
            .collect(),
    }
}

pub(super) fn join_answer(outcome: Result<JoinOutcome, ErrorCode>) -> JoinGroupResponse {
    let answer = JoinGroupResponse::default()
        .throttle_time_ms(Some(0))
        .generation_id(-1)
        .protocol_type(Some(String::new()))
        .protocol_name(Some(String::new()))
        .skip_assignment(Some(false))
        .members(Some(Vec::new()));
    match outcome {
        Err(code) => answer.error_code(code.into()),
        Ok(JoinOutcome::ComeAgain { member }) => answer
            .error_code(ErrorCode::MemberIdRequired.into())
            .member_id(member),
        Ok(JoinOutcome::Joined(joined)) => {
            let members = joined.members.into_iter().map(|(id, instance, metadata)| {
                JoinGroupResponseMember::default()
                    .member_id(id)
                    .group_instance_id(instance)
                    .metadata(metadata)
            });
            answer
                .error_code(ErrorCode::None.into())
                .generation_id(joined.generation)
                .protocol_type(Some(joined.protocol_type))
                .protocol_name(Some(joined.protocol))
                .leader(joined.leader)
                .member_id(joined.member)
                .members(Some(members.collect()))
        }
    }
}

pub(super) fn sync_call(request: &SyncGroupRequest) -> SyncCall {
    let plan = request.assignments.iter().flatten();
    SyncCall {
        member: request.member_id.clone(),
        generation: request.generation_id,
        plan: plan
            .map(|share| (share.member_id.clone(), share.assignment.clone()))
            .collect(),
    }
}

pub(super) fn sync_answer(outcome: Result<Share, ErrorCode>) -> SyncGroupResponse {
    let answer = SyncGroupResponse::default().throttle_time_ms(Some(0));
    match outcome {
        Err(code) => answer
            .error_code(code.into())
            .protocol_type(None)
            .protocol_name(None)
            .assignment(Bytes::new()),
        Ok(share) => answer
            .error_code(ErrorCode::None.into())
            .protocol_type(Some(share.protocol_type))
            .protocol_name(Some(share.protocol))
            .assignment(share.assignment),
    }
}

pub(super) fn heartbeat_answer(heard: Result<(), ErrorCode>) -> HeartbeatResponse {
    HeartbeatResponse::default()
        .throttle_time_ms(Some(0))
        .error_code(code_of(heard))
}

/// Older requests name one member, newer ones several.
pub(super) fn leave_answer(
    request: LeaveGroupRequest,
    mut leave: impl FnMut(&str, Option<&str>) -> Result<(), ErrorCode>,
) -> LeaveGroupResponse {
    let answer = LeaveGroupResponse::default().throttle_time_ms(Some(0));
    if let Some(member) = request.member_id {
        return answer
            .error_code(code_of(leave(&member, None)))
            .members(Some(Vec::new()));
    }
    let members = request.members.into_iter().flatten().map(|member| {
        let code = code_of(leave(&member.member_id, member.group_instance_id.as_deref()));
        MemberResponse::default()
            .member_id(member.member_id)
            .group_instance_id(member.group_instance_id)
            .error_code(code)
    });
    answer
        .error_code(ErrorCode::None.into())
        .members(Some(members.collect()))
}

pub(super) fn commit_refusal(request: &OffsetCommitRequest, code: ErrorCode) -> OffsetCommitResponse {
    let topics = request.topics.iter().flatten().map(|topic| {
        let partitions = topic.partitions.iter().flatten().map(|partition| {
            OffsetCommitResponsePartition::default()
                .partition_index(partition.partition_index)
                .error_code(code.into())
        });
        OffsetCommitResponseTopic::default()
            .name(topic.name.clone())
            .partitions(Some(partitions.collect()))
    });
    OffsetCommitResponse::default()
        .throttle_time_ms(Some(0))
        .topics(Some(topics.collect()))
}

fn code_of(outcome: Result<(), ErrorCode>) -> i16 {
    outcome.err().unwrap_or(ErrorCode::None).into()
}

fn millis(millis: i32) -> Duration {
    Duration::from_millis(u64::try_from(millis).unwrap_or(0))
}
