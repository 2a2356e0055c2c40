//! How long the calls of a queue were held back, by reason. Counted once for the whole queue: a call compares the sums at
//! its arrival with those at its departure.

use std::time::Duration;

use crate::model::Time;
use crate::policy::WaitReason;

/// A sum of time for each reason, in microseconds.
pub(in crate::engine::scheduler) type TimeByReason = [u64; WaitReason::ALL.len()];

/// How long the calls of a queue were held back so far, and why they are held back now.
#[derive(Debug, Clone)]
pub(in crate::engine::scheduler) struct HeldTimes {
    sums: TimeByReason,
    held_by: Option<WaitReason>,
    since: Time,
}

impl Default for HeldTimes {
    fn default() -> Self {
        Self { sums: [0; WaitReason::ALL.len()], held_by: None, since: Time::default() }
    }
}

impl HeldTimes {
    /// The sums up to `now`.
    pub(in crate::engine::scheduler) fn up_to(&mut self, now: Time) -> TimeByReason {
        if let Some(reason) = self.held_by {
            add(&mut self.sums, reason, now.since(self.since));
        }
        self.since = self.since.max(now);
        self.sums
    }

    /// Sets what holds the queue back from `now` on; `None` if nothing does.
    pub(in crate::engine::scheduler) fn hold(&mut self, by: Option<WaitReason>, now: Time) {
        self.up_to(now);
        self.held_by = by;
    }
}

/// Adds to the sum of a reason.
pub(in crate::engine::scheduler) fn add(to: &mut TimeByReason, reason: WaitReason, time: Duration) {
    let sum = &mut to[reason as usize];
    *sum = sum.saturating_add(u64::try_from(time.as_micros()).unwrap_or(u64::MAX));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(secs: i64) -> Time {
        Time::from_secs(1_000 + secs)
    }

    #[test]
    fn the_time_counts_for_the_reason_that_was_in_force() {
        let mut held = HeldTimes::default();
        assert_eq!(held.up_to(at(0)), TimeByReason::default(), "nothing held the queue back until then");
        held.hold(Some(WaitReason::Limit), at(10));
        let first = held.up_to(at(13));
        held.hold(Some(WaitReason::Login), at(15));
        held.hold(None, at(20));
        let last = held.up_to(at(90));
        assert_eq!(first[WaitReason::Limit as usize], 3_000_000);
        assert_eq!(last[WaitReason::Limit as usize], 5_000_000);
        assert_eq!(last[WaitReason::Login as usize], 5_000_000);
        assert_eq!(last.iter().sum::<u64>(), 10_000_000);
    }

    #[test]
    fn a_clock_that_goes_back_counts_no_time_twice() {
        let mut held = HeldTimes::default();
        held.hold(Some(WaitReason::Limit), at(10));
        held.up_to(at(20));
        held.up_to(at(15));
        assert_eq!(held.up_to(at(21))[WaitReason::Limit as usize], 11_000_000);
    }
}
