//! Texts that people write into reports: short, of one line, and about nobody.
//!
//! Contract: addresses, numbers, dates of birth and titles with names are never taken. A word that is written like a name and stands in none of the files in
//! force (plans, feeds, code lists) is taken only if whoever writes has said that no person is meant. What a pattern cannot see, a reader
//! must: this catches slips, not intent.

use std::collections::BTreeSet;

use regex_lite::Regex;

/// The words that stand in the files in force, in lower case.
pub type Vocabulary = BTreeSet<String>;

/// Words that reports use, and no file.
const COMMON: &str = "i january february march april may june july august september october november december monday tuesday wednesday thursday \
    friday saturday sunday christmas easter english british kent nhs uk covid q1 q2 q3 q4 h1 h2 ytd";

/// Words that sentences of reports begin with, and that are no names.
const BEGINNINGS: &str = "a about above according across action actions activity additional after again all almost also although an and another \
    any are around as at attendance because been before behind below better both but by calls cases change changes closed compared continued \
    counted counts coverage currently data decrease definition delayed despite due during each earlier early every excluding expected extra \
    far few fewer figure figures final first following for from full funding further given good had half has have he her high higher his \
    however if improved improvement in incidents include included includes including increase increased it its just last late later less \
    likely long low lower mainly many missing more most much near nearly nearing new next no none not note now number numbers of officers on \
    once one only open opened other our out outstanding over owing part partly partners people per performance planned police pressure \
    previous progress project provisional published quarter recorded recording reduced reduction referrals reflects reported reporting \
    reports response resources results return returns revised rise same seasonal second see service services several she since slight slightly \
    small so some staff staffing still such summer target targets that the their then there these they third this those though three \
    throughout to together too total trend two under until up usual usually very victims visits volunteers was waiting we weather were what \
    when where which while winter with within without work year you young";

/// What never stands in a report, in words, and how it is written.
const NEVER: [(&str, &str); 9] = [
    ("a date of birth", r"(?i)\b(?:born|dob|d\.o\.b)\b"),
    (
        "an address",
        r"\b[0-9]+[A-Za-z]?,? (?:[A-Z][\w'’-]* ){0,3}(?:Street|Road|Lane|Avenue|Close|Drive|Way|Court|Gardens|Place|Terrace|Crescent|Square|Grove|Mews|Walk)\b",
    ),
    ("an e-mail address", r"[^\s@]+@[^\s@]+\.[A-Za-z]{2,}"),
    ("a pseudonym", r"\b[0-9a-f]{16,}\b"),
    ("a telephone number", r"(?:\+44|\b0)[0-9 ()-]{8,}[0-9]"),
    ("a postcode", r"(?i)\b[A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9][A-Z]{2}\b"),
    (
        "a National Insurance number",
        r"(?i)\b[A-Z]{2} ?[0-9]{2} ?[0-9]{2} ?[0-9]{2} ?[A-D]\b",
    ),
    ("an NHS number", r"\b[0-9]{3} ?[0-9]{3} ?[0-9]{4}\b"),
    (
        "a person's name",
        r"\b(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Sir|Lady|Lord|Rev|PC|PCSO|DC|DS|DI|Sgt|Insp|Cllr|Councillor)\.? +[^\sa-z0-9(]\S+",
    ),
];

/// Why a text is not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Objection {
    /// There is none.
    #[error("there is no text")]
    Empty,
    /// It is not one short line.
    #[error("it must be one line of {most} characters at most, and has {length}")]
    Form {
        /// The most characters.
        most: usize,
        /// How many it has.
        length: usize,
    },
    /// It has what points at a person.
    #[error("`{found}` looks like {what}: it would stand in reports for everybody. Say it without")]
    Person {
        /// What it looks like.
        what: &'static str,
        /// Where it says so.
        found: String,
    },
    /// It has what may be a name.
    #[error(
        "`{found}` may be a name: it stands in no plan, feeds or code list file. Say it without, or say --names-checked if no person is meant"
    )]
    Name {
        /// The word.
        found: String,
    },
}

/// The words of some files.
#[must_use]
pub fn vocabulary<'t>(texts: impl IntoIterator<Item = &'t str>) -> Vocabulary {
    let texts = texts.into_iter().chain([COMMON]);
    texts
        .flat_map(words)
        .map(|word| word.text.to_lowercase())
        .collect()
}

/// The text without blanks around it, if it may stand in a report. With `names_checked` what may be a name is taken.
///
/// # Errors
/// Why not.
pub fn checked(
    text: &str,
    most: usize,
    known: &Vocabulary,
    names_checked: bool,
) -> Result<String, Objection> {
    let text = text.trim();
    let length = text.chars().count();
    if length == 0 {
        return Err(Objection::Empty);
    }
    if length > most || text.chars().any(char::is_control) {
        return Err(Objection::Form { most, length });
    }
    for (what, pattern) in NEVER {
        if let Some(found) = find(pattern, text, known) {
            return Err(Objection::Person { what, found });
        }
    }
    let mut names = words(text).filter(|word| word.is_like_a_name() && !word.is_known(known));
    match names.next() {
        Some(name) if !names_checked => Err(Objection::Name {
            found: name.text.to_owned(),
        }),
        _ => Ok(text.to_owned()),
    }
}

/// The first that fits the pattern and is not made of words of the files alone, such as `PCSO Team`.
fn find(pattern: &str, text: &str, known: &Vocabulary) -> Option<String> {
    let pattern = Regex::new(pattern).ok()?;
    let found = pattern.find_iter(text).map(|found| found.as_str());
    let is_of_files = |found: &str| {
        let mut words = words(found).skip(1).peekable();
        let is_title = !found.contains(|c: char| c.is_ascii_digit() || c == '@');
        is_title && words.peek().is_some() && words.all(|word| word.is_known(known))
    };
    found
        .filter(|found| !is_of_files(found))
        .map(str::to_owned)
        .next()
}

struct Word<'t> {
    text: &'t str,
    begins_sentence: bool,
}

impl Word<'_> {
    fn is_like_a_name(&self) -> bool {
        let mut letters = self.text.chars();
        let is_capital = letters.next().is_some_and(char::is_uppercase);
        is_capital && letters.next().is_some() && !(self.begins_sentence && self.is_a_beginning())
    }

    fn is_a_beginning(&self) -> bool {
        let word = self.text.to_lowercase();
        BEGINNINGS.split_whitespace().any(|beginning| beginning == word)
    }

    fn is_known(&self, known: &Vocabulary) -> bool {
        let word = self.text.to_lowercase();
        let singular = word.trim_end_matches("'s").trim_end_matches("’s");
        let mut parts = word.split('-');
        known.contains(&word) || known.contains(singular) || parts.all(|part| known.contains(part))
    }
}

fn words(text: &str) -> impl Iterator<Item = Word<'_>> {
    let is_outer = |c: char| !c.is_alphanumeric();
    let mut ends_sentence = true;
    text.split_whitespace().flat_map(move |token| {
        let begins = std::mem::replace(&mut ends_sentence, token.ends_with(['.', '!', '?', ':']));
        let words = token.split(|c: char| !c.is_alphanumeric() && !"'’-".contains(c));
        let words = words
            .map(move |word| word.trim_matches(is_outer))
            .filter(|word| !word.is_empty());
        words.enumerate().map(move |(place, text)| Word {
            text,
            begins_sentence: begins && place == 0,
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known() -> Vocabulary {
        vocabulary(["DAVSS of West Kent; Tunbridge Wells; PCSO Team; St John's"])
    }

    fn why(text: &str) -> Option<Objection> {
        checked(text, 100, &known(), false).err()
    }

    #[test]
    fn what_reports_say_is_taken() {
        for text in [
            "Fewer referrals since DAVSS closed over Christmas: 12 in Q3.",
            "The West Kent PCSO Team was away in St John's. Two left. More in Tunbridge Wells: 12.",
            "Tunbridge Wells's count is up by 10 % (from 1,024 to 1,126).",
        ] {
            assert_eq!(why(text), None, "{text}");
        }
    }

    #[test]
    fn what_points_at_a_person_is_not() {
        for (text, what) in [
            ("ask lead@example.org", "an e-mail address"),
            ("ring 01892 123456", "a telephone number"),
            ("the house at TN1 1RS", "a postcode"),
            ("her number is QQ 12 34 56 C", "a National Insurance number"),
            ("his is 943 476 5919", "an NHS number"),
            ("of 0123456789abcdef0123", "a pseudonym"),
            ("at 14 High Street", "an address"),
            ("born 12/03/1999", "a date of birth"),
            ("as Mrs Zwiebel said", "a person's name"),
            ("by PC O'Hara", "a person's name"),
        ] {
            assert!(
                matches!(why(text), Some(Objection::Person { what: seen, .. }) if seen == what),
                "{text}: {:?}",
                why(text)
            );
            assert!(checked(text, 100, &known(), true).is_err(), "{text}");
        }
    }

    #[test]
    fn what_may_be_a_name_is_taken_when_somebody_has_looked() {
        for (text, name) in [
            ("two visits to Zofia in May", "Zofia"),
            ("Łukasz Żółć came back", "Łukasz"),
            ("Few came. Smith was one of them", "Smith"),
            ("seen at Sainsbury's", "Sainsbury's"),
            ("with Siân", "Siân"),
        ] {
            let found = name.to_owned();
            assert_eq!(why(text), Some(Objection::Name { found }), "{text}");
            assert_eq!(checked(text, 100, &known(), true), Ok(text.to_owned()));
        }
    }

    #[test]
    fn it_is_one_short_line() {
        assert_eq!(why("  "), Some(Objection::Empty));
        assert!(matches!(why("a\nb"), Some(Objection::Form { .. })));
        let longest = "ä".repeat(100);
        assert_eq!(why(&longest), None);
        assert!(matches!(
            why(&format!("{longest}ä")),
            Some(Objection::Form { length: 101, .. })
        ));
    }
}
