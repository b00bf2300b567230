//! Numbers as they were known: after every few messages, and across a change of the plan, what was shown is noted; in the end all of
//! it is asked for again, and must be the same, value for value.

use jiff::Timestamp;
use quarterday_store::{Breakdown, MeasureRow};

use super::samples::notice;
use super::step_by_step::{kinds, steps};
use super::table::submit;
use crate::oracle::product::Product;
use crate::oracle::records::{Kind, ReturnNotice};

const PERIODS: [&str; 2] = ["2015-16", "2014-15/Q2"];

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
    }
    for (number, messages) in steps.chunks(MESSAGES).enumerate() {
        // Messages beyond the watermark of then must not be seen, whoever has stored them.
        product.insert(messages.iter()).await;
        product.refresh().await;
        shown.push(look(&product).await);
        if number == 1 {
            product.put_in_force(2).await;
            shown.push(look(&product).await);
        }
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

async fn look(product: &Product) -> Shown {
    let mut rows = Vec::new();
    for (number, period) in PERIODS.iter().enumerate() {
        let by = if number == 1 {
            Breakdown::Partner
        } else {
            Breakdown::Total
        };
        let read = product.store.measures(&period.parse().unwrap(), None, by).await;
        rows.push((number, by, read.unwrap()));
    }
    Shown {
        at: Timestamp::now(),
        rows,
    }
}
