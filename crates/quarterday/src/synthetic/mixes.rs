//! How many troubles the small feeds have, by what their records can bear.

use super::troubles::{Mix, Trouble};

/// Some hundred rows, with a ward and one date.
pub(super) const SMALL: Mix = &[
    (Trouble::WardMended, 4),
    (Trouble::MovedLater, 2),
    (Trouble::MovedEarlier, 2),
    (Trouble::Mended, 5),
    (Trouble::MendedTwice, 1),
    (Trouble::SentTwice, 7),
    (Trouble::Contradicted, 2),
    (Trouble::SubmitLate, 2),
    (Trouble::OutOfOrder, 1),
    (Trouble::Resubmitted, 2),
    (Trouble::Withdrawn, 5),
    (Trouble::WithdrawnFirst, 1),
    (Trouble::AmendedTooLate, 1),
    (Trouble::MovedAway, 1),
    (Trouble::Elsewhere, 6),
    (Trouble::OrphanAmend, 2),
    (Trouble::OrphanWithdraw, 1),
];

/// The same without other districts: where every district counts, or none but the own one can be.
pub(super) const OWN_DISTRICT: Mix = &[
    (Trouble::WardMended, 3),
    (Trouble::MovedLater, 1),
    (Trouble::MovedEarlier, 1),
    (Trouble::Mended, 3),
    (Trouble::SentTwice, 4),
    (Trouble::Contradicted, 1),
    (Trouble::SubmitLate, 1),
    (Trouble::Resubmitted, 1),
    (Trouble::Withdrawn, 3),
    (Trouble::WithdrawnFirst, 1),
    (Trouble::OrphanAmend, 1),
];

/// A few dozen rows.
pub(super) const TINY: Mix = &[
    (Trouble::WardMended, 1),
    (Trouble::MovedLater, 1),
    (Trouble::MovedEarlier, 1),
    (Trouble::Mended, 2),
    (Trouble::SentTwice, 3),
    (Trouble::Contradicted, 1),
    (Trouble::Resubmitted, 1),
    (Trouble::Withdrawn, 2),
    (Trouble::AmendedTooLate, 1),
    (Trouble::Elsewhere, 2),
    (Trouble::OrphanAmend, 1),
];

/// Dates that a law, a season or a list of spells ties down.
pub(super) const UNMOVED: Mix = &[
    (Trouble::WardMended, 2),
    (Trouble::Mended, 3),
    (Trouble::SentTwice, 4),
    (Trouble::Contradicted, 1),
    (Trouble::SubmitLate, 1),
    (Trouble::Resubmitted, 1),
    (Trouble::Withdrawn, 3),
    (Trouble::WithdrawnFirst, 1),
    (Trouble::AmendedTooLate, 1),
    (Trouble::Elsewhere, 3),
    (Trouble::OrphanAmend, 1),
];

/// Records that must not carry a ward.
pub(super) const NO_WARD: Mix = &[
    (Trouble::Mended, 4),
    (Trouble::SentTwice, 5),
    (Trouble::Contradicted, 2),
    (Trouble::Resubmitted, 2),
    (Trouble::Withdrawn, 4),
    (Trouble::WithdrawnFirst, 1),
    (Trouble::AmendedTooLate, 1),
    (Trouble::MovedAway, 1),
    (Trouble::Elsewhere, 4),
    (Trouble::OrphanAmend, 1),
    (Trouble::OrphanWithdraw, 1),
];

/// Records of the whole area, with neither ward nor district to mistake.
pub(super) const PLACELESS: Mix = &[
    (Trouble::Mended, 3),
    (Trouble::SentTwice, 4),
    (Trouble::Contradicted, 1),
    (Trouble::Resubmitted, 1),
    (Trouble::Withdrawn, 2),
    (Trouble::OrphanAmend, 1),
];
