//! One consumer group, as Kafka's classic protocol has it.
//!
//! Whenever the membership changes, all members join again (gathering); then the leader, one of them, says who reads
//! what (planning); then the group is stable. Who does not come in time is out.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use bytes::Bytes;
use tansu_sans_io::ErrorCode;
use tokio::sync::oneshot;
use uuid::Uuid;

use super::member::{JoinCall, JoinOutcome, Joined, Member, Reply, Share, SyncCall};

/// Sessions outside of these bounds are refused.
const SESSIONS: std::ops::RangeInclusive<Duration> = Duration::from_millis(500)..=Duration::from_secs(1800);

/// How long an id that was given out is kept for a newcomer to come again.
const PROMISE: Duration = Duration::from_secs(60);

/// A consumer group.
#[derive(Default)]
pub(super) struct Group {
    generation: i32,
    phase: Phase,
    leader: String,
    protocol_type: String,
    protocol: String,
    members: BTreeMap<String, Member>,
    /// Ids that were given out, and when.
    promised: BTreeMap<String, Instant>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Phase {
    #[default]
    Empty,
    /// Members join again until then.
    Gathering(Instant),
    /// The leader may take until then.
    Planning(Instant),
    Stable,
}

impl Group {
    pub(super) fn join(&mut self, call: JoinCall, now: Instant) -> Reply<JoinOutcome> {
        if let Err(code) = self.check(&call) {
            return Reply::Now(Err(code));
        }
        let member = match self.identify(&call, now) {
            Ok(Some(member)) => member,
            Ok(None) => {
                return Reply::Now(Ok(JoinOutcome::ComeAgain {
                    member: self.promise(&call, now),
                }));
            }
            Err(code) => return Reply::Now(Err(code)),
        };
        if self.needs_no_rebalance(&member, &call) {
            return Reply::Now(Ok(JoinOutcome::Joined(self.joined(&member))));
        }
        let (sender, receiver) = oneshot::channel();
        let entry = self
            .members
            .entry(member)
            .or_insert_with(|| Member::new(call.clone(), now));
        entry.call = call;
        entry.last_seen = now;
        entry.joining = Some(sender);
        if !matches!(self.phase, Phase::Gathering(_)) {
            self.gather(now);
        }
        self.form_if_complete(now);
        Reply::Later(receiver)
    }

    pub(super) fn sync(&mut self, call: SyncCall, now: Instant) -> Reply<Share> {
        if let Err(code) = self.hear(&call.member, call.generation, now) {
            return Reply::Now(Err(code));
        }
        match self.phase {
            Phase::Empty => Reply::Now(Err(ErrorCode::UnknownMemberId)),
            Phase::Gathering(_) => Reply::Now(Err(ErrorCode::RebalanceInProgress)),
            Phase::Planning(_) if call.member == self.leader => {
                self.settle(call.plan, now);
                Reply::Now(Ok(self.share(&call.member)))
            }
            Phase::Planning(_) => {
                let (sender, receiver) = oneshot::channel();
                if let Some(member) = self.members.get_mut(&call.member) {
                    member.syncing = Some(sender);
                }
                Reply::Later(receiver)
            }
            Phase::Stable => Reply::Now(Ok(self.share(&call.member))),
        }
    }

    pub(super) fn heartbeat(&mut self, member: &str, generation: i32, now: Instant) -> Result<(), ErrorCode> {
        self.hear(member, generation, now)?;
        if matches!(self.phase, Phase::Gathering(_)) {
            Err(ErrorCode::RebalanceInProgress)
        } else {
            Ok(())
        }
    }

    /// Members leave by their id, static ones by their instance.
    pub(super) fn leave(
        &mut self,
        member: &str,
        instance: Option<&str>,
        now: Instant,
    ) -> Result<(), ErrorCode> {
        let by_instance = instance.and_then(|instance| self.of_instance(instance));
        let id = by_instance.unwrap_or_else(|| member.to_owned());
        self.promised.remove(&id);
        self.members.remove(&id).ok_or(ErrorCode::UnknownMemberId)?;
        self.rearrange(now);
        Ok(())
    }

    pub(super) fn may_commit(
        &mut self,
        member: &str,
        generation: i32,
        now: Instant,
    ) -> Result<(), ErrorCode> {
        if generation < 0 && member.is_empty() {
            // A tool that sets offsets must not do so under the members' feet.
            return if self.members.is_empty() {
                Ok(())
            } else {
                Err(ErrorCode::UnknownMemberId)
            };
        }
        self.hear(member, generation, now)?;
        if matches!(self.phase, Phase::Planning(_)) {
            Err(ErrorCode::RebalanceInProgress)
        } else {
            Ok(())
        }
    }

    pub(super) fn tick(&mut self, now: Instant) {
        self.promised
            .retain(|_, given| now.saturating_duration_since(*given) < PROMISE);
        let before = self.members.len();
        self.members.retain(|_, member| !member.is_gone(now));
        match self.phase {
            Phase::Gathering(until) if now >= until => self.form(now),
            Phase::Planning(until) if now >= until => {
                // The leader failed its task; who waits for its plan is there.
                let leader = self.leader.clone();
                self.members
                    .retain(|id, member| *id != leader && member.syncing.is_some());
                self.rearrange(now);
            }
            _ if self.members.len() < before => self.rearrange(now),
            _ => {}
        }
    }

    /// Whether nothing would be lost with it.
    pub(super) fn is_forgotten(&self) -> bool {
        self.members.is_empty() && self.promised.is_empty()
    }

    fn check(&self, call: &JoinCall) -> Result<(), ErrorCode> {
        if !SESSIONS.contains(&call.session) {
            return Err(ErrorCode::InvalidSessionTimeout);
        }
        let others = || self.members.iter().filter(|(id, _)| **id != call.member);
        let fits = others().next().is_none() || call.protocol_type == self.protocol_type;
        let common = call
            .protocols
            .iter()
            .any(|(name, _)| others().all(|(_, member)| member.metadata(name).is_some()));
        if fits && common {
            Ok(())
        } else {
            Err(ErrorCode::InconsistentGroupProtocol)
        }
    }

    /// The id under which a caller joins; none when it must come again with an id.
    fn identify(&mut self, call: &JoinCall, now: Instant) -> Result<Option<String>, ErrorCode> {
        if let Some(instance) = &call.instance {
            return Ok(Some(self.identify_static(instance, call, now)?));
        }
        if !call.member.is_empty() {
            let promised = self.promised.remove(&call.member).is_some();
            let known = promised || self.members.contains_key(&call.member);
            return if known {
                Ok(Some(call.member.clone()))
            } else {
                Err(ErrorCode::UnknownMemberId)
            };
        }
        Ok((!call.id_first).then(|| new_id(&call.client)))
    }

    /// A static member that comes without its id was restarted and takes the place of what it was before.
    fn identify_static(
        &mut self,
        instance: &str,
        call: &JoinCall,
        now: Instant,
    ) -> Result<String, ErrorCode> {
        match self.of_instance(instance) {
            Some(id) if id == call.member => Ok(id),
            Some(_) if !call.member.is_empty() => Err(ErrorCode::FencedInstanceId),
            Some(before) => {
                self.members.remove(&before);
                if self.members.is_empty() {
                    self.rearrange(now);
                }
                Ok(new_id(instance))
            }
            None if call.member.is_empty() => Ok(new_id(instance)),
            None => Err(ErrorCode::UnknownMemberId),
        }
    }

    fn of_instance(&self, instance: &str) -> Option<String> {
        let is_it = |member: &Member| member.call.instance.as_deref() == Some(instance);
        self.members
            .iter()
            .find(|(_, member)| is_it(member))
            .map(|(id, _)| id.clone())
    }

    fn promise(&mut self, call: &JoinCall, now: Instant) -> String {
        let id = new_id(&call.client);
        self.promised.insert(id.clone(), now);
        id
    }

    /// A member that lost an answer, or a follower that comes again unchanged, disturbs nobody.
    fn needs_no_rebalance(&self, member: &str, call: &JoinCall) -> bool {
        let unchanged = self
            .members
            .get(member)
            .is_some_and(|known| known.call.protocols == call.protocols);
        match self.phase {
            Phase::Stable => unchanged && member != self.leader,
            Phase::Planning(_) => unchanged,
            Phase::Empty | Phase::Gathering(_) => false,
        }
    }

    fn hear(&mut self, member: &str, generation: i32, now: Instant) -> Result<(), ErrorCode> {
        let known = self.members.get_mut(member).ok_or(ErrorCode::UnknownMemberId)?;
        if generation != self.generation {
            return Err(ErrorCode::IllegalGeneration);
        }
        known.last_seen = now;
        Ok(())
    }

    /// The membership changed.
    fn rearrange(&mut self, now: Instant) {
        if self.members.is_empty() {
            self.phase = Phase::Empty;
            self.generation = self.generation.wrapping_add(1);
        } else if matches!(self.phase, Phase::Gathering(_)) {
            self.form_if_complete(now);
        } else {
            self.gather(now);
        }
    }

    fn gather(&mut self, now: Instant) {
        self.phase = Phase::Gathering(now + self.patience());
        for member in self.members.values_mut() {
            if let Some(waiter) = member.syncing.take() {
                let _ = waiter.send(Err(ErrorCode::RebalanceInProgress));
            }
        }
    }

    fn patience(&self) -> Duration {
        self.members
            .values()
            .map(|member| member.call.rebalance)
            .max()
            .unwrap_or_default()
    }

    fn form_if_complete(&mut self, now: Instant) {
        if self.members.values().all(|member| member.joining.is_some()) {
            self.form(now);
        }
    }

    /// Begins a generation of those who have joined.
    fn form(&mut self, now: Instant) {
        self.members.retain(|_, member| member.joining.is_some());
        self.generation = self.generation.wrapping_add(1);
        let Some(first) = self.members.keys().next().cloned() else {
            self.phase = Phase::Empty;
            return;
        };
        if !self.members.contains_key(&self.leader) {
            self.leader = first;
        }
        self.choose_protocol();
        self.phase = Phase::Planning(now + self.patience());
        let ids: Vec<String> = self.members.keys().cloned().collect();
        for id in ids {
            let joined = self.joined(&id);
            let Some(member) = self.members.get_mut(&id) else {
                continue;
            };
            member.last_seen = now;
            member.assignment = Bytes::new();
            if let Some(waiter) = member.joining.take() {
                let _ = waiter.send(Ok(JoinOutcome::Joined(joined)));
            }
        }
    }

    /// The one the leader likes best of those that all know; [`Group::check`] sees to it that there is one.
    fn choose_protocol(&mut self) {
        let Some(leader) = self.members.get(&self.leader) else {
            return;
        };
        let known_to_all = |name: &str| {
            self.members
                .values()
                .all(|member| member.metadata(name).is_some())
        };
        let best = leader.call.protocols.iter().find(|(name, _)| known_to_all(name));
        let (protocol, protocol_type) = (
            best.map(|(name, _)| name.clone()).unwrap_or_default(),
            leader.call.protocol_type.clone(),
        );
        (self.protocol, self.protocol_type) = (protocol, protocol_type);
    }

    fn settle(&mut self, plan: Vec<(String, Bytes)>, now: Instant) {
        for (id, assignment) in plan {
            if let Some(member) = self.members.get_mut(&id) {
                member.assignment = assignment;
            }
        }
        self.phase = Phase::Stable;
        let ids: Vec<String> = self.members.keys().cloned().collect();
        for id in ids {
            let share = self.share(&id);
            if let Some(member) = self.members.get_mut(&id)
                && let Some(waiter) = member.syncing.take()
            {
                member.last_seen = now;
                let _ = waiter.send(Ok(share));
            }
        }
    }

    fn joined(&self, member: &str) -> Joined {
        let everybody = self.members.iter().map(|(id, known)| {
            let metadata = known.metadata(&self.protocol).cloned().unwrap_or_default();
            (id.clone(), known.call.instance.clone(), metadata)
        });
        Joined {
            generation: self.generation,
            protocol_type: self.protocol_type.clone(),
            protocol: self.protocol.clone(),
            leader: self.leader.clone(),
            member: member.to_owned(),
            members: if member == self.leader {
                everybody.collect()
            } else {
                Vec::new()
            },
        }
    }

    fn share(&self, member: &str) -> Share {
        Share {
            protocol_type: self.protocol_type.clone(),
            protocol: self.protocol.clone(),
            assignment: self
                .members
                .get(member)
                .map(|member| member.assignment.clone())
                .unwrap_or_default(),
        }
    }
}

fn new_id(prefix: &str) -> String {
    format!("{prefix}-{}", Uuid::new_v4())
}

#[cfg(test)]
mod tests;
