//! Whether a connection's vendor can be reached at all: a vendor that cannot is no failure of any row.

use std::time::Duration;

use crate::model::Time;

/// How long a vendor that was reached before may stay out of reach before the run stops.
const PATIENCE: Duration = Duration::from_secs(600);

/// The same where it has never been reached: rather a wrong name or a closed door than a passing trouble.
const PATIENCE_AT_FIRST: Duration = Duration::from_secs(30);

/// The fewest failures that say anything.
const FEWEST_FAILURES: u32 = 3;

/// One connection's reachability.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::engine::scheduler) struct Reachability {
    reached: bool,
    failing_since: Option<Time>,
    failures: u32,
}

impl Reachability {
    /// Something came back, or may have arrived.
    pub(in crate::engine::scheduler) fn on_reached(&mut self) {
        *self = Self { reached: true, ..Self::default() };
    }

    /// Nothing was sent for a while.
    pub(in crate::engine::scheduler) fn on_pause(&mut self) {
        *self = Self { reached: self.reached, ..Self::default() };
    }

    /// Whether the last calls did not get through.
    pub(in crate::engine::scheduler) fn is_failing(&self) -> bool {
        self.failing_since.is_some()
    }

    /// A call provably never reached the vendor. Whether it is time to stop the run.
    pub(in crate::engine::scheduler) fn on_unreached(&mut self, now: Time) -> bool {
        self.failures += 1;
        let since = *self.failing_since.get_or_insert(now);
        let patience = if self.reached { PATIENCE } else { PATIENCE_AT_FIRST };
        self.failures >= FEWEST_FAILURES && now.since(since) >= patience
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(secs: i64) -> Time {
        Time::from_secs(1_000 + secs)
    }

    #[test]
    fn a_vendor_never_reached_is_given_up_soon_and_one_known_late() {
        let mut health = Reachability::default();
        assert_eq!([0, 10, 29, 30].map(|secs| health.on_unreached(at(secs))), [false, false, false, true]);
        health.on_reached();
        assert_eq!([40, 100, 639, 640].map(|secs| health.on_unreached(at(secs))), [false, false, false, true]);
    }

    #[test]
    fn two_failures_far_apart_say_nothing() {
        let mut health = Reachability::default();
        assert!(!health.on_unreached(at(0)));
        assert!(!health.on_unreached(at(3_600)));
        assert!(health.on_unreached(at(3_601)));
    }
}
