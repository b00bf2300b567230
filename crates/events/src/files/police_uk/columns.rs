//! The columns of a street file that are used, found by their headers.

use csv::ByteRecord;

use crate::files::row::RowError;

/// Where the columns are.
#[derive(Debug, Clone, Copy)]
pub(super) struct StreetColumns {
    crime_id: usize,
    month: usize,
    reported_by: usize,
    lsoa_code: usize,
    lsoa_name: usize,
    crime_type: usize,
}

/// The cells of a row that are used.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cells<'r> {
    pub(super) crime_id: &'r str,
    pub(super) month: &'r str,
    pub(super) reported_by: &'r str,
    pub(super) lsoa_code: &'r str,
    pub(super) lsoa_name: &'r str,
    pub(super) crime_type: &'r str,
}

impl StreetColumns {
    /// Finds the columns; gives every one that is missing.
    pub(super) fn find(header: &ByteRecord) -> Result<Self, Vec<String>> {
        let mut problems = Vec::new();
        let mut find = |name: &str| {
            let position = header
                .iter()
                .position(|cell| cell.trim_ascii().eq_ignore_ascii_case(name.as_bytes()));
            if position.is_none() {
                problems.push(format!(
                    "a street file of data.police.uk has a column \"{name}\", this one has not"
                ));
            }
            position.unwrap_or(0)
        };
        let columns = Self {
            crime_id: find("Crime ID"),
            month: find("Month"),
            reported_by: find("Reported by"),
            lsoa_code: find("LSOA code"),
            lsoa_name: find("LSOA name"),
            crime_type: find("Crime type"),
        };
        if problems.is_empty() {
            Ok(columns)
        } else {
            Err(problems)
        }
    }

    pub(super) fn cells<'r>(&self, record: &'r ByteRecord, line: u64) -> Result<Cells<'r>, RowError> {
        let cell = |index: usize| {
            let bytes = record
                .get(index)
                .ok_or_else(|| RowError::new(line, "has fewer cells than the header"))?;
            std::str::from_utf8(bytes)
                .map(str::trim)
                .map_err(|_| RowError::new(line, "is not UTF-8"))
        };
        Ok(Cells {
            crime_id: cell(self.crime_id)?,
            month: cell(self.month)?,
            reported_by: cell(self.reported_by)?,
            lsoa_code: cell(self.lsoa_code)?,
            lsoa_name: cell(self.lsoa_name)?,
            crime_type: cell(self.crime_type)?,
        })
    }
}
