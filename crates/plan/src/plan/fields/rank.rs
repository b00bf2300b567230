//! What is wrong with the areas of a rank.

use super::Misfit;
use crate::plan::counting::{Area, Ranking};

pub(super) fn misfits(ranking: &Ranking, area: Area, district: &str) -> Vec<Misfit> {
    let Ranking { by, among, .. } = ranking;
    let mut wrong = Vec::new();
    if !among.iter().any(|area| area == district) {
        let misfit = format!("ranks areas without the plan's district `{district}`, whose rank it is");
        wrong.push((by.clone(), misfit));
    } else if among.len() == 1 {
        let misfit = format!("ranks `{district}` among no other area: it would always be the first");
        wrong.push((district.to_owned(), misfit));
    }
    let twice = among
        .iter()
        .enumerate()
        .filter(|(at, area)| among.iter().take(*at).any(|earlier| earlier == *area));
    wrong.extend(twice.map(|(_, area)| (area.clone(), format!("ranks `{area}` twice"))));
    if area == Area::District {
        let misfit = "ranks other areas, and counts in the plan's district only; write `area = \"any\"`";
        wrong.push((by.clone(), misfit.to_owned()));
    }
    wrong
}
