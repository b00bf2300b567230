//! Numbers by chance from a seed: SplitMix64, in ten lines here because its stream has to stay the same for ever, which
//! no random library promises.

/// One stream of numbers.
#[derive(Debug)]
pub(super) struct Random {
    state: u64,
}

impl Random {
    /// The stream of that name: streams of one seed do not depend on each other.
    pub(super) fn new(seed: u64, stream: &str) -> Self {
        let name = stream.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        let mut random = Random { state: seed };
        random.state = random.next() ^ name;
        random
    }

    pub(super) fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// From 0 to `n` - 1; the bias of the remainder is far below what anybody could see here.
    pub(super) fn below(&mut self, n: u64) -> u64 {
        self.next() % n.max(1)
    }

    /// From `low` to `high`, both included.
    pub(super) fn between(&mut self, low: i64, high: i64) -> i64 {
        let width = u64::try_from(high.saturating_sub(low))
            .unwrap_or(0)
            .saturating_add(1);
        low.saturating_add_unsigned(self.below(width))
    }

    /// True in so many of a hundred cases.
    pub(super) fn percent(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    /// One of the items.
    #[expect(
        clippy::indexing_slicing,
        reason = "the remainder by N is below N; no array here is empty"
    )]
    pub(super) fn pick<T: Copy, const N: usize>(&mut self, items: &[T; N]) -> T {
        items[self.index(N)]
    }

    /// One of the items by their percentages; `rest` takes what is left of the hundred.
    pub(super) fn percents<T: Copy>(&mut self, items: &[(T, u64)], rest: T) -> T {
        let mut left = self.below(100);
        for (item, percent) in items {
            if left < *percent {
                return *item;
            }
            left -= percent;
        }
        rest
    }

    /// A position in a list of that length.
    pub(super) fn index(&mut self, len: usize) -> usize {
        let len = u64::try_from(len).unwrap_or(u64::MAX);
        usize::try_from(self.below(len)).unwrap_or(0)
    }

    pub(super) fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.index(last + 1));
        }
    }

    /// `total` shared out by chance over `parts` shares of at least `least` and at most `most`.
    pub(super) fn shares(&mut self, total: i64, parts: usize, (least, most): (i64, i64)) -> Vec<i64> {
        let mut shares = vec![least; parts];
        let mut left = total - shares.iter().sum::<i64>();
        while left > 0 && shares.iter().any(|share| *share < most) {
            let part = self.index(parts);
            if let Some(share) = shares.get_mut(part).filter(|share| **share < most) {
                *share += 1;
                left -= 1;
            }
        }
        shares
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stream_is_that_of_splitmix64() {
        let mut random = Random { state: 1_234_567 };
        let numbers = [random.next(), random.next(), random.next()];
        assert_eq!(
            numbers,
            [
                6_457_827_717_110_365_317,
                3_203_168_211_198_807_973,
                9_817_491_932_198_370_423
            ]
        );
    }

    #[test]
    fn streams_differ_by_seed_and_by_name() {
        let first = |seed, name| Random::new(seed, name).next();
        assert_eq!(first(1, "a"), first(1, "a"));
        assert_ne!(first(1, "a"), first(2, "a"));
        assert_ne!(first(1, "a"), first(1, "b"));
    }

    #[test]
    fn shares_add_up_and_stay_within_their_bounds() {
        let shares = Random::new(1, "shares").shares(47, 29, (1, 4));
        assert_eq!(shares.iter().sum::<i64>(), 47);
        assert!(shares.iter().all(|share| (1..=4).contains(share)));
    }

    #[test]
    fn shuffling_keeps_every_item() {
        let mut items: Vec<u32> = (0..50).collect();
        Random::new(1, "shuffle").shuffle(&mut items);
        assert_ne!(items, (0..50).collect::<Vec<_>>());
        items.sort_unstable();
        assert_eq!(items, (0..50).collect::<Vec<_>>());
    }
}
