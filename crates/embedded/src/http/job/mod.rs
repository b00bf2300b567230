//! One request on a thread of the engine, from its text to its answer. Everything here may block.

mod external;
mod insert;
mod intake;
mod lease;
mod select;

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use tokio::sync::{mpsc, oneshot};

use self::{intake::Intake, lease::Lease};
use super::{
    body::{
        Pipe,
        decode::{Encoding, decode},
    },
    failure,
    form::ExternalTable,
    options::{Access, User},
    parameters::Parameters,
    reply::{Piece, Reply},
    session::Sessions,
    sql,
};
use crate::engine::{Class, Engine, Failure};

/// Statements that leave something in their connection, so that a session has to keep it.
const LEAVING: &[&str] = &["SET", "USE", "CREATE", "REPLACE", "DROP"];

/// A request that is ready to run.
pub(super) struct Job {
    pub(super) engine: Engine,
    pub(super) sessions: Arc<Sessions>,
    pub(super) user: User,
    pub(super) parameters: Parameters,
    pub(super) tables: Vec<ExternalTable>,
    /// Whether the request's method may not change anything.
    pub(super) read_only: bool,
    /// Set while the query runs and only reads, so that it may be stopped.
    pub(super) stoppable: Arc<AtomicBool>,
}

/// What is left to be sent when the connection has been given back: a client may use its session again as soon as it
/// has its answer.
enum Finish {
    /// The whole answer.
    Answer(Reply),
    /// The end of an answer that was streamed.
    End(mpsc::Sender<Piece>),
    /// Nothing: dropping the sender breaks the answer off.
    Break(Option<mpsc::Sender<Piece>>),
}

/// Where the answer goes; it is sent once.
struct Outlet(Option<oneshot::Sender<Reply>>);

impl Outlet {
    /// Sends the answer; false when nobody waits for it any more.
    fn send(&mut self, reply: Reply) -> bool {
        self.0.take().is_some_and(|sender| sender.send(reply).is_ok())
    }

    fn is_closed(&self) -> bool {
        self.0.as_ref().is_none_or(oneshot::Sender::is_closed)
    }
}

impl Job {
    /// Runs the request and sends its answer.
    pub(super) fn run(self, body: Pipe, reply: oneshot::Sender<Reply>) {
        let mut outlet = Outlet(Some(reply));
        if let Err(failure) = self.answer(body, &mut outlet) {
            outlet.send(Reply::Failure(failure));
        }
    }

    fn answer(&self, body: Pipe, outlet: &mut Outlet) -> Result<(), Failure> {
        let encoding = self.parameters.encoding.unwrap_or(Encoding::Plain);
        let body = decode(body, encoding, self.parameters.decompress)?;
        match intake::read(&self.parameters.query, body)? {
            Intake::Statement(text) => self.statement(&text, outlet),
            Intake::Insert(insert) => self.insert(insert, outlet),
        }
    }

    /// Runs a statement that brings no data.
    fn statement(&self, text: &[u8], outlet: &mut Outlet) -> Result<(), Failure> {
        self.judge(text)?;
        let rewritten = sql::kill::rewrite(text);
        let text = rewritten.as_deref().map_or(text, str::as_bytes);
        let leaves = LEAVING.contains(&sql::first_word(text).as_str());
        self.with_connection(outlet, leaves, |lease, outlet| {
            let class = self.permitted(lease, text)?;
            if outlet.is_closed() {
                return Ok(Finish::Break(None));
            }
            self.stoppable.store(class == Class::ReadOnly, Ordering::Release);
            select::run(self, lease, text, class, outlet)
        })
    }

    /// Runs an insert with data.
    fn insert(&self, insert: intake::Insert, outlet: &mut Outlet) -> Result<(), Failure> {
        self.judge(insert.head.sql.as_bytes())?;
        if self.read_only {
            return Err(read_only());
        }
        self.with_connection(outlet, false, |lease, _| {
            insert::run(self, lease, insert).map(Finish::Answer)
        })
    }

    /// Refuses what no user or not this one may ask.
    fn judge(&self, text: &[u8]) -> Result<(), Failure> {
        let parameters = &self.parameters;
        sql::require_one_statement(text)?;
        sql::refuse::check(text, &parameters.params)?;
        for (name, value) in &parameters.settings {
            sql::refuse::check_setting(name, value)?;
        }
        let Some(database) = self.confined_to() else {
            return Ok(());
        };
        for (name, _) in &parameters.settings {
            sql::reader::check_setting(name, database)?;
        }
        sql::reader::check(text, database, &parameters.params)
    }

    /// Opens a connection (or takes the session's), prepares it, does `work`, gives it back and ends the answer.
    fn with_connection(
        &self,
        outlet: &mut Outlet,
        leaves: bool,
        work: impl FnOnce(&mut Lease, &mut Outlet) -> Result<Finish, Failure>,
    ) -> Result<(), Failure> {
        let mut lease = Lease::take(self)?;
        let done = lease.prepare(self).and_then(|()| work(&mut lease, outlet));
        self.stoppable.store(false, Ordering::Release);
        lease.give_back(leaves && done.is_ok());
        match done? {
            Finish::Answer(reply) => {
                outlet.send(reply);
            }
            Finish::End(sender) => {
                let _ = sender.blocking_send(Piece::End);
            }
            Finish::Break(sender) => drop(sender),
        }
        Ok(())
    }

    /// Asks the engine what kind of statement it is and refuses what the user or the method may not do.
    fn permitted(&self, lease: &mut Lease, text: &[u8]) -> Result<Class, Failure> {
        let class = lease.connection().classify(text, &self.parameters.database).class;
        match class {
            Class::ReadOnly => Ok(class),
            // It cannot be parsed, so it cannot be run either; the engine says why.
            Class::Unknown => Ok(class),
            _ if self.read_only => Err(read_only()),
            _ => match self.confined_to() {
                Some(database) => Err(failure::denied(format!(
                    "Not enough privileges: this user only reads, and the database {database} only"
                ))),
                None => Ok(class),
            },
        }
    }

    /// The one database that the user may read, if it is confined.
    fn confined_to(&self) -> Option<&str> {
        match &self.user.access {
            Access::Full => None,
            Access::ReadDatabase(database) => Some(database),
        }
    }
}

fn read_only() -> Failure {
    Failure::new(
        164,
        "READONLY",
        "Cannot execute query in readonly mode. GET only reads; use POST to change something",
    )
}
