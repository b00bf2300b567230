//! The course of a case around 30 September 2014.

/// The course of a case, in days from 30 September 2014.
#[derive(Clone, Copy)]
pub(super) struct Course {
    pub(super) risk: &'static str,
    pub(super) graded: Option<(&'static str, i64, i64)>,
    /// Closed long before, and opened again on that day: a new spell.
    pub(super) again: Option<i64>,
    /// Closed shortly before, and opened again on that day: the same spell goes on.
    pub(super) cleared: Option<i64>,
    pub(super) closed: Option<(i64, i64)>,
}

impl Course {
    pub(super) const fn new(risk: &'static str) -> Self {
        Course {
            risk,
            graded: None,
            again: None,
            cleared: None,
            closed: None,
        }
    }

    pub(super) const fn graded(self, risk: &'static str, least: i64, most: i64) -> Self {
        Course {
            graded: Some((risk, least, most)),
            ..self
        }
    }

    pub(super) const fn again(self, day: i64) -> Self {
        Course {
            again: Some(day),
            ..self
        }
    }

    pub(super) const fn cleared(self, day: i64) -> Self {
        Course {
            cleared: Some(day),
            ..self
        }
    }

    pub(super) const fn closed(self, least: i64, most: i64) -> Self {
        Course {
            closed: Some((least, most)),
            ..self
        }
    }
}
