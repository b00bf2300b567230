//! Reads the keys that every measure, figure and companion has.

use super::super::{Disclosure, Kind, Measure, Polarity, Rule, Sensitivity};
use super::kind;
use crate::reader::Section;

pub(super) fn read(section: &mut Section<'_>) -> Measure {
    let id = section.name("id", ".-");
    let kind = section.choice("kind", &Kind::NAMES);
    let sensitivity = section
        .choice("sensitivity", &Sensitivity::NAMES)
        .unwrap_or(Sensitivity::Person);
    let basis = kind::read_basis(section, kind);
    let returned_by = match kind {
        Some(Kind::Estimate) => {
            section.refuse_but(&["returned_by"], &[], "an estimate");
            Vec::new()
        }
        _ => section.some_texts("returned_by"),
    };
    Measure {
        id,
        title: section.text("title"),
        action: section.optional_name("action", ".-"),
        wording: section.optional_text("wording"),
        page: section
            .whole("page", 10_000)
            .and_then(|page| u16::try_from(page).ok()),
        responsible: section.texts("responsible"),
        returned_by,
        kind: kind.unwrap_or(Kind::EventCount),
        basis,
        unit: section.text("unit"),
        polarity: section
            .choice("polarity", &Polarity::NAMES)
            .unwrap_or(Polarity::Neutral),
        sensitivity,
        disclosure: read_disclosure(section, Disclosure::of(sensitivity)),
        version: section.integer_within("version", (1, u8::MAX), 1),
        valid_from: section.date("valid_from"),
        series_from: section.date("series_from"),
        notes: section.optional_text("notes"),
        line: section.line(),
    }
}

/// Rules that stand in the file; of an audience that it does not name the usual one. What partners may not see, the public may not either.
fn read_disclosure(section: &mut Section<'_>, usual: Disclosure) -> Disclosure {
    let rules = section.table("disclosure", "`disclosure`", |rules| {
        let mut rule = |audience| rules.optional_choice(audience, &Rule::NAMES);
        let partners = rule("partners").unwrap_or(usual.partners);
        Disclosure {
            partners,
            public: rule("public").unwrap_or(usual.public).max(partners),
        }
    });
    rules.unwrap_or(usual)
}
