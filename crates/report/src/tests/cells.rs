//! What stands in one place.

use quarterday_snapshot::disclosure::{Field, Hidden, Line, Mark};

use super::fixture::{small, value};
use crate::cell::Cell;

fn hidden(field: Field, mark: Mark) -> Hidden {
    Hidden {
        id: "P1.01".to_owned(),
        field,
        mark,
    }
}

#[test]
fn a_number_without_a_return_says_so_and_stays_a_number() {
    let mut of = value(&small(), "P1.01", Some(1130.0), "partial");
    (of.up_to, of.approximate) = (true, true);
    let line = Line::of(&of, &[], "");
    let cell = Cell::of_period(&line);
    assert_eq!(
        (cell.number, cell.text.as_str()),
        (Some(1130.0), "◐ up to ~1,130")
    );
    assert_eq!(cell.prefix, "◐ up to ~");
    assert_eq!(Cell::last_year(&line).text, "◐ 1,128");
}

#[test]
fn only_a_count_is_called_small() {
    let of = value(&small(), "P1.01", Some(3.0), "final");
    let small = [hidden(Field::Numerator, Mark::Small)];
    assert_eq!(Cell::of_period(&Line::of(&of, &small, "")).text, "<5");
    let mut of = of;
    of.denominator = Some(40.0);
    assert_eq!(Cell::of_period(&Line::of(&of, &small, "")).text, "hid");
}
