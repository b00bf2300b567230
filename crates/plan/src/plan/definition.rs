//! What a definition means, as one text and its hash.
//!
//! Contract: the hash covers whose records count, which, where, by which date and how, for a ratio of both its parts; not id,
//! title, wording or other words for people. Two definitions with one hash give the same number from the same records.

use std::fmt::Write;

use sha2::{Digest, Sha256};

use super::counting::{Against, Area, ChangeValue, Counted, Counting, LookBack, Placing, Span};
use super::{Basis, Measure, Plan};

impl Plan {
    /// The SHA-256, in lower-case hexadecimal, of all that bears on the value of a measure of the plan. It is the same in
    /// every build.
    pub fn definition_hash(&self, measure: &Measure) -> String {
        Sha256::digest(self.definition_text(measure))
            .iter()
            .fold(String::new(), |mut hash, byte| {
                let _ = write!(hash, "{byte:02x}");
                hash
            })
    }

    /// All that bears on the value of a measure of the plan, one `key=value` a line.
    pub fn definition_text(&self, measure: &Measure) -> String {
        let mut text = self.without_parts(measure);
        if let Basis::Ratio(ratio) = &measure.basis {
            for (key, id) in [
                ("numerator", &ratio.numerator),
                ("denominator", &ratio.denominator),
            ] {
                // A part is no ratio; in a file that says otherwise, ratios can be made of each other.
                let part = self.definition(id).map(|part| self.without_parts(part));
                for line in part.unwrap_or_default().lines() {
                    let _ = writeln!(text, "{key}.{line}");
                }
            }
        }
        text
    }

    /// What a measure counts, whatever it makes of it: of two definitions with one such text the counts of the same days are the same.
    /// None of a ratio, whose parts have it, and of what is not counted.
    pub fn counted_text(&self, measure: &Measure) -> Option<String> {
        let counting = measure.counting()?;
        let mut definition = Definition::default();
        definition.say_all("returned_by", &sorted(&measure.returned_by));
        definition.say_counted_records(counting);
        if matches!(counting.area, Area::District) {
            definition.say("district", &self.district);
        }
        Some(definition.text)
    }

    fn without_parts(&self, measure: &Measure) -> String {
        let mut text = measure.own_definition();
        let counting = measure.counting();
        if counting.is_some_and(|counting| matches!(counting.area, Area::District)) {
            let _ = writeln!(text, "district={}", self.district);
        }
        text
    }
}

impl Measure {
    /// What the measure says of itself.
    fn own_definition(&self) -> String {
        let mut definition = Definition::default();
        definition.say("kind", self.kind.name());
        definition.say_all("returned_by", &sorted(&self.returned_by));
        if let Some(day) = self.series_from {
            definition.say("series_from", &day.to_string());
        }
        match &self.basis {
            Basis::Records(counting) => definition.say_counting(counting),
            Basis::Ratio(ratio) => {
                definition.say("numerator", &ratio.numerator);
                definition.say("denominator", &ratio.denominator);
                definition.say("times", &ratio.times.to_string());
                definition.say("decimals", &ratio.decimals.to_string());
            }
            Basis::Nothing => {}
        }
        definition.text
    }
}

/// A canonical text: one `key=value` a line, line ends in values escaped.
#[derive(Default)]
struct Definition {
    text: String,
}

impl Definition {
    fn say(&mut self, key: &str, value: &str) {
        let value = value.replace('\\', "\\\\").replace('\n', "\\n");
        let _ = writeln!(self.text, "{key}={value}");
    }

    fn say_all(&mut self, key: &str, values: &[String]) {
        values.iter().for_each(|value| self.say(key, value));
    }

    fn say_counting(&mut self, counting: &Counting) {
        self.say_counted_records(counting);
        self.say_against(&counting.against);
    }

    fn say_counted_records(&mut self, counting: &Counting) {
        self.say("record_type", &counting.record_type);
        if let Some(filter) = &counting.filter {
            self.say("filter", filter.text());
        }
        self.say_all("each", &counting.each);
        match counting.area {
            Area::District => self.say("area", "district"),
            Area::Any => self.say("area", "any"),
        }
        self.say_placing(&counting.placing);
        self.say_counted(&counting.counted);
        if let Some(look_back) = &counting.look_back {
            self.say_look_back(look_back);
        }
    }

    fn say_placing(&mut self, placing: &Placing) {
        match placing {
            Placing::On(dates) => self.say_all("date", dates),
            Placing::During(span) => self.say_span("during", span),
            Placing::InForce(span, graded) => {
                self.say_span("in_force", span);
                if let Some(graded) = graded {
                    self.say("graded_by", &graded.by);
                    self.say("graded_on", &graded.on);
                    self.say("graded_is", &graded.is);
                }
            }
            Placing::ReportedFor(from, to) => {
                self.say("reported_from", from);
                self.say("reported_to", to);
            }
            Placing::DoneBy(date) => self.say("done_by", date),
        }
    }

    fn say_span(&mut self, key: &str, span: &Span) {
        self.say(key, &span.from);
        self.say_all("until", &sorted(&span.until));
    }

    fn say_counted(&mut self, counted: &Counted) {
        match counted {
            Counted::Events { amount: None } => self.say("count", "records"),
            Counted::Events { amount: Some(amount) } | Counted::Sum { amount } => {
                self.say("amount", amount.text());
            }
            Counted::Distinct { identity, tally } => {
                self.say("identity", identity);
                self.say("tally", if *tally { "true" } else { "false" });
            }
        }
    }

    fn say_look_back(&mut self, look_back: &LookBack) {
        self.say("same", &look_back.same);
        self.say_all("sharing", look_back.sharing.as_slice());
        self.say("before", &look_back.before);
        self.say_all("counted_from", &look_back.counted_from);
        self.say("months", &look_back.months.to_string());
        if let Some(filter) = &look_back.filter {
            self.say("earlier", filter.text());
        }
    }

    fn say_against(&mut self, against: &Against) {
        match against {
            Against::Nothing => {}
            Against::YearBefore { value, decimals } => {
                let value = match value {
                    ChangeValue::Delta => "delta",
                    ChangeValue::Percent => "percent",
                };
                self.say("change", value);
                self.say("decimals", &decimals.to_string());
            }
            Against::Expected(expected) => self.say("expected", &expected.to_string()),
            Against::Areas(ranking) => {
                self.say("rank_by", &ranking.by);
                self.say_all("among", &sorted(&ranking.among));
                self.say("descending", &ranking.descending.to_string());
                self.say("rank_of_change", &ranking.change.to_string());
            }
        }
    }
}

fn sorted(values: &[String]) -> Vec<String> {
    let mut values = values.to_vec();
    values.sort();
    values
}
