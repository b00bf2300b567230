//! Chance, from proptest's generator, so that its record of failing seeds brings a history back.

use proptest::prelude::Rng;
use proptest::test_runner::TestRng;

pub struct Dice(TestRng);

impl Dice {
    pub fn new(rng: TestRng) -> Self {
        Dice(rng)
    }

    /// One of `0..n`.
    pub fn below(&mut self, n: usize) -> usize {
        usize::try_from(self.0.next_u64() >> 11).unwrap() % n
    }

    pub fn between(&mut self, least: i32, most: i32) -> i32 {
        let choices = usize::try_from(most - least + 1).unwrap();
        least + i32::try_from(self.below(choices)).unwrap()
    }

    /// True in so many of a hundred throws.
    pub fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    pub fn pick<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())]
    }

    /// One of the choices, each as likely as its weight.
    pub fn weighted<T: Copy>(&mut self, choices: &[(usize, T)]) -> T {
        let mut throw = self.below(choices.iter().map(|(weight, _)| weight).sum());
        for (weight, choice) in choices {
            if throw < *weight {
                return *choice;
            }
            throw -= weight;
        }
        unreachable!("a throw below the sum of the weights")
    }

    /// Each of the choices with this chance.
    pub fn some_of<T: Copy>(&mut self, choices: &[T], percent: usize) -> Vec<T> {
        choices.iter().copied().filter(|_| self.chance(percent)).collect()
    }

    /// Something with this chance.
    pub fn maybe<T>(&mut self, percent: usize, draw: impl FnOnce(&mut Self) -> T) -> Option<T> {
        self.chance(percent).then(|| draw(self))
    }

    pub fn shuffle<T>(&mut self, all: &mut [T]) {
        for i in (1..all.len()).rev() {
            let other = self.below(i + 1);
            all.swap(i, other);
        }
    }
}
