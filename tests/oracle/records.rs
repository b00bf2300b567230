//! What partners send, typed by hand: the nineteen record types with the fields that a rule or a filter looks at.
//! Fields that nothing looks at have one value, which the encoding gives them.

use jiff::Timestamp;
use jiff::civil::Date;

/// What a message does to its record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Op {
    Submit,
    Amend,
    Withdraw,
}

/// One message of the log, accepted.
#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    pub kind: Kind,
    pub partner: usize,
    pub reference: String,
    pub op: Op,
    pub version: i32,
    pub sent_at: Timestamp,
    pub return_id: String,
    pub district: Option<&'static str>,
    pub ward: Option<&'static str>,
    /// None exactly when the record is withdrawn.
    pub body: Option<Body>,
    pub partition: u32,
    pub offset: u64,
}

impl Message {
    /// Whether another message says the same about the record: when it was sent, and in which delivery, is not
    /// content.
    pub fn same_content(&self, other: &Self) -> bool {
        self.op == other.op
            && self.district == other.district
            && self.ward == other.ward
            && self.body == other.body
    }
}

/// A pseudonym: of one partner's own clients, or of the match key that partners share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Pid {
    P(u16),
    M(u16),
}

pub type Code = &'static str;

/// A record of one of the types.
pub trait Record: Clone + PartialEq + Into<Body> + 'static {
    const KIND: Kind;
    fn of(body: &Body) -> Option<&Self>;
}

macro_rules! record_types {
    ($($record:ident = $name:literal),+ $(,)?) => {
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Kind {
            $($record),+
        }

        impl Kind {
            pub const ALL: &[Kind] = &[$(Kind::$record),+];

            /// The name of the record type.
            pub fn name(self) -> &'static str {
                match self {
                    $(Kind::$record => $name),+
                }
            }

            /// Its Avro schema.
            pub fn schema(self) -> &'static str {
                match self {
                    $(Kind::$record => include_str!(concat!("../../schemas/avro/", $name, ".avsc"))),+
                }
            }
        }

        #[derive(Debug, Clone, PartialEq)]
        pub enum Body {
            $($record($record)),+
        }

        $(
            impl From<$record> for Body {
                fn from(record: $record) -> Self {
                    Body::$record(record)
                }
            }

            impl Record for $record {
                const KIND: Kind = Kind::$record;

                fn of(body: &Body) -> Option<&Self> {
                    match body {
                        Body::$record(record) => Some(record),
                        _ => None,
                    }
                }
            }
        )+
    };
}

record_types! {
    ReturnNotice = "return_notice",
    Referral = "referral",
    Engagement = "engagement",
    MaracCase = "marac_case",
    FamilyCase = "family_case",
    AsbCase = "asb_case",
    CommunityTrigger = "community_trigger",
    Order = "order",
    CctvIncident = "cctv_incident",
    RecordedCrime = "recorded_crime",
    PoliceIncident = "police_incident",
    Arrest = "arrest",
    RoadCasualty = "road_casualty",
    HospitalAdmission = "hospital_admission",
    Activity = "activity",
    PatrolShift = "patrol_shift",
    PremisesAction = "premises_action",
    Milestone = "milestone",
    AreaStatistic = "area_statistic",
}

/// F01. It speaks of one quarter of one feed.
#[derive(Debug, Clone, PartialEq)]
pub struct ReturnNotice {
    pub covered: Kind,
    /// The calendar year in which the financial year begins.
    pub year: i16,
    pub quarter: i8,
    pub says: Code,
    pub scope: Vec<Code>,
    pub full: bool,
    pub declared: Option<i32>,
    pub received_on: Date,
}

/// F02.
#[derive(Debug, Clone, PartialEq)]
pub struct Referral {
    pub to_service: Code,
    pub from_agency: Code,
    pub heads: Heads,
    pub sex: Code,
    pub repeat: bool,
    pub referred_on: Date,
    pub risk_at_dealt: Option<Code>,
    pub dealt_on: Option<Date>,
}

/// Of whom a row of F02, F03 and F05 speaks.
#[derive(Debug, Clone, PartialEq)]
pub struct Heads {
    pub tally: bool,
    pub pid: Option<Pid>,
    pub headcount: i32,
    pub approximate: bool,
}

/// F03.
#[derive(Debug, Clone, PartialEq)]
pub struct Engagement {
    pub service: Code,
    pub provider: Code,
    pub heads: Heads,
    pub sex: Code,
    pub age_band: Code,
    pub contact_on: Date,
    pub mode: Code,
    pub attrs: Vec<Code>,
    pub outcome: Code,
    pub outcome_on: Option<Date>,
}

/// F04.
#[derive(Debug, Clone, PartialEq)]
pub struct MaracCase {
    pub referred_on: Date,
    pub incident_on: Option<Date>,
    pub meeting_on: Option<Date>,
    pub victim: Pid,
    pub perpetrators: Vec<Pid>,
    pub outcome: Code,
}

/// F05.
#[derive(Debug, Clone, PartialEq)]
pub struct FamilyCase {
    pub programme: Code,
    pub heads: Heads,
    pub engaged_from: Date,
    pub closed_on: Option<Date>,
    pub outcome: Code,
    pub outcome_on: Option<Date>,
}

/// F06. Both lists run from old to new.
#[derive(Debug, Clone, PartialEq)]
pub struct AsbCase {
    pub spells: Vec<Spell>,
    pub risks: Vec<(Date, Code)>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spell {
    pub opened_on: Date,
    pub closed_on: Option<Date>,
}

/// F07.
#[derive(Debug, Clone, PartialEq)]
pub struct CommunityTrigger {
    pub applied_on: Date,
    pub threshold: Code,
    pub threshold_on: Option<Date>,
    pub outcome: Code,
    pub resolved_on: Option<Date>,
}

/// F08.
#[derive(Debug, Clone, PartialEq)]
pub struct Order {
    pub order_type: Code,
    pub subject: Pid,
    pub issued_on: Date,
    pub start_on: Date,
    pub end_on: Option<Date>,
    pub lifted_on: Option<Date>,
    pub basis: Code,
    pub in_acz: bool,
    pub cctv_monitored: bool,
}

/// F09.
#[derive(Debug, Clone, PartialEq)]
pub struct CctvIncident {
    pub occurred_at: Timestamp,
    pub incident_type: Code,
    pub instigated_by: Code,
    pub monitored: bool,
    pub arrests: i32,
}

/// F10.
#[derive(Debug, Clone, PartialEq)]
pub struct RecordedCrime {
    pub recorded_on: Date,
    pub ho_group: Option<Code>,
    pub ho_subgroup: Option<Code>,
    pub hate_strands: Vec<Code>,
    pub status: Code,
}

/// F11.
#[derive(Debug, Clone, PartialEq)]
pub struct PoliceIncident {
    pub reported_at: Timestamp,
    pub incident_kind: Code,
    pub gang_linked: bool,
    pub victim: Option<Pid>,
}

/// F12.
#[derive(Debug, Clone, PartialEq)]
pub struct Arrest {
    pub arrested_on: Date,
    pub alcohol_offence_no: Option<i32>,
    pub gang_nominal: bool,
    pub charged_on: Option<Date>,
}

/// F13.
#[derive(Debug, Clone, PartialEq)]
pub struct RoadCasualty {
    pub collision_on: Date,
    pub severity: i32,
    pub age: i32,
}

/// F14.
#[derive(Debug, Clone, PartialEq)]
pub struct HospitalAdmission {
    pub admitted_on: Date,
    pub causes: Vec<Code>,
}

/// F15.
#[derive(Debug, Clone, PartialEq)]
pub struct Activity {
    pub activity_type: Code,
    pub offered_on: Option<Date>,
    pub held_on: Option<Date>,
    pub ended_on: Option<Date>,
    pub status: Code,
    pub sessions: i32,
    pub attended_young: i32,
    pub attended_professional: i32,
    pub partner_orgs: Vec<Code>,
    pub feedback: Code,
    pub delivered_by: Vec<Code>,
    pub lead: bool,
}

/// F16.
#[derive(Debug, Clone, PartialEq)]
pub struct PatrolShift {
    pub started_at: Timestamp,
    pub people_engaged: i32,
    pub ambulances_called: i32,
    pub police_callouts: i32,
    pub statements_given: i32,
}

/// F17.
#[derive(Debug, Clone, PartialEq)]
pub struct PremisesAction {
    pub action_type: Code,
    pub premises: Pid,
    pub requested_on: Option<Date>,
    pub done_on: Option<Date>,
    pub removed_on: Option<Date>,
    pub quantity: i32,
    pub result: Option<Code>,
}

/// F18.
#[derive(Debug, Clone, PartialEq)]
pub struct Milestone {
    pub action_id: Code,
    pub number: i32,
    pub done_on: Option<Date>,
    pub status: Code,
}

/// F19. Whole numbers, so that equal rates are equal in any arithmetic.
#[derive(Debug, Clone, PartialEq)]
pub struct AreaStatistic {
    pub area: Code,
    pub measure: Code,
    pub from: Date,
    pub to: Date,
    pub value: i64,
    pub population: i64,
}
