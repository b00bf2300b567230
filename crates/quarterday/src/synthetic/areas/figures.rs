//! The figures of all areas, made from the tables.

use super::super::places::BOROUGH;
use super::super::targets::{CASUALTIES_12, CASUALTIES_13, HALF, R50_ASB, Span, YEAR};
use super::tables::{CASUALTIES, KENT, MEDWAY, PEOPLE, SEVENOAKS, TABLES, Table, UNEVEN, VICTIMS};

/// A figure of an area.
pub(super) struct Figure {
    pub(super) area: &'static str,
    pub(super) measure: &'static str,
    pub(super) span: Span,
    pub(super) value: i64,
}

pub(super) fn police_figures() -> Vec<Figure> {
    let mut figures: Vec<Figure> = TABLES.iter().flat_map(Table::figures).collect();
    let of = |area, measure, span, value| Figure {
        area,
        measure,
        span,
        value,
    };
    figures.extend(
        VICTIMS
            .iter()
            .map(|(area, measure, value)| of(*area, *measure, YEAR, whole(*value))),
    );
    // Of other periods: no rank of the year may take them.
    figures.push(of(BOROUGH, "ASB", HALF, whole(R50_ASB)));
    figures.push(of(SEVENOAKS, "ALL_CRIME", HALF, 2300));
    figures
}

pub(super) fn road_figures() -> Vec<Figure> {
    let mut figures = Vec::new();
    let spans = [CASUALTIES_12.span, CASUALTIES_13.span];
    let mut county = [0, 0];
    for (area, before, now) in CASUALTIES {
        for (year, value) in [before, now].into_iter().enumerate() {
            let span = spans.get(year).copied().unwrap_or(CASUALTIES_13.span);
            if let Some(sum) = county.get_mut(year).filter(|_| area != MEDWAY) {
                *sum += value;
            }
            figures.push(Figure {
                area,
                measure: "ROAD_CASUALTIES",
                span,
                value,
            });
        }
    }
    let own = [CASUALTIES_12, CASUALTIES_13].into_iter().zip(county);
    for (year, all) in own {
        let more = [
            (KENT, "ROAD_CASUALTIES", all),
            (BOROUGH, "KSI", whole(year.ksi)),
            (BOROUGH, "CHILD_CASUALTIES", whole(year.children)),
        ];
        figures.extend(more.map(|(area, measure, value)| Figure {
            area,
            measure,
            span: year.span,
            value,
        }));
    }
    figures
}

impl Table {
    /// The borough's and the better ones' as given; the others share the rest of the county.
    fn figures(&self) -> Vec<Figure> {
        let given = |area: &str, people: i64| {
            let better = self.better.iter().find(|(of, _)| *of == area);
            match better {
                _ if area == BOROUGH => Some(whole(self.borough)),
                Some((_, rate)) => Some(people * rate / 100_000),
                None => None,
            }
        };
        let left = self.kent
            - PEOPLE
                .iter()
                .filter_map(|(area, people)| given(area, *people))
                .sum::<i64>();
        let others: Vec<(&str, i64)> = PEOPLE
            .iter()
            .filter(|(area, people)| given(area, *people).is_none())
            .zip(UNEVEN.iter().cycle())
            .map(|((area, people), weight)| (*area, people * weight))
            .collect();
        let weights: i64 = others.iter().map(|(_, weight)| weight).sum();
        let mut shares: Vec<(&str, i64)> = others
            .iter()
            .map(|(area, weight)| (*area, left * weight / weights))
            .collect();
        // What rounding left over.
        let rest = left - shares.iter().map(|(_, share)| share).sum::<i64>();
        if let Some((_, share)) = shares.first_mut() {
            *share += rest;
        }
        let districts = PEOPLE.iter().map(|(area, people)| {
            let share = shares.iter().find(|(of, _)| of == area).map(|(_, share)| *share);
            (*area, given(area, *people).or(share).unwrap_or_default())
        });
        districts
            .chain([(MEDWAY, whole(self.medway)), (KENT, self.kent)])
            .map(|(area, value)| Figure {
                area,
                measure: self.measure,
                span: self.span,
                value,
            })
            .collect()
    }
}

fn whole(number: usize) -> i64 {
    i64::try_from(number).unwrap_or_default()
}
