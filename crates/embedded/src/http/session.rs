//! Sessions: a client's connection that outlives a request, so that its temporary tables and SETs do.
//!
//! Clients send a session id on every request as a matter of course; a connection is kept only once a statement left
//! something in it. A session takes one request at a time.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Instant,
};

use super::{failure, parameters::SessionRequest};
use crate::engine::{Connection, Failure};

/// All sessions. A session belongs to a user: the same id of another user is another session.
pub(super) struct Sessions {
    limit: usize,
    open: Mutex<HashMap<Key, Slot>>,
}

type Key = (String, String);

struct Slot {
    /// `None` while a request has it.
    idle: Option<Idle>,
}

struct Idle {
    connection: Option<Connection>,
    until: Instant,
}

/// A session that is held by one request. Dropping it without [`Taken::give_back`] ends the session.
pub(super) struct Taken {
    sessions: Arc<Sessions>,
    key: Key,
    request: SessionRequest,
    given_back: bool,
}

impl Sessions {
    pub(super) fn new(limit: usize) -> Self {
        Self {
            limit: limit.max(1),
            open: Mutex::default(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Key, Slot>> {
        // Nothing panics while the lock is held.
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes the session, with its connection if it has one.
    pub(super) fn take(
        self: &Arc<Self>,
        user: &str,
        request: &SessionRequest,
    ) -> Result<(Taken, Option<Connection>), Failure> {
        let key = (user.to_owned(), request.id.clone());
        let expired = self.purge(Instant::now());
        let mut open = self.lock();
        let connection = match open.get_mut(&key) {
            Some(slot) => match slot.idle.take() {
                Some(idle) => idle.connection,
                None => {
                    return Err(Failure::new(
                        373,
                        "SESSION_IS_LOCKED",
                        "Session is locked by a concurrent client",
                    ));
                }
            },
            None if request.check => {
                return Err(Failure::new(372, "SESSION_NOT_FOUND", "Session not found"));
            }
            None => {
                make_room(&mut open, self.limit)?;
                open.insert(key.clone(), Slot { idle: None });
                None
            }
        };
        drop(open);
        drop(expired);
        let taken = Taken {
            sessions: Arc::clone(self),
            key,
            request: request.clone(),
            given_back: false,
        };
        Ok((taken, connection))
    }

    /// Takes out what has expired; the caller drops it where that may block.
    pub(super) fn purge(&self, now: Instant) -> Vec<Connection> {
        let mut out = Vec::new();
        self.lock().retain(|_, slot| match &mut slot.idle {
            Some(idle) if idle.until <= now => {
                out.extend(idle.connection.take());
                false
            }
            _ => true,
        });
        out
    }
}

/// Ends the session that would expire first when there are too many. Those in use and those with a connection stay.
fn make_room(open: &mut HashMap<Key, Slot>, limit: usize) -> Result<(), Failure> {
    if open.len() < limit {
        return Ok(());
    }
    let oldest = open
        .iter()
        .filter_map(|(key, slot)| {
            Some((
                slot.idle.as_ref().filter(|idle| idle.connection.is_none())?.until,
                key.clone(),
            ))
        })
        .min();
    match oldest {
        Some((_, key)) => {
            open.remove(&key);
            Ok(())
        }
        None => Err(failure::busy(format!(
            "Too many sessions are open (limit {limit})"
        ))),
    }
}

impl Taken {
    /// Whether the client ends the session with this request.
    pub(super) fn closes(&self) -> bool {
        self.request.close
    }

    /// Ends the request; the session keeps `connection`, if any, until it expires.
    pub(super) fn give_back(mut self, connection: Option<Connection>) {
        self.given_back = true;
        let until = Instant::now() + self.request.timeout;
        let mut open = self.sessions.lock();
        open.insert(
            self.key.clone(),
            Slot {
                idle: Some(Idle { connection, until }),
            },
        );
    }
}

impl Drop for Taken {
    fn drop(&mut self) {
        if !self.given_back {
            self.sessions.lock().remove(&self.key);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn request(id: &str) -> SessionRequest {
        SessionRequest {
            id: id.to_owned(),
            timeout: Duration::from_secs(60),
            check: false,
            close: false,
        }
    }

    fn code<T>(result: Result<T, Failure>) -> u32 {
        result.err().map_or(0, |failure| failure.code)
    }

    #[test]
    fn a_session_takes_one_request_at_a_time() {
        let sessions = Arc::new(Sessions::new(8));
        let (taken, _) = sessions.take("u", &request("a")).unwrap();
        assert_eq!(code(sessions.take("u", &request("a"))), 373);
        assert_eq!(code(sessions.take("v", &request("a"))), 0);
        taken.give_back(None);
        assert_eq!(code(sessions.take("u", &request("a"))), 0);
    }

    #[test]
    fn a_session_must_exist_if_it_is_checked_and_expires() {
        let sessions = Arc::new(Sessions::new(8));
        let checked = SessionRequest {
            check: true,
            ..request("a")
        };
        assert_eq!(code(sessions.take("u", &checked)), 372);
        sessions.take("u", &request("a")).unwrap().0.give_back(None);
        assert_eq!(
            code(
                sessions
                    .take("u", &checked)
                    .map(|(taken, _)| taken.give_back(None))
            ),
            0
        );
        sessions.purge(Instant::now() + Duration::from_secs(61));
        assert_eq!(code(sessions.take("u", &checked)), 372);
    }

    #[test]
    fn the_oldest_idle_session_makes_room() {
        let sessions = Arc::new(Sessions::new(2));
        let (held, _) = sessions.take("u", &request("a")).unwrap();
        sessions.take("u", &request("b")).unwrap().0.give_back(None);
        let (other, _) = sessions.take("u", &request("c")).unwrap();
        assert_eq!(code(sessions.take("u", &request("d"))), 202);
        drop((held, other));
        assert_eq!(code(sessions.take("u", &request("d"))), 0);
    }
}
