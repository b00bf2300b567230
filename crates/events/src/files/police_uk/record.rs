//! From the cells of a row to a record.

use jiff::Timestamp;
use jiff::civil::Date;
use quarterday_plan::feeds::Feed;
use serde_json::{Value, json};

use super::columns::Cells;
use super::places::Places;
use super::{FORCE, StreetRow};
use crate::files::row::{FileError, Row, RowError};
use crate::london;
use crate::quote::quote;

/// The crime type that is no crime.
const ASB: &str = "Anti-social behaviour";

/// What a feed takes of a street file.
#[derive(Debug)]
pub(super) struct Taker<'c> {
    feed: &'c Feed,
    takes: Takes,
    places: &'c Places,
    sent_at: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Takes {
    Incidents,
    Crimes,
}

/// The month of a file.
struct Month {
    first: Date,
    /// 201406
    version: i32,
}

impl<'c> Taker<'c> {
    pub(super) fn of(feed: &'c Feed, places: &'c Places, sent_at: Timestamp) -> Result<Self, FileError> {
        let takes = match feed.record_type.as_str() {
            "police_incident" => Takes::Incidents,
            "recorded_crime" => Takes::Crimes,
            _ => {
                let problem = format!("feed {} takes no street files of data.police.uk", feed.name);
                return Err(FileError::Format {
                    format: "of this feed",
                    problem,
                });
            }
        };
        Ok(Self {
            feed,
            takes,
            places,
            sent_at: sent_at.to_string(),
        })
    }

    pub(super) fn take(&self, cells: &Cells<'_>, line: u64, number: u64) -> Result<StreetRow, RowError> {
        if cells.crime_type.is_empty() {
            return Err(RowError::new(line, "the crime type is empty"));
        }
        if !cells.reported_by.eq_ignore_ascii_case(FORCE) {
            return Ok(StreetRow::OtherForce);
        }
        let is_incident = cells.crime_type.eq_ignore_ascii_case(ASB);
        if is_incident != (self.takes == Takes::Incidents) {
            return Ok(StreetRow::OtherFeed);
        }
        let month = Month::parse(cells.month).ok_or_else(|| {
            RowError::new(
                line,
                format!("the month is {}, and must be like 2014-06", quote(cells.month)),
            )
        })?;
        let reference = reference(cells, number);
        if reference.chars().count() > 64 {
            return Err(RowError::new(line, "the Crime ID has more than 64 characters"));
        }
        let (district, ward) = self.places.find(cells.lsoa_code, cells.lsoa_name);
        let body = match self.takes {
            Takes::Incidents => incident(cells, &month),
            Takes::Crimes => Some(crime(cells, &month)),
        };
        let body = body.ok_or_else(|| RowError::new(line, "the month is out of range"))?;
        let record = json!({
            "feed": self.feed.name, "partner": self.feed.partner.only(), "ref": reference, "op": "SUBMIT",
            "version": month.version, "sent_at": self.sent_at, "district": district, "ward": ward, "body": body,
        });
        Ok(StreetRow::Taken {
            row: Row { line, record },
            is_elsewhere: ward.is_none(),
        })
    }
}

fn incident(cells: &Cells<'_>, month: &Month) -> Option<Value> {
    let noon = london::instant_of(month.first.at(12, 0, 0, 0))?;
    Some(json!({
        "reported_at": noon.to_string(), "kind": "ASB", "nsir": null, "category": cells.crime_type,
        "gang_linked": false, "victim_pid": null, "crime_ref": null,
    }))
}

/// What follows from the public category for the Home Office's tree, the feeds file says.
fn crime(cells: &Cells<'_>, month: &Month) -> Value {
    json!({
        "recorded_on": month.first.to_string(), "occurred_on": null, "ho_code": null, "category": cells.crime_type,
        "ho_group": null, "ho_subgroup": null, "hate_strands": [],
        "da_flag": false, "alcohol_flag": false, "status": "RECORDED",
    })
}

fn reference(cells: &Cells<'_>, number: u64) -> String {
    if cells.crime_id.is_empty() {
        format!("{}/{}/{number:06}", cells.month, slug(cells.reported_by))
    } else {
        cells.crime_id.to_uppercase()
    }
}

/// A force's name for references: `KENT`.
pub(super) fn slug(force: &str) -> String {
    let upper = force.to_uppercase();
    let name = [" POLICE", " CONSTABULARY"]
        .iter()
        .find_map(|end| upper.strip_suffix(end))
        .unwrap_or(&upper);
    name.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join("-")
}

impl Month {
    /// `2014-06`; the first files are of December 2010.
    fn parse(text: &str) -> Option<Self> {
        let (year, month) = text
            .split_once('-')
            .filter(|(year, month)| year.len() == 4 && month.len() == 2)?;
        let first = Date::new(
            year.parse().ok().filter(|year| (2010..2100).contains(year))?,
            month.parse().ok()?,
            1,
        );
        let first = first.ok()?;
        Some(Self {
            first,
            version: i32::from(first.year()) * 100 + i32::from(first.month()),
        })
    }
}
