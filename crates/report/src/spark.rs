//! A run of numbers as a small chart.

use plotters::prelude::*;

use crate::row::Point;

const WIDTH: u32 = 120;
const HEIGHT: u32 = 30;
/// Room around, so that points are not cut off.
const MARGIN: i32 = 4;
const LINE: RGBColor = RGBColor(29, 78, 137);

/// The chart as SVG, and in words. None of fewer than two numbers.
pub(crate) fn chart(run: &[Point]) -> Option<(String, String)> {
    let known = run.iter().filter(|point| point.cell.number.is_some()).count();
    if known < 2 {
        return None;
    }
    let mut svg = String::new();
    draw(&mut svg, run).ok()?;
    Some((svg, words(run)))
}

/// Every quarter with its number, or why there is none.
fn words(run: &[Point]) -> String {
    let each = run.iter().map(|point| {
        let says = if point.cell.number.is_some() || point.cell.meaning.is_empty() {
            &point.cell.text
        } else {
            point.cell.meaning
        };
        let breaks = if point.is_break {
            " (another series from here)"
        } else {
            ""
        };
        format!("{}: {says}{breaks}", point.quarter.id())
    });
    each.collect::<Vec<_>>().join("; ")
}

fn draw(svg: &mut String, run: &[Point]) -> Result<(), Box<dyn std::error::Error>> {
    let area = SVGBackend::with_string(svg, (WIDTH, HEIGHT)).into_drawing_area();
    let numbers: Vec<f64> = run.iter().filter_map(|point| point.cell.number).collect();
    let least = numbers.iter().copied().fold(0.0, f64::min);
    let most = numbers.iter().copied().fold(0.0, f64::max);
    // A run of zeros is a line at the bottom.
    let most = if most > least { most } else { least + 1.0 };
    let last = i32::try_from(run.len())?.saturating_sub(1);
    let mut chart = ChartBuilder::on(&area)
        .margin(MARGIN)
        .build_cartesian_2d(0..last.max(1), least..most)?;
    for stretch in stretches(run) {
        chart.draw_series(LineSeries::new(stretch.clone(), LINE.stroke_width(2)))?;
        chart.draw_series(stretch.into_iter().map(|at| Circle::new(at, 2, LINE.filled())))?;
    }
    area.present()?;
    Ok(())
}

/// The points between gaps and breaks.
fn stretches(run: &[Point]) -> Vec<Vec<(i32, f64)>> {
    let mut stretches: Vec<Vec<(i32, f64)>> = vec![Vec::new()];
    for (place, point) in (0..).zip(run) {
        if point.is_break || point.cell.number.is_none() {
            stretches.push(Vec::new());
        }
        if let (Some(stretch), Some(number)) = (stretches.last_mut(), point.cell.number) {
            stretch.push((place, number));
        }
    }
    stretches.retain(|stretch| !stretch.is_empty());
    stretches
}
