//! Why a row is not taken.

use std::fmt;

/// The kind of a rejection, for counting and filtering.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reason {
    /// The envelope names another feed than the topic's.
    WrongFeed,
    /// The envelope names another partner than the feed's, or none that is known.
    WrongPartner,
    /// The reference is empty, too long or has control characters.
    BadRef,
    /// The version is below 1.
    BadVersion,
    /// SUBMIT or AMEND without a body.
    MissingBody,
    /// WITHDRAW with a body.
    UnexpectedBody,
    /// WITHDRAW without a reason.
    MissingReason,
    /// No district, in a feed that has no default.
    DistrictMissing,
    /// The district is not a GSS code.
    BadDistrict,
    /// A code that its list does not have.
    UnknownCode,
    /// A pseudonym that does not have the form of one.
    BadPseudonym,
    /// A date or time that cannot be.
    BadDate,
    /// A number that is none.
    BadNumber,
    /// A text that is too long or has control characters.
    BadText,
    /// A check of the feed failed.
    CheckFailed,
}

impl Reason {
    /// All kinds.
    pub const ALL: [Reason; 15] = [
        Self::WrongFeed,
        Self::WrongPartner,
        Self::BadRef,
        Self::BadVersion,
        Self::MissingBody,
        Self::UnexpectedBody,
        Self::MissingReason,
        Self::DistrictMissing,
        Self::BadDistrict,
        Self::UnknownCode,
        Self::BadPseudonym,
        Self::BadDate,
        Self::BadNumber,
        Self::BadText,
        Self::CheckFailed,
    ];

    /// The code that is stored with a rejected message.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::WrongFeed => "wrong-feed",
            Self::WrongPartner => "wrong-partner",
            Self::BadRef => "bad-ref",
            Self::BadVersion => "bad-version",
            Self::MissingBody => "missing-body",
            Self::UnexpectedBody => "unexpected-body",
            Self::MissingReason => "missing-reason",
            Self::DistrictMissing => "district-missing",
            Self::BadDistrict => "bad-district",
            Self::UnknownCode => "unknown-code",
            Self::BadPseudonym => "bad-pseudonym",
            Self::BadDate => "bad-date",
            Self::BadNumber => "bad-number",
            Self::BadText => "bad-text",
            Self::CheckFailed => "check-failed",
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A row that is not taken, in words for the partner.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {detail}")]
pub struct Rejection {
    /// The kind.
    pub reason: Reason,
    /// The path of the field that is wrong: `ref`, `body.risk`.
    pub field: String,
    /// What is wrong with it and what to do. Quotes a value only where it looks like a code.
    pub detail: String,
    /// The id of the feed's check, where one failed.
    pub check: Option<String>,
}

impl Rejection {
    pub(super) fn new(reason: Reason, field: &str, detail: impl Into<String>) -> Self {
        Self {
            reason,
            field: field.to_owned(),
            detail: detail.into(),
            check: None,
        }
    }
}
