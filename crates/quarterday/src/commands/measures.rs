//! `quarterday measures`: the measures of a period.

mod line;

use anyhow::{Result, bail};
use jiff::Timestamp;
use quarterday_store::{Breakdown, FrozenValue, MeasureRow};

use crate::as_known::AsKnown;
use crate::cli::{By, Format, Measures};
use crate::commands::DONE;
use crate::instant::Instant;
use crate::output::{self, Heading, Rows};
use crate::target::Opened;

use line::Line;

pub(super) async fn run(args: Measures) -> Result<u8> {
    let opened = args.target.open_to_read().await?;
    let read = read(&opened, &args).await;
    opened.close().await?;
    let (rows, beside) = read?;
    match args.format {
        Format::Json | Format::Csv => output::print(&rows, args.format)?,
        Format::Table => {
            let lines: Vec<Line> = rows.into_iter().map(|row| Line::of(row, &beside)).collect();
            output::print(&lines, args.format)?;
        }
    }
    Ok(DONE)
}

/// The measures, and what a table sets beside totals: the same of a year before, the change and its direction.
async fn read(opened: &Opened, args: &Measures) -> Result<(Vec<MeasureRow>, Vec<FrozenValue>)> {
    match args.as_known_at {
        None => read_now(opened, args).await,
        Some(Instant(at)) => read_then(opened, args, at).await,
    }
}

async fn read_now(opened: &Opened, args: &Measures) -> Result<(Vec<MeasureRow>, Vec<FrozenValue>)> {
    let (id, store) = (args.measure.as_deref(), &opened.system.store);
    if let Some(id) = id
        && opened.system.in_force.definition(id).is_none()
    {
        return Err(opened.system.in_force.unknown(id));
    }
    let rows = store.measures(&args.period, id, breakdown(args)).await?;
    let beside = if is_set_beside(args) {
        store.frozen_values(&args.period, None, false).await?
    } else {
        Vec::new()
    };
    Ok((rows, beside))
}

/// What was in force then decides: a measure may have been dropped since.
async fn read_then(
    opened: &Opened,
    args: &Measures,
    at: Timestamp,
) -> Result<(Vec<MeasureRow>, Vec<FrozenValue>)> {
    let (system, id) = (&opened.system, args.measure.as_deref());
    let Some(known) = AsKnown::open(system, &args.period, at).await? else {
        bail!(nothing_shown(opened, id, at).await?);
    };
    let read = async {
        let rows = known.measures(&args.period, id, breakdown(args)).await?;
        let beside = if is_set_beside(args) {
            known.frozen_values(&args.period).await?
        } else {
            Vec::new()
        };
        Ok::<_, anyhow::Error>((rows, beside))
    }
    .await;
    known.close().await?;
    let (rows, beside) = read?;
    if rows.iter().all(|row| row.watermark.is_empty()) {
        bail!(nothing_shown(opened, id, at).await?);
    }
    Ok((rows, beside))
}

fn is_set_beside(args: &Measures) -> bool {
    args.by.is_none() && matches!(args.format, Format::Table)
}

fn breakdown(args: &Measures) -> Breakdown {
    match args.by {
        None => Breakdown::Total,
        Some(By::Ward) => Breakdown::Ward,
        Some(By::Partner) => Breakdown::Partner,
    }
}

async fn nothing_shown(opened: &Opened, id: Option<&str>, at: Timestamp) -> Result<String> {
    let since = opened.system.store.shown_since().await?;
    Ok(match (since, id) {
        (None, _) => "no measures were ever shown".to_owned(),
        (Some(since), None) => {
            format!("nothing was shown at {at}; the first measures were shown at {since} UTC")
        }
        (Some(since), Some(id)) => {
            format!("nothing called {id} was shown at {at}; the first measures were shown at {since} UTC")
        }
    })
}

impl Rows for MeasureRow {
    fn headings() -> &'static [Heading] {
        &[]
    }

    /// In tables a measure is a [`Line`].
    fn cells(&self) -> Vec<String> {
        Vec::new()
    }

    fn fields() -> Vec<&'static str> {
        FIELDS.to_vec()
    }

    /// As in JSON: plain numbers, with the marks in fields of their own.
    fn values(&self) -> Vec<String> {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let watermark: Vec<String> = self
            .watermark
            .iter()
            .map(|(partition, offset)| format!("{partition}={offset}"))
            .collect();
        vec![
            self.id.clone(),
            self.title.clone(),
            self.period.clone(),
            self.first.clone(),
            self.last.clone(),
            text(&self.ward),
            text(&self.partner),
            output::number(self.value),
            output::number(self.numerator),
            output::number(self.denominator),
            output::number(self.delta),
            output::number(self.percent),
            self.unit.clone(),
            self.status.clone(),
            self.coverage.returned.to_string(),
            self.coverage.expected.to_string(),
            self.approximate.to_string(),
            self.up_to.to_string(),
            self.missing.join("; "),
            self.definition_version.to_string(),
            self.definition_hash.clone(),
            watermark.join("; "),
            self.computed_at.clone(),
        ]
    }
}

/// The fields of JSON, with `coverage` in two.
const FIELDS: [&str; 23] = [
    "id",
    "title",
    "period",
    "first",
    "last",
    "ward",
    "partner",
    "value",
    "numerator",
    "denominator",
    "delta",
    "percent",
    "unit",
    "status",
    "returned",
    "expected",
    "approximate",
    "up_to",
    "missing",
    "definition_version",
    "definition_hash",
    "watermark",
    "computed_at",
];

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::cli::Format;

    /// A row with another value in each field.
    fn row() -> Value {
        json!({
            "id": "P1", "title": "Title, with a comma", "period": "2015-16/Q1", "first": "2015-04-01", "last": "2015-06-30",
            "ward": "E05005146", "partner": "DAVSS", "value": 1.5, "numerator": 2.0, "denominator": 3.0, "delta": -4.0,
            "percent": 5.5, "unit": "cases", "status": "provisional", "coverage": {"returned": 6, "expected": 7},
            "approximate": true, "up_to": false, "missing": ["A 2015-16/Q1", "B 2015-16/Q1"], "definition_version": 8,
            "definition_hash": "ab", "watermark": {"t/0": 9}, "computed_at": "2016-01-01 00:00:00"
        })
    }

    /// A value as CSV has it.
    fn flat(value: &Value) -> String {
        match value {
            Value::String(text) => text.clone(),
            Value::Array(all) => all.iter().map(flat).collect::<Vec<_>>().join("; "),
            Value::Object(all) => all
                .iter()
                .map(|(k, v)| format!("{k}={v}"))
                .collect::<Vec<_>>()
                .join("; "),
            Value::Number(number) => output::number(number.as_f64()),
            other => other.to_string(),
        }
    }

    #[test]
    fn csv_has_the_fields_of_json() {
        let measure: MeasureRow = serde_json::from_value(row()).unwrap();
        let text = output::render(std::slice::from_ref(&measure), Format::Csv).unwrap();
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let names = reader.headers().unwrap().clone();
        let values = reader.records().next().unwrap().unwrap();
        let mut json = serde_json::to_value(measure).unwrap();
        assert_eq!(json, row());
        let fields = json.as_object_mut().unwrap();
        let coverage = fields.remove("coverage").unwrap();
        fields.extend(coverage.as_object().unwrap().clone());
        assert_eq!(names.len(), fields.len());
        for (name, value) in names.iter().zip(&values) {
            assert_eq!(value, flat(&fields[name]), "{name}");
        }
    }
}
