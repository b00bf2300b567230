mod figures;
mod judged;
mod lifelike;
mod model;
mod troubles;

use std::sync::LazyLock;

use super::*;

/// The seed of the demo.
const SEED: u64 = 2014;

/// What the demo produces.
fn demo() -> &'static [Statement] {
    static DEMO: LazyLock<Vec<Statement>> = LazyLock::new(|| review(SEED));
    &DEMO
}

#[test]
fn the_same_seed_gives_the_same_bytes() {
    assert_eq!(format!("{:?}", demo()), format!("{:?}", review(SEED)));
}

#[test]
fn another_seed_gives_other_returns() {
    assert_ne!(demo(), review(SEED + 1));
}
