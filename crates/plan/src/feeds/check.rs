//! What a record must satisfy.

use jiff::civil::Date;
use regex_lite::Regex;

use super::PartnerRule;

/// Something that a record must satisfy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// The check's id, unique in its feed.
    pub id: String,
    /// What a failure means.
    pub severity: Severity,
    /// Records that it holds for: those that fulfil every condition.
    pub when: Vec<Condition>,
    /// The test.
    pub rule: Rule,
    /// What the partner is told, in plain words.
    pub message: String,
}

impl Check {
    /// The fields that the check looks at, those of its conditions included.
    pub fn fields(&self) -> Vec<&str> {
        let conditions = self.when.iter().map(|condition| condition.field.as_str());
        self.rule.fields().into_iter().chain(conditions).collect()
    }
}

/// What a failed check means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    /// The record is rejected and waits in quarantine.
    Error,
    /// The record is taken and the partner is told.
    Warning,
}

/// Records whose field, normalised, holds one of these values; booleans are `true` and `false`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// The field.
    pub field: String,
    /// The values.
    pub values: Vec<String>,
    /// Whether it is the records that hold something else instead. A null fulfils neither.
    pub is_negated: bool,
}

/// A test of one record. A null passes every rule but [`Rule::Required`]; an `*_at` field stands for its date in
/// Europe/London. A column of an array of records, `spells_opened_on`, stands for each of its entries: two columns of one
/// array are compared record by record, and a column of an array with a field of the body entry by entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rule {
    /// The later date is not before the earlier one; the same day passes.
    NotBefore {
        /// Field of the date that comes first.
        earlier: String,
        /// Field of the date that comes after it.
        later: String,
    },
    /// The later date is after the earlier one; the same day fails.
    NotSameOrBefore {
        /// Field of the date that comes first.
        earlier: String,
        /// Field of the date that comes after it.
        later: String,
    },
    /// So much time lies between two dates, which may reach both bounds.
    Lasts {
        /// Field of the first date.
        earlier: String,
        /// Field of the second date.
        later: String,
        /// The shortest time that passes.
        min: Option<Length>,
        /// The longest time that passes.
        max: Option<Length>,
    },
    /// Both dates lie in one financial year.
    SameFinancialYear {
        /// Field of the one date.
        earlier: String,
        /// Field of the other date.
        later: String,
    },
    /// The number lies within the bounds, which it may reach.
    Range {
        /// Field of the number.
        field: String,
        /// Smallest value that passes.
        min: Option<i64>,
        /// Largest value that passes.
        max: Option<i64>,
    },
    /// The number has no decimals.
    Whole {
        /// Field of the number.
        field: String,
    },
    /// The number is the year of a date, or one that lies so near.
    YearNear {
        /// Field of the year.
        field: String,
        /// Field of the date.
        date: String,
        /// How many years apart they may be.
        years: i64,
    },
    /// The hour of the clock in Europe/London lies within the bounds, which it may reach.
    Hour {
        /// Field of the time.
        field: String,
        /// Smallest hour that passes.
        min: i64,
        /// Largest hour that passes.
        max: i64,
    },
    /// The field holds one of these values.
    OneOf {
        /// The field.
        field: String,
        /// The values.
        values: Vec<String>,
    },
    /// The field is not null and not empty.
    Required {
        /// The field.
        field: String,
    },
    /// The field is null or empty.
    Absent {
        /// The field.
        field: String,
    },
    /// The date lies within the bounds, which it may reach.
    DateWithin {
        /// Field of the date.
        field: String,
        /// First date that passes.
        from: Option<Date>,
        /// Last date that passes.
        until: Option<Date>,
    },
    /// The text is a reference and cannot be free text: 1 to 64 of the characters `A-Z a-z 0-9 . _ / -`.
    Reference {
        /// Field of the text.
        field: String,
    },
    /// The whole text has a form, given as a regular expression that it matches from its first character to its last.
    Matches {
        /// Field of the text.
        field: String,
        /// The regular expression, without anchors.
        pattern: String,
    },
    /// The dates of an array of records do not go back from one record to the next.
    Ascending {
        /// The column of the dates.
        field: String,
    },
    /// In each record of an array but the first, the later date comes at least so many days after the earlier date of the
    /// record before, which is not null: only the last record may be open.
    NextNotBefore {
        /// The column of the dates that end a record.
        earlier: String,
        /// The column of the dates that begin one.
        later: String,
        /// Days between them.
        min_days: i64,
    },
    /// The first entries of two arrays are the same.
    SameFirst {
        /// The column of dates that is wrong if they differ.
        field: String,
        /// The column of dates that it is compared with.
        other: String,
    },
    /// The date is not before the last day of a quarter of a financial year.
    AfterQuarter {
        /// Field of the date.
        field: String,
        /// Field of the financial year, such as `2015-16`.
        year: String,
        /// Field of the number of the quarter, from 1.
        quarter: String,
    },
    /// The text is the name of a feed of the record's own partner.
    FeedOfPartner {
        /// Field of the name.
        field: String,
        /// The feeds that there are.
        feeds: Vec<CoveredFeed>,
    },
    /// The codes are scopes of a feed: codes that its record type's scope field may hold, in any spelling.
    ScopeOfFeed {
        /// Field of the codes.
        field: String,
        /// Field of the feed's name.
        feed: String,
        /// The feeds that there are.
        feeds: Vec<CoveredFeed>,
    },
}

/// A length of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Length {
    /// So many days.
    Days(i64),
    /// So many calendar months; the 31st falls to the last day of a shorter month.
    Months(i64),
}

/// A feed of one partner, as a return notice can be about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CoveredFeed {
    /// Its name.
    pub name: String,
    /// Whose feed it is.
    pub partner: PartnerRule,
    /// Its record type.
    pub record_type: String,
    /// The scope field of its record type.
    pub scope: Option<String>,
}

impl Rule {
    /// The fields that the rule looks at.
    pub fn fields(&self) -> Vec<&str> {
        match self {
            Self::NotBefore { earlier, later }
            | Self::NotSameOrBefore { earlier, later }
            | Self::Lasts { earlier, later, .. }
            | Self::SameFinancialYear { earlier, later }
            | Self::NextNotBefore { earlier, later, .. } => vec![earlier, later],
            Self::Range { field, .. }
            | Self::Whole { field }
            | Self::Hour { field, .. }
            | Self::OneOf { field, .. }
            | Self::Required { field }
            | Self::Absent { field }
            | Self::DateWithin { field, .. }
            | Self::Reference { field }
            | Self::Matches { field, .. }
            | Self::Ascending { field }
            | Self::FeedOfPartner { field, .. } => vec![field],
            Self::YearNear {
                field, date: other, ..
            }
            | Self::SameFirst { field, other }
            | Self::ScopeOfFeed {
                field, feed: other, ..
            } => vec![field, other],
            Self::AfterQuarter { field, year, quarter } => vec![field, year, quarter],
        }
    }

    /// The regular expression of a pattern, for whole texts.
    ///
    /// # Errors
    /// It is none.
    pub fn regex(pattern: &str) -> Result<Regex, regex_lite::Error> {
        Regex::new(&format!("^(?:{pattern})$"))
    }

    /// The field that a partner would correct: of two dates the later one.
    pub fn blamed(&self) -> &str {
        match self {
            Self::NotBefore { later, .. }
            | Self::NotSameOrBefore { later, .. }
            | Self::Lasts { later, .. }
            | Self::SameFinancialYear { later, .. }
            | Self::NextNotBefore { later, .. } => later,
            Self::Range { field, .. }
            | Self::Whole { field }
            | Self::YearNear { field, .. }
            | Self::Hour { field, .. }
            | Self::OneOf { field, .. }
            | Self::Required { field }
            | Self::Absent { field }
            | Self::DateWithin { field, .. }
            | Self::Reference { field }
            | Self::Matches { field, .. }
            | Self::Ascending { field }
            | Self::SameFirst { field, .. }
            | Self::AfterQuarter { field, .. }
            | Self::FeedOfPartner { field, .. }
            | Self::ScopeOfFeed { field, .. } => field,
        }
    }
}
