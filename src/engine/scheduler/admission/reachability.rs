//! Whether a connection's vendor can be reached. A vendor that cannot be reached stops the run and fails no row.

use std::time::Duration;

use crate::model::Time;

/// How long a vendor that was reached before may be unreachable until the run stops.
const PATIENCE: Duration = Duration::from_secs(600);

/// The same for a vendor that was never reached: more likely a wrong name or a closed port than a temporary failure.
const PATIENCE_AT_FIRST: Duration = Duration::from_secs(30);

/// With fewer failures than this the run goes on.
const FEWEST_FAILURES: u32 = 3;

/// The reachability of one connection's vendor.
#[derive(Debug, Clone, Default)]
pub(in crate::engine::scheduler) struct Reachability {
    reached: bool,
    failing_since: Option<Time>,
    failures: u32,
    /// What the network said last.
    why: String,
}

impl Reachability {
    /// Records that a call arrived, or may have.
    pub(in crate::engine::scheduler) fn on_reached(&mut self) {
        *self = Self { reached: true, ..Self::default() };
    }

    /// Forgets the failures so far, after a time in which nothing was sent.
    pub(in crate::engine::scheduler) fn on_pause(&mut self) {
        *self = Self { reached: self.reached, ..Self::default() };
    }

    /// Whether the last call did not reach the vendor.
    pub(in crate::engine::scheduler) fn is_failing(&self) -> bool {
        self.failing_since.is_some()
    }

    /// What the network said about the last call; `None` if it reached the vendor.
    pub(in crate::engine::scheduler) fn trouble(&self) -> Option<&str> {
        self.failing_since.map(|_| self.why.as_str())
    }

    /// Keeps what the network said about a call that did not reach the vendor.
    pub(in crate::engine::scheduler) fn explain(&mut self, why: &str) {
        why.clone_into(&mut self.why);
    }

    /// Records that a call did not reach the vendor; `true` if the run should stop.
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
    fn two_failures_far_apart_do_not_stop_the_run() {
        let mut health = Reachability::default();
        assert!(!health.on_unreached(at(0)));
        assert!(!health.on_unreached(at(3_600)));
        assert!(health.on_unreached(at(3_601)));
    }
}
