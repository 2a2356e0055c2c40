//! How long the calls of an operation took: a histogram of bounded size, and what it says.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Times below this many milliseconds have a bucket each. From there on, each doubling has as many buckets, so that a
/// bucket is at most a sixty-fourth wide of what it holds.
const EXACT: u64 = 64;

/// Times of this many milliseconds or more, which is two years, share the last bucket.
const LONGEST: u64 = (1 << 36) - 1;

/// The times of requests, in milliseconds, as counts in buckets.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CallTimes {
    buckets: Vec<u64>,
    count: u64,
    longest: u64,
}

/// How long requests took, in milliseconds. A percentile is exact to 2 %.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CallTimeSummary {
    /// The number of requests that were measured.
    pub requests: u64,
    /// Half of them took at most this long.
    pub p50: u64,
    /// Nine of ten took at most this long.
    pub p90: u64,
    /// 95 of 100 took at most this long.
    pub p95: u64,
    /// 99 of 100 took at most this long.
    pub p99: u64,
    /// The longest one.
    pub max: u64,
}

impl CallTimes {
    /// Adds the time of a request.
    pub fn add(&mut self, ms: u64) {
        let bucket = bucket_of(ms);
        if self.buckets.len() <= bucket {
            self.buckets.resize(bucket + 1, 0);
        }
        self.buckets[bucket] += 1;
        self.count += 1;
        self.longest = self.longest.max(ms);
    }

    /// What the times say; `None` if none was measured.
    #[must_use]
    pub fn summary(&self) -> Option<CallTimeSummary> {
        (self.count > 0).then(|| CallTimeSummary {
            requests: self.count,
            p50: self.percentile(50),
            p90: self.percentile(90),
            p95: self.percentile(95),
            p99: self.percentile(99),
            max: self.longest,
        })
    }

    /// The buckets that hold requests, in order: the longest time that each can hold, and its requests.
    pub fn counts(&self) -> impl Iterator<Item = (u64, u64)> {
        let filled = self.buckets.iter().enumerate().filter(|(_, count)| **count > 0);
        filled.map(|(bucket, count)| (last_of(bucket), *count))
    }

    /// The time that this percentage of the requests did not exceed.
    fn percentile(&self, percent: u64) -> u64 {
        let wanted = (self.count * percent).div_ceil(100);
        let mut seen = 0;
        let found = self.buckets.iter().position(|count| {
            seen += count;
            seen >= wanted
        });
        found.map_or(self.longest, |bucket| last_of(bucket).min(self.longest))
    }
}

/// The bucket of a time. There are fewer than 2,000 for any time.
fn bucket_of(ms: u64) -> usize {
    let ms = ms.min(LONGEST);
    let doublings = u64::from(ms.max(EXACT).ilog2() - EXACT.ilog2());
    // `ms >> doublings` lies between 64 and 127, or is the time itself.
    usize::try_from(doublings * EXACT + (ms >> doublings)).unwrap_or(usize::MAX)
}

/// The longest time of a bucket.
fn last_of(bucket: usize) -> u64 {
    let bucket = bucket as u64;
    if bucket < 2 * EXACT {
        return bucket;
    }
    let doublings = bucket / EXACT - 1;
    let first = (bucket - doublings * EXACT) << doublings;
    match first + ((1 << doublings) - 1) {
        LONGEST => u64::MAX,
        last => last,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_time_lies_in_its_bucket_and_buckets_are_narrow() {
        for ms in (0..5_000).chain([99_999, 3_600_000, LONGEST / 2]) {
            let bucket = bucket_of(ms);
            let last = last_of(bucket);
            assert!(last >= ms && last - ms <= ms / 64, "{ms}: {bucket}, up to {last}");
            assert!(bucket_of(last) == bucket && bucket_of(last + 1) == bucket + 1, "{ms}");
        }
    }

    #[test]
    fn times_beyond_all_measure_share_the_last_bucket_and_the_longest_is_exact_all_the_same() {
        for ms in [LONGEST, LONGEST + 1, u64::MAX / 3, u64::MAX] {
            assert!(bucket_of(ms) == bucket_of(LONGEST) && bucket_of(ms) < 2_000, "{ms}");
        }
        let mut times = CallTimes::default();
        [5, LONGEST + 7].into_iter().for_each(|ms| times.add(ms));
        let said = times.summary().unwrap();
        assert_eq!((said.p50, said.p99, said.max), (5, LONGEST + 7, LONGEST + 7));
        assert_eq!(times.counts().collect::<Vec<_>>(), [(5, 1), (u64::MAX, 1)]);
    }

    #[test]
    fn percentiles_are_near_the_true_ones_and_the_longest_is_exact() {
        let mut times = CallTimes::default();
        assert_eq!(times.summary(), None);
        (1..=1_000).for_each(|ms| times.add(ms));
        let said = times.summary().unwrap();
        assert_eq!((said.requests, said.max), (1_000, 1_000));
        for (found, exact) in [(said.p50, 500), (said.p90, 900), (said.p95, 950), (said.p99, 990)] {
            assert!(found >= exact && found <= exact + exact / 64, "{found} for {exact}");
        }
        let mut one = CallTimes::default();
        one.add(7);
        let said = one.summary().unwrap();
        assert_eq!((said.p50, said.p99, said.max), (7, 7, 7));
    }
}
