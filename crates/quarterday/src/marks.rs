//! How a measure is printed: the number with what a reader must know of it (G5, G9), or in a word why there is none.

use quarterday_store::MeasureRow;

use crate::output;

/// `43`, `~250`, `up to ~412`, `16 (Q2 only)`, `n/a`, `not returned`.
#[must_use]
pub fn printed(row: &MeasureRow) -> String {
    if row.value.is_none() {
        return match row.status.as_str() {
            "not_returned" => "not returned",
            "not_applicable" => "not applicable",
            "unknown" => "unknown",
            _ => "n/a",
        }
        .to_owned();
    }
    let mut text = qualified((row.up_to, row.approximate), &output::number(row.value));
    if let Some(part) = partial(row) {
        text.push_str(&format!(" ({part})"));
    }
    text
}

/// A number that may count somebody twice, and may be an estimate.
#[must_use]
pub fn qualified((up_to, approximate): (bool, bool), number: &str) -> String {
    let up_to = if up_to { "up to " } else { "" };
    let about = if approximate { "~" } else { "" };
    format!("{up_to}{about}{number}")
}

/// Which returns the number is made of, where some are missing.
#[must_use]
pub fn partial(row: &MeasureRow) -> Option<String> {
    if row.missing.is_empty() {
        return None;
    }
    let missing: Vec<(&str, &str)> = row
        .missing
        .iter()
        .filter_map(|entry| entry.split_once(' '))
        .collect();
    if row.coverage.expected != 1 {
        let each: Vec<String> = missing
            .iter()
            .map(|(partner, quarter)| format!("{partner} {}", short(quarter)))
            .collect();
        return Some(format!("without {}", each.join(", ")));
    }
    let returned: Vec<String> = quarters(&row.period)
        .into_iter()
        .filter(|quarter| missing.iter().all(|(_, other)| other != quarter))
        .collect();
    let names = |quarters: Vec<&str>| quarters.into_iter().map(short).collect::<Vec<_>>().join(", ");
    if returned.is_empty() || missing.len() < returned.len() {
        let quarters = missing.iter().map(|(_, quarter)| *quarter).collect();
        return Some(format!("without {}", names(quarters)));
    }
    Some(format!(
        "{} only",
        names(returned.iter().map(String::as_str).collect())
    ))
}

/// `Q2` of `2014-15/Q2`.
fn short(quarter: &str) -> &str {
    quarter.rsplit_once('/').map_or(quarter, |(_, short)| short)
}

/// The ids of the quarters that a period touches.
fn quarters(period: &str) -> Vec<String> {
    let Ok(period) = period.parse::<quarterday_plan::period::Period>() else {
        return Vec::new();
    };
    period
        .quarters()
        .iter()
        .map(quarterday_plan::period::Period::id)
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use quarterday_store::Coverage;

    use super::*;

    fn row(value: Option<f64>, period: &str, expected: u16, missing: &[&str]) -> MeasureRow {
        MeasureRow {
            id: "R1".to_owned(),
            title: "T".to_owned(),
            period: period.to_owned(),
            first: String::new(),
            last: String::new(),
            ward: None,
            partner: None,
            value,
            numerator: value,
            denominator: None,
            delta: None,
            percent: None,
            unit: "people".to_owned(),
            status: "provisional".to_owned(),
            coverage: Coverage {
                returned: 1,
                expected,
            },
            approximate: false,
            up_to: false,
            missing: missing.iter().map(|&m| m.to_owned()).collect(),
            definition_version: 1,
            definition_hash: String::new(),
            watermark: BTreeMap::new(),
            computed_at: String::new(),
        }
    }

    #[test]
    fn a_number_says_what_it_is_made_of() {
        let q2_only = row(Some(16.0), "2014-15/H1", 1, &["S 2014-15/Q1"]);
        assert_eq!(printed(&q2_only), "16 (Q2 only)");
        let year = row(Some(16.0), "2014-15", 1, &["S 2014-15/Q3"]);
        assert_eq!(printed(&year), "16 (without Q3)");
        let several = row(Some(16.0), "2014-15/Q1", 3, &["A 2014-15/Q1", "B 2014-15/Q1"]);
        assert_eq!(printed(&several), "16 (without A Q1, B Q1)");
        let mut about = row(Some(250.0), "2014-15/H1", 2, &[]);
        about.approximate = true;
        assert_eq!(printed(&about), "~250");
        about.up_to = true;
        assert_eq!(printed(&about), "up to ~250");
    }

    #[test]
    fn no_number_says_why() {
        let mut none = row(None, "2014-15/Q1", 1, &[]);
        assert_eq!(printed(&none), "n/a");
        none.status = "not_returned".to_owned();
        none.missing = vec!["S 2014-15/Q1".to_owned()];
        assert_eq!(printed(&none), "not returned");
    }
}
