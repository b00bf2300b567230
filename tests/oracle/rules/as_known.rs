//! Numbers as they were known: after every few messages, and across a change of the plan, what was shown is noted; in the end all of
//! it is asked for again, and must be the same, value for value.

use jiff::Timestamp;
use quarterday_store::{Breakdown, MeasureRow, Placed};

use super::samples::notice;
use super::step_by_step::{kinds, steps};
use super::table::submit;
use crate::oracle::product::Product;
use crate::oracle::records::{Kind, ReturnNotice};

const PERIODS: [&str; 2] = ["2015-16", "2014-15/Q2"];

/// Which of them is looked at how.
const LOOKS: [(usize, Breakdown); 3] = [
    (0, Breakdown::Total),
    (1, Breakdown::Partner),
    (0, Breakdown::Ward),
];

/// So many messages come between two looks.
const MESSAGES: usize = 6;

/// What was shown at an instant.
struct Shown {
    at: Timestamp,
    rows: Vec<(usize, Breakdown, Vec<MeasureRow>)>,
}

#[test]
fn what_was_shown_is_shown_again() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(in_clickhouse());
}

async fn in_clickhouse() {
    let product = Product::new(1, &kinds()).await;
    let (mut shown, mut steps) = (Vec::new(), steps());
    steps.insert(9, submit("N", notice(Kind::CctvIncident, "2015-10-01", "NIL")));
    // It has none of the records of its quarter.
    let full = ReturnNotice {
        full: true,
        declared: Some(0),
        ..notice(Kind::CctvIncident, "2015-04-01", "RETURN")
    };
    steps.insert(14, submit("FULL", full));
    for (place, message) in steps.iter_mut().enumerate() {
        message.offset = place as u64;
        message.ward = Some(if place % 2 == 0 { "E05005146" } else { "E05005131" });
    }
    for (number, messages) in steps.chunks(MESSAGES).enumerate() {
        // Messages beyond the watermark of then must not be seen, whoever has stored them.
        product.insert(messages.iter()).await;
        product.refresh().await;
        shown.push(look(&product).await);
        if number == 1 {
            put_in_force_while_held(&product).await;
            shown.push(look(&product).await);
        }
    }
    let looks = || shown.iter().flat_map(|shown| &shown.rows);
    for (_, by) in LOOKS {
        assert!(
            looks().any(|(_, of, rows)| *of == by && !rows.is_empty()),
            "{by:?}"
        );
    }
    for shown in &shown {
        for (period, by, rows) in &shown.rows {
            let (period, at) = (PERIODS[*period].parse().unwrap(), shown.at);
            let again = product
                .store
                .measures_as_known(&period, None, *by, at)
                .await
                .unwrap();
            assert_eq!(again.len(), rows.len(), "{period:?} at {at}");
            for (again, row) in again.iter().zip(rows) {
                assert_eq!(again, row, "{period:?} at {at}");
            }
        }
    }
    product.clean_up().await;
}

/// Other definitions: until the next refresh numbers are made of what was placed by those before, which the certificate does not object to.
async fn put_in_force_while_held(product: &Product) {
    let names: Vec<&str> = product.record_types.keys().map(String::as_str).collect();
    product.store.hold(60).await.unwrap();
    product.put_in_force(2).await;
    let placed = product.store.placed(&names).await.unwrap();
    let behind = placed.iter().filter(|placed| placed.is_behind && !placed.is_same);
    assert_ne!(behind.count(), 0, "{placed:?}");
    assert!(placed.iter().all(Placed::holds), "{placed:?}");
    product.store.hold(0).await.unwrap();
    product.refresh().await;
    let placed = product.store.placed(&names).await.unwrap();
    let right = |placed: &Placed| placed.is_same && !placed.is_behind;
    assert!(placed.iter().all(right), "{placed:?}");
}

async fn look(product: &Product) -> Shown {
    let mut rows = Vec::new();
    for (number, by) in LOOKS {
        let period = PERIODS[number].parse().unwrap();
        let read = product.store.measures(&period, None, by).await.unwrap();
        rows.push((number, by, read));
    }
    Shown {
        at: Timestamp::now(),
        rows,
    }
}
