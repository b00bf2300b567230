//! The name of a snapshot: its period and the number of its revision.

use std::fmt;
use std::str::FromStr;

use quarterday_plan::period::Period;

/// Period and revision, written `2014-15/H1/r2`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Id {
    /// What is frozen.
    pub period: Period,
    /// 1 for the first.
    pub revision: u32,
}

/// Text that names no snapshot.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "'{0}' is no snapshot: write period and revision, such as 2014-15/H1/r1; 'quarterday snapshot list' shows them"
)]
pub struct IdError(String);

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/r{}", self.period, self.revision)
    }
}

impl FromStr for Id {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let fault = || IdError(text.to_owned());
        let (period, revision) = text.rsplit_once("/r").ok_or_else(fault)?;
        let is_number = !revision.is_empty() && revision.bytes().all(|byte| byte.is_ascii_digit());
        let revision = revision
            .parse()
            .ok()
            .filter(|revision| is_number && *revision > 0);
        Ok(Id {
            period: period.parse().map_err(|_| fault())?,
            revision: revision.ok_or_else(fault)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_read_as_it_is_written() {
        for text in ["2014-15/H1/r1", "2015-16/r12", "2013-10-01..2014-09-30/r2"] {
            assert_eq!(text.parse::<Id>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn what_names_no_snapshot_is_refused() {
        for text in [
            "",
            "2014-15/H1",
            "2014-15/H1/r0",
            "2014-15/H1/r+1",
            "2014-15/H1/r",
            "H1/r1",
            "2014-15/H1/rx",
        ] {
            assert!(text.parse::<Id>().is_err(), "{text}");
        }
    }
}
