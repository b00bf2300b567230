//! Records that follow an earlier one about the same person (domain.md P1.02c, R35): what a record must know of itself so that
//! `followed.sql` finds out.

use quarterday_events::Kind;
use quarterday_plan::plan::{Counting, LookBack};

use super::literal;
use super::source::Source;
use crate::declared::Defined;

/// A measure that looks back.
#[derive(Clone, Copy)]
struct LookingBack<'s> {
    defined: &'s Defined<'s>,
    counting: &'s Counting,
    look_back: &'s LookBack,
}

impl Source<'_> {
    /// By whom a record may follow earlier ones: an array of (measure, key, counted from, moment, months).
    pub(super) fn follows(&self) -> String {
        concatenated(self.looking_back().map(|of| self.follows_of(&of)))
    }

    /// By whom later records may follow it: an array of (measure, key, day, moment). Earlier records count in every district
    /// (G10).
    pub(super) fn precedes(&self) -> String {
        concatenated(self.looking_back().map(|of| self.precedes_of(&of)))
    }

    /// The two for one measure, if it looks back.
    pub(super) fn look_back_of(&self, defined: &Defined<'_>) -> Option<(String, String)> {
        let mut all = self.looking_back();
        let of = all.find(|of| of.defined.measure.id == defined.measure.id)?;
        Some((self.follows_of(&of), self.precedes_of(&of)))
    }

    fn follows_of(&self, of: &LookingBack<'_>) -> String {
        let LookingBack {
            counting, look_back, ..
        } = *of;
        let days: Vec<String> = look_back
            .counted_from
            .iter()
            .map(|field| self.date(counting, field))
            .collect();
        let from: Vec<String> = look_back
            .counted_from
            .iter()
            .map(|field| moment(self, field))
            .collect();
        let (day, from) = (
            format!("coalesce({})", days.join(", ")),
            format!("coalesce({})", from.join(", ")),
        );
        let before = moment(self, &look_back.before);
        self.keyed(
            of,
            &format!("({day}) IS NOT NULL"),
            &[
                format!("assumeNotNull({day})"),
                format!("assumeNotNull(least({before}, {from}))"),
                look_back.months.to_string(),
            ],
        )
    }

    fn precedes_of(&self, of: &LookingBack<'_>) -> String {
        let LookingBack {
            counting, look_back, ..
        } = *of;
        let day = self.date(counting, &look_back.before);
        let filter = look_back.filter.as_ref();
        let counts = filter.map_or("true".to_owned(), |filter| {
            filter.to_sql(&|field| self.column(counting, field))
        });
        let condition = format!("{counts} AND ({day}) IS NOT NULL");
        self.keyed(
            of,
            &condition,
            &[
                format!("assumeNotNull({day})"),
                format!("assumeNotNull({})", moment(self, &look_back.before)),
            ],
        )
    }

    /// The days by which a record can be the earlier or the later one of some measure.
    pub(super) fn days_of_look_back(&self, counting: &Counting) -> Vec<String> {
        let look_back = counting.look_back.iter();
        let fields =
            look_back.flat_map(|look_back| std::iter::once(&look_back.before).chain(&look_back.counted_from));
        fields.map(|field| self.date(counting, field)).collect()
    }

    /// How many months any of its measures looks back.
    pub fn months_looked_back(&self) -> u8 {
        let months = self.looking_back().map(|of| of.look_back.months);
        months.max().unwrap_or(0)
    }

    fn looking_back(&self) -> impl Iterator<Item = LookingBack<'_>> {
        self.measures.iter().filter_map(|defined| {
            let counting = defined.measure.counting()?;
            let look_back = counting.look_back.as_ref()?;
            Some(LookingBack {
                defined,
                counting,
                look_back,
            })
        })
    }

    /// An entry for the person, or one for the person and each entry of the list of which both must share one.
    fn keyed(&self, of: &LookingBack<'_>, condition: &str, rest: &[String]) -> String {
        let LookingBack {
            defined,
            counting,
            look_back,
        } = *of;
        let who = self.identity(counting, &look_back.same);
        let keys = look_back.sharing.as_ref().map_or(format!("[{who}]"), |list| {
            format!(
                "arrayMap(other -> concat({who}, '\\n', other), {})",
                identities(list)
            )
        });
        format!(
            "arrayMap(key -> ({}, key, {}), arrayFilter(key -> ifNull({} AND notEmpty({who}) AND {condition}, false), {keys}))",
            literal(&defined.measure.id),
            rest.join(", "),
            self.returned_by(defined),
        )
    }
}

fn concatenated(each: impl Iterator<Item = String>) -> String {
    let each: Vec<String> = each.collect();
    if each.is_empty() {
        "[]".to_owned()
    } else {
        format!("arrayConcat({})", each.join(",\n        "))
    }
}

/// The entries of a list; P pseudonyms are the same person within a partner only (domain.md section 3).
fn identities(list: &str) -> String {
    if list.ends_with("_pids") {
        format!("arrayMap(pid -> if(startsWith(pid, 'P'), concat(partner, ' ', pid), toString(pid)), {list})")
    } else {
        format!("arrayMap(entry -> toString(entry), {list})")
    }
}

/// A point in time to compare by: the instant itself, or the day.
fn moment(source: &Source<'_>, field: &str) -> String {
    match source.spec(field).map(|spec| &spec.kind) {
        Some(Kind::TimestampMillis) => format!("toUnixTimestamp64Milli({field})"),
        _ => format!("toInt64(toInt32({field}))"),
    }
}
