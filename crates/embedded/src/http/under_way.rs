//! The queries under way, by their ids, and the stopping of those whose client has gone.

use std::{
    collections::HashSet,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use super::sql;
use crate::engine::{Engine, Failure};

/// Ids of the queries under way. An id may be used by one query at a time, as in ClickHouse.
#[derive(Default)]
pub(super) struct UnderWay {
    ids: Mutex<HashSet<String>>,
}

/// One query under way. Dropping it frees the id, and stops the query if it may be stopped and is still running.
pub(super) struct Ticket {
    under_way: Arc<UnderWay>,
    engine: Engine,
    id: String,
    stoppable: Arc<AtomicBool>,
}

impl UnderWay {
    pub(super) fn enter(self: &Arc<Self>, engine: &Engine, id: &str) -> Result<Ticket, Failure> {
        let mut ids = self.ids.lock().unwrap_or_else(PoisonError::into_inner);
        if !ids.insert(id.to_owned()) {
            let text = format!("Query with id = {id} is already running");
            return Err(Failure::new(216, "QUERY_WITH_SAME_ID_IS_ALREADY_RUNNING", text));
        }
        Ok(Ticket {
            under_way: Arc::clone(self),
            engine: engine.clone(),
            id: id.to_owned(),
            stoppable: Arc::default(),
        })
    }
}

impl Ticket {
    /// Set by whoever runs the query while it only reads: an insert goes on when its client has gone, as it may have
    /// been stored already.
    pub(super) fn stoppable(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.stoppable)
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        self.under_way
            .ids
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&self.id);
        if !self.stoppable.load(Ordering::Acquire) {
            return;
        }
        let statement = format!(
            "KILL QUERY WHERE Settings['log_comment'] = {} ASYNC",
            sql::quote(&self.id)
        );
        let engine = self.engine.clone();
        // Past the queue: the query to be stopped may hold the last thread.
        let submitted = self.engine.submit_urgent(move || {
            let stopped = engine.connect().map(|mut connection| connection.text(&statement));
            if let Ok(Err(failure)) = stopped {
                tracing::warn!(%failure, "a query whose client has gone could not be stopped");
            }
        });
        if let Err(error) = submitted {
            tracing::warn!(%error, "a query whose client has gone could not be stopped");
        }
    }
}
