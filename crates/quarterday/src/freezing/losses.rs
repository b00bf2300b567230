//! Messages that a snapshot was made of and that retention, compaction, erasure or damage took since.

use quarterday_snapshot::Header;
use quarterday_store::{Lost, MadeOf};

/// Of what is lost that which lies below the watermarks of a snapshot: it knows of it, and was made without it.
pub(crate) fn known(made_of: &[MadeOf], lost: Vec<Lost>) -> Vec<Lost> {
    let reached = |lost: &Lost| {
        let place = format!("{}/{}", lost.topic, lost.partition);
        let offsets = made_of.iter().filter_map(|each| each.watermark.get(&place));
        let reached = offsets.max().and_then(|next| i64::try_from(*next).ok());
        reached.unwrap_or(0)
    };
    merged(below(lost, reached))
}

/// Of what is lost by now that which a snapshot was made of: below its watermarks, and not lost when it was taken.
pub(super) fn since(header: &Header, lost: Vec<Lost>) -> Vec<Lost> {
    let lost = below(lost, |lost| header.reached(&lost.topic, lost.partition));
    let since = merged(lost)
        .into_iter()
        .flat_map(|lost| without(lost, &header.lost));
    since.collect()
}

fn below(mut lost: Vec<Lost>, reached: impl Fn(&Lost) -> i64) -> Vec<Lost> {
    lost.retain_mut(|lost| {
        lost.next = lost.next.min(reached(lost));
        lost.first < lost.next
    });
    lost
}

/// Each range once, however many have noted it.
fn merged(mut lost: Vec<Lost>) -> Vec<Lost> {
    lost.sort_by(|a, b| (&a.topic, a.partition, a.first).cmp(&(&b.topic, b.partition, b.first)));
    let mut merged: Vec<Lost> = Vec::new();
    for each in lost {
        match merged.last_mut() {
            Some(last)
                if (&last.topic, last.partition) == (&each.topic, each.partition)
                    && each.first < last.next =>
            {
                last.next = last.next.max(each.next);
            }
            _ => merged.push(each),
        }
    }
    merged
}

/// What is left of a range without those of `known`, which are in order and do not overlap.
fn without(mut lost: Lost, known: &[Lost]) -> Vec<Lost> {
    let mut left = Vec::new();
    let here = known
        .iter()
        .filter(|known| (&known.topic, known.partition) == (&lost.topic, lost.partition));
    let here: Vec<(i64, i64)> = here.map(|known| (known.first, known.next)).collect();
    for (first, next) in here {
        if lost.first < first && lost.first < lost.next {
            left.push(Lost {
                next: first.min(lost.next),
                ..lost.clone()
            });
        }
        lost.first = lost.first.max(next);
    }
    if lost.first < lost.next {
        left.push(lost);
    }
    left
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lost(partition: i32, first: i64, next: i64) -> Lost {
        Lost {
            topic: "t".to_owned(),
            partition,
            first,
            next,
            kind: "gone".to_owned(),
        }
    }

    fn ranges(lost: &[Lost]) -> Vec<(i32, i64, i64)> {
        lost.iter()
            .map(|lost| (lost.partition, lost.first, lost.next))
            .collect()
    }

    #[test]
    fn what_several_have_noted_is_missing_once() {
        let all = vec![
            lost(1, 0, 4),
            lost(0, 2, 4),
            lost(0, 2, 3),
            lost(0, 3, 6),
            lost(0, 7, 8),
        ];
        assert_eq!(ranges(&merged(all)), [(0, 2, 6), (0, 7, 8), (1, 0, 4)]);
    }

    #[test]
    fn what_was_lost_before_is_not_missing() {
        let known = [lost(0, 2, 4), lost(0, 6, 7), lost(1, 0, 9)];
        assert_eq!(
            ranges(&without(lost(0, 0, 10), &known)),
            [(0, 0, 2), (0, 4, 6), (0, 7, 10)]
        );
        assert_eq!(ranges(&without(lost(0, 3, 6), &known)), [(0, 4, 6)]);
        assert_eq!(ranges(&without(lost(0, 2, 4), &known)), []);
        assert_eq!(ranges(&without(lost(0, 8, 9), &known)), [(0, 8, 9)]);
        assert_eq!(ranges(&without(lost(0, 0, 1), &known)), [(0, 0, 1)]);
    }

    #[test]
    fn only_what_lies_below_the_watermarks_is_known() {
        let made_of = [MadeOf {
            record_type: "order".to_owned(),
            watermark: [("t/0".to_owned(), 5)].into(),
        }];
        let all = vec![lost(0, 3, 8), lost(0, 6, 7), lost(1, 0, 2)];
        assert_eq!(ranges(&known(&made_of, all)), [(0, 3, 5)]);
    }
}
