//! The table of a campaign: fault, times, lost, double, worst recovery.

use std::time::Duration;

use super::field::Verdict;

/// One kind of fault.
pub struct Line {
    fault: &'static str,
    times: usize,
    verdict: Verdict,
    /// So many must be lost, because nobody has them.
    destroyed: usize,
    worst: Duration,
}

impl Line {
    pub fn new(fault: &'static str) -> Self {
        Line {
            fault,
            times: 0,
            verdict: Verdict::default(),
            destroyed: 0,
            worst: Duration::ZERO,
        }
    }

    /// It was made once more.
    pub fn add(&mut self, recovery: Duration, verdict: Verdict) {
        self.times += 1;
        self.worst = self.worst.max(recovery);
        // What is lost stays lost: the newest count has the earlier.
        self.verdict.lost = self.verdict.lost.max(verdict.lost);
        self.verdict.double = self.verdict.double.max(verdict.double);
    }

    /// The fault destroyed so many messages in Kafka.
    pub fn destroys(&mut self, messages: usize) {
        self.destroyed = messages;
    }

    /// Prints the line, and fails if anything else was lost, or double.
    #[expect(clippy::print_stdout, reason = "the table is the campaign's result")]
    pub fn conclude(self) {
        let Line {
            fault,
            times,
            verdict: Verdict { lost, double },
            destroyed,
            worst,
        } = self;
        println!(
            "| {fault} | {times} | {lost} | {double} | {:.1} s |",
            worst.as_secs_f64()
        );
        assert!(times > 0, "{fault} was never made");
        assert_eq!((lost, double), (destroyed, 0), "{fault}");
    }
}
