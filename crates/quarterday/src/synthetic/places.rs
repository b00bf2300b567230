//! Where things happen: the wards of the borough by how much goes on in them, and the districts around it.
//!
//! The weights follow, roughly, the published street-level files of April to September 2014 (data.police.uk, Open
//! Government Licence v3).

use super::random::Random;

/// The borough.
pub(super) const BOROUGH: &str = "E07000116";

/// Districts around it whose rows get into returns: Tonbridge and Malling, Sevenoaks, Wealden, Rother.
pub(super) const NEIGHBOURS: [&str; 4] = ["E07000115", "E07000111", "E07000065", "E07000064"];

/// What decides how the wards share something.
#[derive(Debug, Clone, Copy)]
pub(super) enum Setting {
    /// Homes and roads everywhere.
    Everywhere,
    /// Anti-social behaviour.
    Streets,
    /// Pubs, clubs and the way home.
    Nights,
    /// Shops.
    Shops,
}

struct Ward {
    code: &'static str,
    /// Weights for the four settings in their order.
    weights: [u64; 4],
    /// How partners write it.
    spellings: [&'static str; 2],
}

const fn ward(code: &'static str, weights: [u64; 4], spellings: [&'static str; 2]) -> Ward {
    Ward {
        code,
        weights,
        spellings,
    }
}

static WARDS: [Ward; 20] = [
    ward(
        "E05005130",
        [122, 47, 20, 30],
        ["Cranbrook", "Benenden and Cranbrook"],
    ),
    ward(
        "E05005131",
        [72, 37, 10, 4],
        ["Brenchley & Horsmonden", "Brenchley and Horsmonden"],
    ),
    ward("E05005132", [141, 78, 30, 12], ["Broadwater", "BROADWATER"]),
    ward("E05005133", [35, 25, 5, 0], ["Capel", "capel"]),
    ward("E05005134", [181, 138, 150, 160], ["Culverden", "CULVERDEN"]),
    ward(
        "E05005135",
        [36, 13, 4, 0],
        ["Frittenden & Sissinghurst", "Frittenden and Sissinghurst"],
    ),
    ward(
        "E05005136",
        [81, 24, 10, 4],
        ["Goudhurst & Lamberhurst", "Goudhurst and Lamberhurst"],
    ),
    ward(
        "E05005137",
        [129, 35, 22, 16],
        ["Hawkhurst & Sandhurst", "Hawkhurst and Sandhurst"],
    ),
    ward(
        "E05005138",
        [95, 27, 24, 36],
        ["Paddock Wood East", "PADDOCK WOOD EAST"],
    ),
    ward(
        "E05005139",
        [37, 21, 8, 10],
        ["Paddock Wood West", "Paddock Wood (West)"],
    ),
    ward(
        "E05005140",
        [146, 60, 90, 60],
        ["Pantiles & St Marks", "Pantiles and St Mark's"],
    ),
    ward("E05005141", [424, 180, 330, 330], ["Park", "PARK"]),
    ward("E05005142", [136, 45, 20, 24], ["Pembury", "pembury"]),
    ward("E05005143", [104, 35, 14, 6], ["Rusthall", "Rusthall "]),
    ward("E05005144", [150, 173, 90, 40], ["St. James", "St James's"]),
    ward("E05005145", [92, 70, 30, 18], ["St. Johns", "St John's"]),
    ward("E05005146", [233, 108, 50, 50], ["Sherwood", "sherwood"]),
    ward(
        "E05005147",
        [180, 132, 50, 44],
        ["High Brooms", "Southborough & High Brooms"],
    ),
    ward(
        "E05005148",
        [63, 25, 12, 8],
        ["Southborough North", "SOUTHBOROUGH NORTH"],
    ),
    ward(
        "E05005149",
        [65, 33, 8, 2],
        ["Speldhurst & Bidborough", "Speldhurst and Bidborough"],
    ),
];

/// Groups of cameras, each in one ward.
const CAMERAS: [(&str, &str); 8] = [
    ("TW-RVP", "E05005141"),
    ("TW-STATION", "E05005141"),
    ("TW-CALVERLEY", "E05005141"),
    ("TW-MTPLEASANT", "E05005134"),
    ("TW-LONDONRD", "E05005134"),
    ("TW-PANTILES", "E05005140"),
    ("SB-HIGHST", "E05005147"),
    ("PW-COMMERCIALRD", "E05005138"),
];

/// A camera group of the next borough, which the same room watches.
pub(super) const FOREIGN_CAMERAS: &str = "TM-HIGHST";

/// A ward's code, or now and then nothing: the place was not known.
pub(super) fn ward_code(random: &mut Random, setting: Setting) -> Option<&'static str> {
    drawn(random, setting).map(|ward| ward.code)
}

/// A ward as small partners write it: by code or by one of its names.
pub(super) fn ward_as_typed(random: &mut Random, setting: Setting) -> Option<&'static str> {
    let ward = drawn(random, setting)?;
    Some(if random.percent(60) {
        ward.code
    } else {
        random.pick(&ward.spellings)
    })
}

/// Sherwood ward, where some partners work.
pub(super) const SHERWOOD: &str = "E05005146";

/// Sherwood ward as small partners write it.
pub(super) fn sherwood_as_typed(random: &mut Random) -> &'static str {
    random.pick(&[SHERWOOD, "Sherwood", "sherwood"])
}

/// A camera group and its ward; three out of four are of the town centre.
pub(super) fn cameras(random: &mut Random) -> (&'static str, &'static str) {
    random.pick(&CAMERAS)
}

fn drawn(random: &mut Random, setting: Setting) -> Option<&'static Ward> {
    let total: u64 = WARDS.iter().map(|ward| ward.weight(setting)).sum();
    // What lies beyond the wards' weights is the share of unknown places.
    let mut left = random.below(total + total / 35);
    WARDS
        .iter()
        .find(|ward| match left.checked_sub(ward.weight(setting)) {
            Some(rest) => {
                left = rest;
                false
            }
            None => true,
        })
}

impl Ward {
    fn weight(&self, setting: Setting) -> u64 {
        let [everywhere, streets, nights, shops] = self.weights;
        match setting {
            Setting::Everywhere => everywhere,
            Setting::Streets => streets,
            Setting::Nights => nights,
            Setting::Shops => shops,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn all_wards_come_up_and_some_places_are_unknown() {
        let mut random = Random::new(1, "places");
        let mut counts = BTreeMap::new();
        for _ in 0..5000 {
            *counts
                .entry(ward_code(&mut random, Setting::Everywhere))
                .or_insert(0) += 1;
        }
        assert_eq!(counts.len(), 21);
        assert!((50..250).contains(&counts[&None]));
        assert!(counts[&Some("E05005141")] > counts[&Some("E05005133")] * 5);
    }

    #[test]
    fn spellings_mean_their_ward() {
        let lists =
            quarterday_plan::codes::CodeLists::parse(include_str!("../../../../schemas/plans/codes.toml"));
        let lists = lists.unwrap();
        let list = lists.list("ward").unwrap();
        for ward in &WARDS {
            for spelling in ward.spellings {
                assert_eq!(list.normalise(spelling), Some(ward.code), "{spelling}");
            }
        }
    }
}
