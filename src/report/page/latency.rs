//! How long calls took, as the page shows it: the percentiles of the record, and a histogram with classes that people read.

use serde::Serialize;

use crate::journal::CallTimes;

/// What is said of the times of one operation, in milliseconds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LatencyReport {
    /// The calls with a known time.
    pub calls: u64,
    /// Half of the calls took at most this long.
    pub p50: u64,
    /// Nine of ten calls took at most this long.
    pub p90: u64,
    /// All but one of a hundred calls took at most this long.
    pub p99: u64,
    /// The slowest call.
    pub max: u64,
    /// The upper ends of the histogram's classes.
    pub upto_ms: Vec<u64>,
    /// The calls of each class.
    pub counts: Vec<u64>,
}

impl LatencyReport {
    /// The report of these times; `None` if no call has a known time.
    #[must_use]
    pub fn of(times: &CallTimes) -> Option<Self> {
        let said = times.summary()?;
        let (upto_ms, counts) = histogram(times);
        Some(Self { calls: said.requests, p50: said.p50, p90: said.p90, p99: said.p99, max: said.max, upto_ms, counts })
    }
}

/// Classes that end at 1, 2, 5, 10, 20, 50 …, from the first to the last that has a call.
fn histogram(times: &CallTimes) -> (Vec<u64>, Vec<u64>) {
    let (mut ends, mut counts) = (Vec::new(), Vec::new());
    let mut buckets = times.counts().peekable();
    for end in round_ends() {
        let mut count = 0;
        while let Some((_, calls)) = buckets.next_if(|(last, _)| *last <= end) {
            count += calls;
        }
        if count > 0 || !ends.is_empty() {
            ends.push(end);
            counts.push(count);
        }
        if buckets.peek().is_none() {
            break;
        }
    }
    (ends, counts)
}

/// 1, 2, 5, 10, 20, 50 … milliseconds, up to the largest number.
fn round_ends() -> impl Iterator<Item = u64> {
    let powers = std::iter::successors(Some(1_u64), |power| power.checked_mul(10));
    powers.flat_map(|power| [1, 2, 5].map(|factor| power.saturating_mul(factor))).chain([u64::MAX])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn report(times: &[u64]) -> Option<LatencyReport> {
        let mut all = CallTimes::default();
        times.iter().for_each(|millis| all.add(*millis));
        LatencyReport::of(&all)
    }

    proptest! {
        #[test]
        fn every_call_is_in_the_histogram(times in prop::collection::vec(0_u64..200_000, 1..200)) {
            let report = report(&times).unwrap();
            prop_assert_eq!(report.counts.iter().sum::<u64>(), times.len() as u64);
            prop_assert_eq!(report.calls, times.len() as u64);
            let mut sorted = times.clone();
            sorted.sort_unstable();
            let exact = sorted[(times.len() * 90).div_ceil(100) - 1];
            prop_assert!(report.p90 >= exact && report.p90 <= exact + exact / 64 + 1);
            prop_assert!(report.p50 <= report.p90 && report.p90 <= report.p99 && report.p99 <= report.max);
        }
    }

    #[test]
    fn nothing_is_said_without_a_call() {
        assert_eq!(report(&[]), None);
    }

    #[test]
    fn the_histogram_has_round_ends() {
        let report = report(&[3, 4, 18, 90]).unwrap();
        assert_eq!((report.upto_ms, report.counts), (vec![5, 10, 20, 50, 100], vec![2, 0, 1, 0, 1]));
        assert_eq!((report.p50, report.p90, report.max), (4, 90, 90));
    }
}
