//! Which district and ward an LSOA lies in.

use std::collections::{BTreeMap, HashMap};

/// The pseudo code of the Office for National Statistics for a place that is elsewhere or unknown.
pub(super) const ELSEWHERE: &str = "E99999999";

/// LSOAs with their wards and districts, and further districts by name.
#[derive(Debug, Clone, Default)]
pub struct Places {
    lsoas: HashMap<String, Place>,
    districts: BTreeMap<String, String>,
}

#[derive(Debug, Clone)]
struct Place {
    ward: String,
    district: String,
}

/// Why a list of places cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the list of places, line {line}: {problem}")]
pub struct PlacesError {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong there.
    pub problem: &'static str,
}

impl Places {
    /// Reads the LSOAs of the partnership's district from CSV text with the header `lsoa,ward,district`.
    pub fn parse(lsoas: &str) -> Result<Self, PlacesError> {
        let rows = rows(lsoas, ["lsoa", "ward", "district"])?;
        let place = |[lsoa, ward, district]: [&str; 3]| {
            (
                lsoa.to_owned(),
                Place {
                    ward: ward.to_owned(),
                    district: district.to_owned(),
                },
            )
        };
        Ok(Self {
            lsoas: rows.map(|row| row.map(place)).collect::<Result<_, _>>()?,
            districts: BTreeMap::new(),
        })
    }

    /// Adds districts that are known by name only, from CSV text with the header `name,district`. An LSOA that is not
    /// listed, `Ashford 001B`, belongs to the district of that name, in no ward.
    pub fn with_districts(mut self, names: &str) -> Result<Self, PlacesError> {
        for row in rows(names, ["name", "district"])? {
            let [name, district] = row?;
            self.districts.insert(name.to_lowercase(), district.to_owned());
        }
        Ok(self)
    }

    /// The district, the ward if the LSOA is listed.
    pub(super) fn find(&self, lsoa_code: &str, lsoa_name: &str) -> (&str, Option<&str>) {
        if let Some(place) = self.lsoas.get(lsoa_code) {
            return (&place.district, Some(&place.ward));
        }
        let name = lsoa_name
            .rsplit_once(' ')
            .map(|(district, _)| district.to_lowercase());
        (
            name.and_then(|name| self.districts.get(&name))
                .map_or(ELSEWHERE, String::as_str),
            None,
        )
    }
}

type Cells<'t, const N: usize> = Result<[&'t str; N], PlacesError>;

/// The rows of a plain list, without quotes.
fn rows<'t, const N: usize>(
    text: &'t str,
    header: [&str; N],
) -> Result<impl Iterator<Item = Cells<'t, N>>, PlacesError> {
    let mut lines = text.trim_start_matches('\u{feff}').lines().enumerate();
    let is_header = |line: &str| line.split(',').map(str::trim).eq(header);
    if !lines.next().is_some_and(|(_, line)| is_header(line)) {
        return Err(PlacesError {
            line: 1,
            problem: "is not the header of the list",
        });
    }
    let rows = lines.filter(|(_, line)| !line.trim().is_empty());
    Ok(rows.map(|(index, line)| {
        let cells: Vec<&str> = line.split(',').map(str::trim).collect();
        let cells = cells
            .try_into()
            .ok()
            .filter(|cells: &[&str; N]| cells.iter().all(|cell| !cell.is_empty()));
        cells.ok_or(PlacesError {
            line: index + 1,
            problem: "has not the cells that the header names",
        })
    }))
}
