use proptest::prelude::*;
use tokio::sync::oneshot::Receiver;

use super::*;

const SESSION: Duration = Duration::from_secs(6);
const REBALANCE: Duration = Duration::from_secs(10);
const STEP: Duration = Duration::from_millis(500);

fn newcomer() -> JoinCall {
    JoinCall {
        member: String::new(),
        instance: None,
        client: "c".into(),
        id_first: true,
        session: SESSION,
        rebalance: REBALANCE,
        protocol_type: "consumer".into(),
        protocols: vec![("range".into(), "data".into()), ("sticky".into(), "data".into())],
    }
}

/// A client as librdkafka is one.
struct Client {
    call: JoinCall,
    generation: i32,
    state: State,
    last_beat: Instant,
}

enum State {
    Out,
    Joining(Receiver<Result<JoinOutcome, ErrorCode>>),
    /// With the members if this is the leader.
    Joined(Vec<String>),
    Syncing(Receiver<Result<Share, ErrorCode>>),
    Working(Bytes),
}

impl Client {
    fn new(now: Instant) -> Self {
        Self {
            call: newcomer(),
            generation: -1,
            state: State::Out,
            last_beat: now,
        }
    }

    /// Does what is next.
    fn step(&mut self, group: &mut Group, now: Instant) {
        self.state = match std::mem::replace(&mut self.state, State::Out) {
            State::Out => match group.join(self.call.clone(), now) {
                Reply::Now(answer) => self.welcome(answer),
                Reply::Later(receiver) => State::Joining(receiver),
            },
            State::Joining(mut receiver) => match receiver.try_recv() {
                Ok(answer) => self.welcome(answer),
                Err(oneshot::error::TryRecvError::Empty) => State::Joining(receiver),
                Err(oneshot::error::TryRecvError::Closed) => State::Out,
            },
            State::Joined(members) => {
                let plan = members
                    .into_iter()
                    .map(|id| (id.clone(), Bytes::from(id)))
                    .collect();
                let call = SyncCall {
                    member: self.call.member.clone(),
                    generation: self.generation,
                    plan,
                };
                match group.sync(call, now) {
                    Reply::Now(answer) => self.shared(answer),
                    Reply::Later(receiver) => State::Syncing(receiver),
                }
            }
            State::Syncing(mut receiver) => match receiver.try_recv() {
                Ok(answer) => self.shared(answer),
                Err(oneshot::error::TryRecvError::Empty) => State::Syncing(receiver),
                Err(oneshot::error::TryRecvError::Closed) => State::Out,
            },
            State::Working(share) => self.beat(group, now, share),
        };
    }

    fn welcome(&mut self, answer: Result<JoinOutcome, ErrorCode>) -> State {
        match answer {
            Ok(JoinOutcome::ComeAgain { member }) => self.call.member = member,
            Ok(JoinOutcome::Joined(joined)) => {
                self.call.member = joined.member;
                self.generation = joined.generation;
                return State::Joined(joined.members.into_iter().map(|(id, ..)| id).collect());
            }
            Err(ErrorCode::UnknownMemberId) => self.call.member.clear(),
            Err(_) => {}
        }
        State::Out
    }

    fn shared(&mut self, answer: Result<Share, ErrorCode>) -> State {
        match answer {
            Ok(share) => return State::Working(share.assignment),
            Err(ErrorCode::UnknownMemberId) => self.call.member.clear(),
            Err(_) => {}
        }
        State::Out
    }

    fn beat(&mut self, group: &mut Group, now: Instant, share: Bytes) -> State {
        if now < self.last_beat + SESSION / 3 {
            return State::Working(share);
        }
        self.last_beat = now;
        match group.heartbeat(&self.call.member, self.generation, now) {
            Ok(()) => State::Working(share),
            Err(ErrorCode::UnknownMemberId) => {
                self.call.member.clear();
                State::Out
            }
            Err(_) => State::Out,
        }
    }

    fn works(&self) -> bool {
        matches!(&self.state, State::Working(share) if *share == self.call.member.as_bytes())
    }
}

/// A group, its clients and the time.
struct World {
    group: Group,
    clients: Vec<Client>,
    now: Instant,
}

impl World {
    fn with(clients: usize) -> Self {
        let now = Instant::now();
        let clients = (0..clients).map(|_| Client::new(now)).collect();
        Self {
            group: Group::default(),
            clients,
            now,
        }
    }

    fn round(&mut self) {
        self.now += STEP;
        self.group.tick(self.now);
        for client in &mut self.clients {
            client.step(&mut self.group, self.now);
        }
    }

    /// Rounds until all clients work in one generation, and nobody else is a member.
    fn settle(&mut self) -> Duration {
        let began = self.now;
        while !self.is_settled() {
            assert!(
                self.now - began < Duration::from_secs(120),
                "the group does not settle"
            );
            self.round();
        }
        self.now - began
    }

    fn is_settled(&self) -> bool {
        self.group.members.len() == self.clients.len()
            && (self.clients.is_empty() || self.group.phase == Phase::Stable)
            && self
                .clients
                .iter()
                .all(|client| client.works() && client.generation == self.group.generation)
    }

    fn kill(&mut self, leader: bool) {
        let is_it = |client: &Client| (client.call.member == self.group.leader) == leader;
        let index = self.clients.iter().position(is_it).expect("such a member");
        self.clients.remove(index);
    }
}

#[test]
fn members_share_and_a_lone_one_takes_all() {
    let mut world = World::with(3);
    world.settle();
    assert_eq!(world.group.generation, world.clients[0].generation);
    World::with(1).settle();
}

#[test]
fn a_dead_leader_or_follower_is_out_after_its_session() {
    for leader in [true, false] {
        let mut world = World::with(3);
        world.settle();
        world.kill(leader);
        assert!(world.settle() < SESSION + Duration::from_secs(5));
    }
}

#[test]
fn when_all_died_a_newcomer_gets_in_after_their_sessions() {
    let mut world = World::with(3);
    world.settle();
    world.clients = vec![Client::new(world.now)];
    assert!(world.settle() < SESSION + REBALANCE + Duration::from_secs(5));
}

#[test]
fn who_leaves_makes_room_at_once() {
    let mut world = World::with(2);
    world.settle();
    let leaver = world.clients.remove(0);
    world
        .group
        .leave(&leaver.call.member, None, world.now)
        .expect("a member");
    assert!(world.settle() < SESSION);
    let last = world.clients.remove(0);
    world
        .group
        .leave(&last.call.member, None, world.now)
        .expect("a member");
    assert!(world.group.is_forgotten() && world.group.phase == Phase::Empty);
    assert_eq!(
        world.group.leave("nobody", None, world.now),
        Err(ErrorCode::UnknownMemberId)
    );
}

#[test]
fn a_leader_that_never_plans_is_replaced() {
    let mut world = World::with(2);
    while !matches!(world.group.phase, Phase::Planning(_)) {
        world.round();
    }
    world.kill(true);
    assert!(world.settle() < REBALANCE + SESSION);
}

#[test]
fn a_static_member_that_restarts_takes_its_place_at_once() {
    let mut world = World::with(2);
    for (n, client) in world.clients.iter_mut().enumerate() {
        client.call.instance = Some(format!("instance-{n}"));
    }
    world.settle();
    let zombie = std::mem::replace(&mut world.clients[0], Client::new(world.now));
    world.clients[0].call.instance = zombie.call.instance.clone();
    assert!(world.settle() < SESSION);
    assert!(matches!(
        world.group.join(zombie.call, world.now),
        Reply::Now(Err(ErrorCode::FencedInstanceId))
    ));
    assert_eq!(world.group.leave("", Some("instance-1"), world.now), Ok(()));
}

#[test]
fn strangers_and_misfits_are_refused() {
    let mut world = World::with(1);
    world.settle();
    let refused = |world: &mut World, call: JoinCall| match world.group.join(call, world.now) {
        Reply::Now(Err(code)) => code,
        _ => ErrorCode::None,
    };
    let stranger = JoinCall {
        member: "stranger".into(),
        ..newcomer()
    };
    assert_eq!(refused(&mut world, stranger), ErrorCode::UnknownMemberId);
    let misfit = JoinCall {
        protocols: vec![("other".into(), Bytes::new())],
        ..newcomer()
    };
    assert_eq!(refused(&mut world, misfit), ErrorCode::InconsistentGroupProtocol);
    let connector = JoinCall {
        protocol_type: "connect".into(),
        ..newcomer()
    };
    assert_eq!(
        refused(&mut world, connector),
        ErrorCode::InconsistentGroupProtocol
    );
    let sleepy = JoinCall {
        session: Duration::from_secs(36_000),
        ..newcomer()
    };
    assert_eq!(refused(&mut world, sleepy), ErrorCode::InvalidSessionTimeout);
    let mute = JoinCall {
        protocols: Vec::new(),
        ..newcomer()
    };
    assert_eq!(refused(&mut world, mute), ErrorCode::InconsistentGroupProtocol);
}

#[test]
fn only_members_of_the_generation_may_commit_and_tools_only_without_members() {
    let mut world = World::with(1);
    assert_eq!(world.group.may_commit("", -1, world.now), Ok(()));
    world.settle();
    let (member, generation) = (world.clients[0].call.member.clone(), world.group.generation);
    assert_eq!(world.group.may_commit(&member, generation, world.now), Ok(()));
    assert_eq!(
        world.group.may_commit(&member, generation - 1, world.now),
        Err(ErrorCode::IllegalGeneration)
    );
    assert_eq!(
        world.group.may_commit("zombie", generation, world.now),
        Err(ErrorCode::UnknownMemberId)
    );
    assert_eq!(
        world.group.may_commit("", -1, world.now),
        Err(ErrorCode::UnknownMemberId)
    );
}

#[test]
fn the_protocol_is_one_that_all_know() {
    let mut world = World::with(2);
    world.clients[0].call.protocols.remove(0);
    world.settle();
    assert_eq!(world.group.protocol, "sticky");
}

#[derive(Clone, Debug)]
enum Event {
    Start,
    Kill(usize),
    Leave(usize),
    Forget(usize),
    Rounds(u8),
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        Just(Event::Start),
        any::<usize>().prop_map(Event::Kill),
        any::<usize>().prop_map(Event::Leave),
        any::<usize>().prop_map(Event::Forget),
        (0_u8..20).prop_map(Event::Rounds),
    ]
}

proptest! {
    /// Whatever happened, the living end up sharing, and the dead are out.
    #[test]
    fn groups_settle_whatever_happens(events in proptest::collection::vec(event(), 0..40)) {
        let mut world = World::with(1);
        for event in events {
            let pick = |index: usize, world: &World| (!world.clients.is_empty()).then(|| index % world.clients.len());
            match event {
                Event::Start if world.clients.len() < 5 => world.clients.push(Client::new(world.now)),
                Event::Start => {}
                Event::Kill(index) => drop(pick(index, &world).map(|index| world.clients.remove(index))),
                Event::Leave(index) => if let Some(index) = pick(index, &world) {
                    let client = world.clients.remove(index);
                    let _ = world.group.leave(&client.call.member, None, world.now);
                },
                // The connection broke: an answer is lost, and the client asks again.
                Event::Forget(index) => if let Some(index) = pick(index, &world) {
                    world.clients[index].state = State::Out;
                },
                Event::Rounds(rounds) => (0..rounds).for_each(|_| world.round()),
            }
        }
        world.settle();
    }
}
