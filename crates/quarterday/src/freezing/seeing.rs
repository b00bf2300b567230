//! What an audience sees of snapshots.

use anyhow::{Context, Result};
use quarterday_plan::plan::Audience;
use quarterday_snapshot::disclosure::{Hidden, Line, has_number};
use quarterday_snapshot::{Concealments, Journal, Snapshot};

use super::concealments;
use crate::system::System;

/// Who reads, and what was decided for them.
pub struct Eyes {
    audience: Audience,
    /// None for those who see everything.
    concealments: Option<Concealments>,
}

/// A snapshot, as one audience sees it.
pub struct Seen<'s> {
    /// The snapshot.
    pub snapshot: &'s Snapshot,
    /// Who reads.
    pub audience: Audience,
    hidden: Vec<Hidden>,
}

impl Eyes {
    /// The eyes of an audience; what is not decided yet is decided first.
    ///
    /// # Errors
    /// Kafka or ClickHouse refuses or is away.
    pub async fn of(system: &System, journal: &Journal, audience: Audience) -> Result<Self> {
        let concealments = match audience {
            Audience::Restricted => None,
            Audience::Partners | Audience::Public => Some(concealments(system, journal).await?),
        };
        Ok(Eyes {
            audience,
            concealments,
        })
    }

    /// The snapshot as they see it.
    ///
    /// # Errors
    /// Nothing was decided for them.
    pub fn see<'s>(&self, snapshot: &'s Snapshot) -> Result<Seen<'s>> {
        let hidden = match &self.concealments {
            None => Some(&[][..]),
            Some(all) => all.of(snapshot).and_then(|it| it.hidden_from(self.audience)),
        };
        let hidden = hidden.with_context(|| {
            let (id, audience) = (&snapshot.header.id, self.audience.name());
            format!("{id} is not for {audience}: nothing was decided for them")
        })?;
        Ok(Seen {
            snapshot,
            audience: self.audience,
            hidden: hidden.to_vec(),
        })
    }
}

impl Seen<'_> {
    /// The measures, without what is hidden.
    #[must_use]
    pub fn lines(&self) -> Vec<Line> {
        self.snapshot.lines(&self.hidden)
    }

    /// Whether they see all of it.
    #[must_use]
    pub fn is_all(&self) -> bool {
        self.audience == Audience::Restricted
    }

    /// Whether something is hidden.
    #[must_use]
    pub fn hides(&self) -> bool {
        !self.hidden.is_empty()
    }

    /// Why there is another revision, unless it could give a number away.
    #[must_use]
    pub fn reason(&self) -> &str {
        let reason = &self.snapshot.header.reason;
        if self.hides() && has_number(reason) {
            return "";
        }
        reason
    }
}
