//! Who may read what of a measure (domain.md 4, "Small numbers").
//!
//! A rule holds for a measure and an audience. Without one in the plan file, small numbers of people are hidden from the public, and
//! nothing is hidden from partners. The restricted audience, the partnership's own analysts, sees everything.

use super::measure::Sensitivity;

/// Who reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Audience {
    /// The partnership's analysts: nothing is hidden.
    Restricted,
    /// The partners that return data.
    Partners,
    /// Everybody.
    Public,
}

impl Audience {
    /// All of them, with their names on the command line.
    pub const NAMES: [(&'static str, Audience); 3] = [
        ("restricted", Audience::Restricted),
        ("partners", Audience::Partners),
        ("public", Audience::Public),
    ];

    /// Those from whom something may be hidden; who comes later sees what those before see, too.
    pub const GUARDED: [Audience; 2] = [Audience::Public, Audience::Partners];

    /// The name on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::NAMES
            .iter()
            .find(|(_, audience)| *audience == self)
            .map_or("", |(name, _)| name)
    }
}

/// What an audience may see of a measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rule {
    /// Everything.
    Open,
    /// All but 1 to 4, and what gives them away.
    Small,
    /// Nothing.
    Withheld,
}

impl Rule {
    pub(super) const NAMES: [(&'static str, Rule); 3] = [
        ("open", Rule::Open),
        ("small", Rule::Small),
        ("withheld", Rule::Withheld),
    ];

    /// The name in plan files.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::NAMES
            .iter()
            .find(|(_, rule)| *rule == self)
            .map_or("", |(name, _)| name)
    }
}

/// The rules of one measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Disclosure {
    /// For partners.
    pub partners: Rule,
    /// For everybody.
    pub public: Rule,
}

impl Disclosure {
    /// The rules of a measure whose plan has none for it.
    #[must_use]
    pub fn of(sensitivity: Sensitivity) -> Self {
        Disclosure {
            partners: Rule::Open,
            public: match sensitivity {
                Sensitivity::None => Rule::Open,
                Sensitivity::Person => Rule::Small,
            },
        }
    }

    /// `partners open, public small`.
    #[must_use]
    pub fn in_words(&self) -> String {
        format!("partners {}, public {}", self.partners.name(), self.public.name())
    }

    /// The rule for an audience.
    #[must_use]
    pub fn rule(&self, audience: Audience) -> Rule {
        match audience {
            Audience::Restricted => Rule::Open,
            Audience::Partners => self.partners,
            Audience::Public => self.public,
        }
    }
}
