//! What kinds of activities there are, and how often they were held.

use super::super::targets::Span;

/// One kind of activity.
#[derive(Clone, Copy)]
pub(super) struct Kind {
    pub(super) of: &'static str,
    pub(super) audience: &'static str,
    pub(super) title: Option<&'static str>,
    pub(super) by: &'static [&'static str],
    pub(super) dates: Dates,
    pub(super) feedback: &'static str,
    /// Young people, adults and professionals at one of them, at most.
    pub(super) people: [i64; 3],
    pub(super) organisations: &'static [&'static str],
    pub(super) runs: &'static [Run],
}

/// By which of its dates a kind is placed, and how long it takes.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Dates {
    /// Held on that day, and completed so many days later.
    Held(i64),
    /// Completed on that day, after so many days.
    Completed(i64),
    /// Offered on that day; held later, or never.
    Offered,
}

/// The activities of one span.
#[derive(Clone, Copy)]
pub(super) struct Run {
    pub(super) span: Span,
    pub(super) times: usize,
    pub(super) sessions: i64,
    /// How many of them have feedback.
    pub(super) fed: usize,
    /// Booked, and cancelled then.
    pub(super) cancelled: usize,
    /// Of others, who return them too.
    pub(super) assisted: usize,
}

pub(super) const fn run(span: Span, times: usize) -> Run {
    Run {
        span,
        times,
        sessions: 0,
        fed: 0,
        cancelled: 0,
        assisted: 0,
    }
}

impl Run {
    pub(super) const fn sessions(self, sessions: i64) -> Self {
        Run { sessions, ..self }
    }

    pub(super) const fn fed(self, fed: usize) -> Self {
        Run { fed, ..self }
    }

    pub(super) const fn cancelled(self, cancelled: usize) -> Self {
        Run { cancelled, ..self }
    }

    pub(super) const fn assisted(self, assisted: usize) -> Self {
        Run { assisted, ..self }
    }
}

pub(super) const fn kind(
    of: &'static str,
    audience: &'static str,
    by: &'static [&'static str],
    runs: &'static [Run],
) -> Kind {
    Kind {
        of,
        audience,
        title: None,
        by,
        dates: Dates::Held(0),
        feedback: "NONE",
        people: [0, 0, 0],
        organisations: &[],
        runs,
    }
}

impl Kind {
    pub(super) const fn titled(self, title: &'static str) -> Self {
        Kind {
            title: Some(title),
            ..self
        }
    }

    pub(super) const fn dates(self, dates: Dates) -> Self {
        Kind { dates, ..self }
    }

    pub(super) const fn feedback(self, feedback: &'static str) -> Self {
        Kind { feedback, ..self }
    }

    pub(super) const fn people(self, people: [i64; 3]) -> Self {
        Kind { people, ..self }
    }

    pub(super) const fn organisations(self, organisations: &'static [&'static str]) -> Self {
        Kind {
            organisations,
            ..self
        }
    }
}
