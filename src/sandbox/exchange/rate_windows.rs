//! Sliding windows: counts the calls of one credential and operation within a rate's time.

use std::collections::{HashMap, VecDeque};

use crate::model::{Rate, Time};

/// The windows of all credentials and operations.
#[derive(Debug, Default)]
pub(in crate::sandbox) struct RateWindows {
    windows: HashMap<String, VecDeque<Time>>,
    /// The number of counted calls.
    counted: u64,
}

/// Unused windows are removed after this many counted calls.
const SWEEP_EVERY: u64 = 4_096;
/// The length of the longest window, in seconds.
const KEEP_SECS: i64 = 120;

impl RateWindows {
    /// Whether another call at `now` stays within `rate`. `forgiven` shortens the rate's time, by a twentieth at
    /// most.
    pub(in crate::sandbox) fn admits(&self, key: &str, rate: Rate, forgiven: std::time::Duration, now: Time) -> bool {
        let window = rate.per - forgiven.min(rate.per / 20);
        let inside = |at: &&Time| now.since(**at) < window;
        self.windows.get(key).is_none_or(|calls| calls.iter().rev().take_while(inside).count() < rate.calls as usize)
    }

    /// Counts an admitted call.
    pub(in crate::sandbox) fn count(&mut self, key: &str, now: Time) {
        let calls = self.windows.entry(key.to_owned()).or_default();
        while calls.front().is_some_and(|&first| now.as_secs() - first.as_secs() > KEEP_SECS) {
            calls.pop_front();
        }
        calls.push_back(now);
        self.counted += 1;
        if self.counted.is_multiple_of(SWEEP_EVERY) {
            self.windows
                .retain(|_, calls| calls.back().is_some_and(|last| now.as_secs() - last.as_secs() <= KEEP_SECS));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    const NONE: Duration = Duration::ZERO;

    #[test]
    fn the_window_slides() {
        let rate = Rate { calls: 2, per: Duration::from_secs(1) };
        let at = |millis: i64| Time::from_micros(millis * 1_000);
        let mut windows = RateWindows::default();
        for millis in [0, 900] {
            assert!(windows.admits("k", rate, NONE, at(millis)));
            windows.count("k", at(millis));
        }
        assert!(!windows.admits("k", rate, NONE, at(999)));
        assert!(windows.admits("other", rate, NONE, at(999)));
        assert!(windows.admits("k", rate, NONE, at(1_000)));
        windows.count("k", at(1_000));
        assert!(!windows.admits("k", rate, NONE, at(1_899)));
    }

    #[test]
    fn a_little_jitter_is_forgiven_and_a_burst_is_not() {
        let rate = Rate { calls: 1, per: Duration::from_secs(1) };
        let forgiven = Duration::from_millis(500);
        let mut windows = RateWindows::default();
        windows.count("k", Time::from_secs(0));
        assert!(windows.admits("k", rate, forgiven, Time::from_micros(950_000)), "a twentieth, not more");
        assert!(!windows.admits("k", rate, forgiven, Time::from_micros(949_999)));
    }

    #[test]
    fn unused_windows_are_dropped() {
        let mut windows = RateWindows::default();
        for n in 0..SWEEP_EVERY - 1 {
            windows.count(&n.to_string(), Time::from_secs(0));
        }
        windows.count("late", Time::from_secs(1_000));
        assert_eq!(windows.windows.len(), 1);
    }
}
