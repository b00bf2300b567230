//! Whether data written with one schema can be read with another, by the rules of Avro's schema resolution.
//!
//! Own code, because the check in apache-avro 0.21 refuses types that are used twice or recursively (a name against its
//! definition) and names no field. Beyond Avro's rules, two different logical types on one field are refused: the bytes
//! can be read and would mean something else (milliseconds as microseconds).

mod checker;

use std::fmt;
use std::str::FromStr;

use super::schema::AvroSchema;

pub(super) use checker::unreadable;

/// What a new version under a subject must be able to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Level {
    /// Its readers can read what was written before.
    backward: bool,
    /// Earlier readers can read what it writes.
    forward: bool,
    /// "Before" means all versions, not only the last.
    transitive: bool,
}

const LEVELS: &[(&str, Level)] = &[
    (
        "NONE",
        Level {
            backward: false,
            forward: false,
            transitive: false,
        },
    ),
    (
        "BACKWARD",
        Level {
            backward: true,
            forward: false,
            transitive: false,
        },
    ),
    (
        "BACKWARD_TRANSITIVE",
        Level {
            backward: true,
            forward: false,
            transitive: true,
        },
    ),
    (
        "FORWARD",
        Level {
            backward: false,
            forward: true,
            transitive: false,
        },
    ),
    (
        "FORWARD_TRANSITIVE",
        Level {
            backward: false,
            forward: true,
            transitive: true,
        },
    ),
    (
        "FULL",
        Level {
            backward: true,
            forward: true,
            transitive: false,
        },
    ),
    (
        "FULL_TRANSITIVE",
        Level {
            backward: true,
            forward: true,
            transitive: true,
        },
    ),
];

impl Level {
    /// Why `new` may not follow `earlier` (ascending by version); nothing when it may.
    pub(super) fn objections<'a>(
        self,
        new: &AvroSchema,
        earlier: impl DoubleEndedIterator<Item = (u32, &'a AvroSchema)>,
    ) -> Vec<String> {
        let reach = if self.transitive { usize::MAX } else { 1 };
        let mut objections = Vec::new();
        for (version, old) in earlier.rev().take(reach) {
            if self.backward {
                let told =
                    |problem| format!("the new schema cannot read data of version {version}: {problem}");
                objections.extend(unreadable(new, old).into_iter().map(told));
            }
            if self.forward {
                let told =
                    |problem| format!("version {version} cannot read data of the new schema: {problem}");
                objections.extend(unreadable(old, new).into_iter().map(told));
            }
        }
        objections
    }
}

impl Default for Level {
    fn default() -> Self {
        Self {
            backward: true,
            forward: false,
            transitive: false,
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = LEVELS
            .iter()
            .find(|(_, level)| level == self)
            .map_or("NONE", |(name, _)| name);
        f.write_str(name)
    }
}

impl FromStr for Level {
    type Err = ();

    fn from_str(name: &str) -> Result<Self, ()> {
        let found = LEVELS.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, level)| *level).ok_or(())
    }
}

#[cfg(test)]
mod tests;
