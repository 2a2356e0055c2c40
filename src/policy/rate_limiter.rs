//! One rate limit: never more calls in a sliding window than its rate, and close to that rate while there is work.

use std::collections::VecDeque;
use std::time::Duration;

use super::rate_lease::{LeaseRequest, RateLease};
use crate::model::{Rate, Time};

/// The share of a window by which the spacing is wider than even, so that a call that travels faster than the one
/// before it does not put one too many into the vendor's own window.
const SPACING_MARGIN: f64 = 0.009;

/// The share of a window by which a slot may be used late without the next ones moving too; covers a coarse timer.
const CATCH_UP: f64 = 0.004;

/// Bounds of that lateness.
const LEAST_CATCH_UP: Duration = Duration::from_micros(2_500);
const MOST_CATCH_UP: Duration = Duration::from_millis(4);

/// How far the end of a lease may be off because it comes from another clock.
const CLOCKS_DIFFER: Duration = Duration::from_micros(50);

/// The shortest lease that is requested; a shorter one costs more to request than it is worth.
const SHORTEST_LEASE: Duration = Duration::from_millis(1);

/// The longest lease that is requested, unless a single call needs more.
const LONGEST_LEASE: Duration = Duration::from_secs(1);

/// The lowest share of the configured rate that throttling can cause.
const LOWEST_SHARE: f64 = 0.05;

/// The share of the configured rate that each full window without throttling adds to a lowered rate.
const RECOVERY: f64 = 0.05;

/// The pause after a throttled answer that names no wait.
const PAUSE: Duration = Duration::from_millis(1_000);

/// A sliding-window rate limit with even spacing. It halves its rate when the vendor throttles, then recovers step by step.
#[derive(Debug, Clone)]
pub struct RateLimiter {
    rate: Rate,
    /// When the last calls were handed to the network, oldest first; at most `rate.calls` of them.
    taken: VecDeque<Time>,
    /// The slot of the next call by even spacing; `None` before the first call.
    next: Option<Time>,
    share: f64,
    raise_at: Time,
    paused_until: Time,
    /// Whether other processes share the limit, so that calls are sent only within this process's leases.
    shared: bool,
    lease: Option<RateLease>,
    /// Leases granted since the last call. More than one means that they expire before they can be used.
    leases_unused: u32,
}

impl RateLimiter {
    /// A limit that other processes share: calls need leases.
    #[must_use]
    pub fn shared(rate: Rate) -> Self {
        Self { shared: true, ..Self::new(rate) }
    }

    /// A limit of this process alone, unused so far.
    #[must_use]
    pub fn new(rate: Rate) -> Self {
        Self {
            rate,
            taken: VecDeque::new(),
            next: None,
            share: 1.0,
            raise_at: Time::default(),
            paused_until: Time::default(),
            shared: false,
            lease: None,
            leases_unused: 0,
        }
    }

    /// The configured rate.
    #[must_use]
    pub fn rate(&self) -> Rate {
        self.rate
    }

    /// Replaces the configured rate. The next call keeps its distance from the last one by the new rate; calls before it
    /// count for the new window as far as they are remembered.
    pub fn set_rate(&mut self, rate: Rate) {
        self.rate = rate;
        while self.taken.len() > rate.calls as usize {
            self.taken.pop_front();
        }
        let spacing = self.spacing();
        self.next = self.taken.back().map(|last| last.plus(spacing));
    }

    /// The earliest instant, from `now` on, at which a call may be sent.
    #[must_use]
    pub fn earliest(&self, now: Time) -> Time {
        let window = match self.taken.front() {
            Some(oldest) if self.taken.len() >= self.rate.calls as usize => oldest.plus(self.rate.per),
            _ => Time::default(),
        };
        now.max(self.next.unwrap_or_default()).max(window).max(self.paused_until)
    }

    /// Counts a call sent at `at`, an instant that [`Self::earliest`] allowed.
    pub fn take(&mut self, at: Time) {
        if self.taken.len() >= self.rate.calls as usize {
            self.taken.pop_front();
        }
        self.taken.push_back(at);
        self.leases_unused = 0;
        let spacing = self.spacing();
        self.next = Some(self.due(at).plus(spacing));
        self.recover(at);
    }

    /// How late a slot may be used without moving the next ones.
    #[must_use]
    pub fn tolerance(&self) -> Duration {
        self.rate.per.mul_f64(CATCH_UP).clamp(LEAST_CATCH_UP, MOST_CATCH_UP)
    }

    /// Gives back the last slot, which could not be used in time. Any other slot is left as it is.
    pub fn give_back(&mut self, slot: Time) {
        // The call that the slot pushed out of the window is older than a whole window and no longer counts.
        if self.taken.back() == Some(&slot) {
            self.taken.pop_back();
            self.next = self.next.map(|next| next.minus(self.spacing()));
        }
    }

    /// The slot of a call at `at`: within the tolerance it stays where it is, beyond that it moves by the excess.
    fn due(&self, at: Time) -> Time {
        self.next.map_or(at, |due| due.max(at.minus(self.tolerance())))
    }

    /// The lease that is needed before a call can be sent at `at`, long enough for `calls`; `None` if no lease is needed.
    #[must_use]
    pub fn needs_lease(&self, at: Time, calls: usize) -> Option<LeaseRequest> {
        let (due, spacing) = (self.due(at), self.spacing());
        // A late call may be sent later still, by the tolerance.
        let has = |lease: RateLease| lease.from <= due && at.plus(spacing) <= lease.until.plus(CLOCKS_DIFFER);
        if !self.shared || self.lease.is_some_and(has) {
            return None;
        }
        let most = LONGEST_LEASE.as_secs_f64() / spacing.as_secs_f64();
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let calls = calls.min(most as usize).max(1);
        let length = spacing.mul_f64(u32::try_from(calls).map_or(1.0, f64::from)).max(SHORTEST_LEASE);
        // The slot of a late call moves on with the clock: the lease covers the time from the slot to the call.
        let length = length + at.since(due) + self.slack();
        Some(LeaseRequest { from: due, length, after: self.lease.map(|lease| lease.mark) })
    }

    /// Extra length after leases that expired unused: doubled each time, up to `LONGEST_LEASE`.
    fn slack(&self) -> Duration {
        let doubled = 1_u32.checked_shl(self.leases_unused).unwrap_or(u32::MAX) - 1;
        self.tolerance().saturating_mul(doubled).min(LONGEST_LEASE)
    }

    /// Takes a granted lease.
    pub fn on_lease(&mut self, lease: RateLease) {
        self.lease = Some(lease);
        self.leases_unused = self.leases_unused.saturating_add(1);
        self.next = Some(self.next.unwrap_or_default().max(lease.from));
    }

    /// Pauses the whole limit and halves its rate after a throttled answer. Without `retry_after` it pauses for a second.
    pub fn on_throttled(&mut self, now: Time, retry_after: Option<Duration>) {
        self.paused_until = self.paused_until.max(now.plus(retry_after.unwrap_or(PAUSE)));
        // Calls that were already under way are throttled too; they do not lower the rate again.
        if now >= self.raise_at {
            self.share = (self.share / 2.0).max(LOWEST_SHARE);
        }
        self.raise_at = now.plus(self.rate.per.max(Duration::from_secs(1)));
    }

    /// The share of the configured rate in force, from 0 to 1.
    #[must_use]
    pub fn share(&self) -> f64 {
        self.share
    }

    /// The end of the pause after a throttled answer; `None` if there was none.
    #[must_use]
    pub fn paused_until(&self) -> Option<Time> {
        (self.paused_until > Time::default()).then_some(self.paused_until)
    }

    /// The calls that it lets through in a second as things stand.
    #[must_use]
    pub fn per_second(&self) -> f64 {
        1.0 / self.spacing().as_secs_f64()
    }

    fn spacing(&self) -> Duration {
        let margin = self.rate.per.mul_f64(SPACING_MARGIN).max(self.tolerance());
        (self.rate.per + margin).div_f64(f64::from(self.rate.calls) * self.share)
    }

    fn recover(&mut self, now: Time) {
        if self.share < 1.0 && now >= self.raise_at {
            self.share = (self.share + RECOVERY).min(1.0);
            self.raise_at = now.plus(self.rate.per.max(Duration::from_secs(1)));
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::policy::RateLeases;

    fn run(rate: &str, calls: usize, late: impl Fn(usize) -> u64) -> Vec<Time> {
        let mut limiter = RateLimiter::new(Rate::parse(rate).expect("a rate"));
        let mut now = Time::from_secs(1_000);
        (0..calls)
            .map(|n| {
                now = limiter.earliest(now).plus(Duration::from_micros(late(n)));
                limiter.take(now);
                now
            })
            .collect()
    }

    fn most_in_window(times: &[Time], per: Duration) -> usize {
        times
            .iter()
            .map(|from| times.iter().filter(|at| **at >= *from && **at < from.plus(per)).count())
            .max()
            .unwrap_or(0)
    }

    #[test]
    fn a_lease_is_worth_its_asking_and_no_longer_than_others_can_wait() {
        let length = |rate: &str, calls| {
            let limiter = RateLimiter::shared(Rate::parse(rate).expect("a rate"));
            limiter.needs_lease(Time::from_secs(1_000), calls).expect("no lease was had yet").length
        };
        assert_eq!(length("1000/1ms", 1), SHORTEST_LEASE, "it costs more to ask than to send");
        assert!(length("100/1s", 1) > SHORTEST_LEASE && length("100/1s", 1) < SHORTEST_LEASE * 11, "one call's own");
        assert!(length("100/1s", 5_000) <= LONGEST_LEASE);
    }

    #[test]
    fn a_late_call_gets_its_lease_however_slow_the_process_is() {
        for (rate, slow_ms) in [("20/s", 1), ("20/s", 8), ("200/s", 40), ("1000/1ms", 5), ("1/1m", 700)] {
            let mut limiter = RateLimiter::shared(Rate::parse(rate).expect("a rate"));
            let (mut leases, mut now) = (RateLeases::default(), Time::from_secs(1_000));
            let mut asked = 0;
            while let Some(wanted) = limiter.needs_lease(limiter.earliest(now), 1) {
                limiter.on_lease(leases.take(wanted));
                now = now.plus(Duration::from_millis(slow_ms));
                asked += 1;
                assert!(asked < 12, "{rate}, {slow_ms} ms from asking to sending");
            }
        }
    }

    #[test]
    fn a_stall_costs_what_is_beyond_the_tolerance_and_no_slot() {
        let mut limiter = RateLimiter::new(Rate::parse("20/s").expect("a rate"));
        let start = Time::from_secs(1_000);
        limiter.take(start);
        let slot = limiter.earliest(start);
        limiter.take(slot);
        limiter.give_back(slot);
        let late = slot.plus(Duration::from_millis(9));
        assert_eq!(limiter.earliest(late), late);
        limiter.take(late);
        let spacing = slot.since(start);
        assert_eq!(limiter.earliest(late).since(slot), spacing + Duration::from_millis(9) - limiter.tolerance());
        limiter.give_back(slot);
        assert_eq!(
            limiter.earliest(late).since(slot),
            spacing + Duration::from_millis(5),
            "only the last is given back"
        );
    }

    #[test]
    fn the_long_run_rate_is_within_two_percent() {
        let times = run("20/s", 2_000, |n| (n as u64 * 7_919) % 1_100);
        let mean = 1_999.0 / times[1_999].since(times[0]).as_secs_f64();
        assert!((19.6..=20.0).contains(&mean), "{mean}");
    }

    #[test]
    fn a_new_rate_binds_from_the_last_call_on() {
        let mut limiter = ten_a_second();
        for _ in 0..10 {
            let at = limiter.earliest(START);
            limiter.take(at);
        }
        let last = *limiter.taken.back().unwrap();
        limiter.set_rate(Rate::parse("1/s").unwrap());
        assert_eq!((limiter.rate(), limiter.taken.len()), (Rate::parse("1/s").unwrap(), 1));
        let next = limiter.earliest(last);
        assert_eq!(next.since(last), Duration::from_micros(1_009_000));
        limiter.take(next);
        limiter.set_rate(Rate::parse("10/s").unwrap());
        assert_eq!(limiter.earliest(next).since(next), SPACING, "raised again");
        // A slow rate with a large window lets no burst through.
        limiter.set_rate(Rate::parse("60/1m").unwrap());
        assert_eq!(limiter.earliest(next).since(next), Duration::from_micros(1_009_000));
    }

    /// One second in even parts for ten calls, wider by the margin.
    const SPACING: Duration = Duration::from_micros(100_900);
    const START: Time = Time::from_secs(1_000);

    fn ten_a_second() -> RateLimiter {
        RateLimiter::new(Rate::parse("10/s").expect("a rate"))
    }

    fn shared() -> RateLimiter {
        RateLimiter::shared(Rate::parse("10/s").expect("a rate"))
    }

    fn lease(from: Time, length: Duration) -> RateLease {
        RateLease { from, until: from.plus(length), mark: from.plus(length) }
    }

    #[test]
    fn calls_are_spaced_evenly_and_wider_by_the_margin() {
        for (rate, micros) in [("10/s", 100_900), ("60/1m", 1_009_000), ("100/100ms", 1_025)] {
            let mut limiter = RateLimiter::new(Rate::parse(rate).expect("a rate"));
            assert_eq!(limiter.earliest(START), START, "{rate}: nothing was sent yet");
            limiter.take(START);
            assert_eq!(limiter.earliest(START), START.plus(Duration::from_micros(micros)), "{rate}");
            let later = START.plus(Duration::from_secs(9));
            assert_eq!(limiter.earliest(later), later, "{rate}: never in the past");
        }
    }

    #[test]
    fn the_tolerance_is_a_share_of_the_window_within_its_bounds() {
        for (rate, micros) in [("10/100ms", 2_500), ("10/700ms", 2_800), ("10/s", 4_000), ("10/1m", 4_000)] {
            let limiter = RateLimiter::new(Rate::parse(rate).expect("a rate"));
            assert_eq!(limiter.tolerance(), Duration::from_micros(micros), "{rate}");
        }
    }

    #[test]
    fn a_full_window_binds_whatever_the_spacing_says() {
        let mut limiter = RateLimiter::new(Rate::parse("2/s").expect("a rate"));
        limiter.take(START);
        limiter.next = None;
        assert_eq!(limiter.earliest(START), START, "one of two");
        limiter.take(START);
        limiter.next = None;
        assert_eq!(limiter.earliest(START), START.plus(Duration::from_secs(1)));
        let second = START.plus(Duration::from_secs(1));
        limiter.take(second);
        assert_eq!(limiter.taken, [START, second], "only the last calls of a window are kept");
    }

    #[test]
    fn a_late_call_moves_the_rhythm_only_beyond_the_tolerance() {
        for (late_ms, moved_ms) in [(0, 0), (4, 0), (5, 1), (50, 46)] {
            let mut limiter = ten_a_second();
            limiter.take(START);
            let slot = limiter.earliest(START);
            limiter.take(slot.plus(Duration::from_millis(late_ms)));
            let next = limiter.earliest(START);
            assert_eq!(next.since(slot), SPACING + Duration::from_millis(moved_ms), "{late_ms} ms late");
        }
    }

    #[test]
    fn only_the_last_slot_is_given_back() {
        let mut limiter = ten_a_second();
        limiter.take(START);
        let slot = limiter.earliest(START);
        limiter.take(slot);
        limiter.give_back(START);
        assert_eq!(limiter.earliest(START), slot.plus(SPACING));
        limiter.give_back(slot);
        assert_eq!((limiter.earliest(START), limiter.taken.len()), (slot, 1));
    }

    #[test]
    fn only_a_shared_limit_needs_leases() {
        assert_eq!(ten_a_second().needs_lease(START, 1), None);
        let wanted = shared().needs_lease(START, 1);
        assert_eq!(wanted, Some(LeaseRequest { from: START, length: SPACING, after: None }));
    }

    #[test]
    fn a_lease_is_as_long_as_its_calls_need_and_at_most_a_second_of_them() {
        for (calls, micros) in [(0, 100_900), (1, 100_900), (3, 302_700), (9, 908_100), (5_000, 908_100)] {
            let wanted = shared().needs_lease(START, calls).expect("no lease was had yet");
            assert_eq!(wanted.length, Duration::from_micros(micros), "{calls}");
        }
        let slow = RateLimiter::shared(Rate::parse("1/1m").expect("a rate"));
        let wanted = slow.needs_lease(START, 5).expect("no lease was had yet");
        assert_eq!(wanted.length, Duration::from_millis(60_540), "one call takes longer than a second");
    }

    #[test]
    fn a_lease_covers_a_call_that_ends_with_it_but_for_the_difference_of_clocks() {
        for (shorter_micros, covered) in [(0, true), (50, true), (51, false)] {
            let mut limiter = shared();
            limiter.on_lease(lease(START, SPACING - Duration::from_micros(shorter_micros)));
            assert_eq!(limiter.needs_lease(START, 1).is_none(), covered, "{shorter_micros} µs shorter");
        }
    }

    #[test]
    fn nothing_is_sent_before_a_lease_begins() {
        let mut limiter = shared();
        let from = START.plus(Duration::from_secs(3));
        limiter.on_lease(lease(from, SPACING));
        assert_eq!(limiter.earliest(START), from);
        assert_eq!(limiter.needs_lease(from, 1), None);
        limiter.on_lease(lease(START, SPACING));
        assert_eq!(limiter.earliest(START), from, "an earlier lease does not bring the next call forward");
        let mut early = shared();
        early.on_lease(lease(from, Duration::from_secs(5)));
        early.next = Some(START);
        assert!(early.needs_lease(START, 1).is_some(), "the lease has not begun at the call's place");
    }

    #[test]
    fn a_late_call_asks_for_the_time_from_its_place_on() {
        let mut limiter = shared();
        limiter.next = Some(START);
        let late = START.plus(Duration::from_millis(10));
        let wanted = limiter.needs_lease(late, 1).expect("no lease was had yet");
        assert_eq!(
            wanted.from,
            START.plus(Duration::from_millis(6)),
            "its place moves by what is beyond the tolerance"
        );
        assert_eq!(wanted.length, SPACING + Duration::from_millis(4));
    }

    #[test]
    fn leases_that_lapse_unused_grow_until_a_call_goes_out() {
        let mut limiter = shared();
        let lapsed = lease(START, Duration::from_micros(1));
        for slack_ms in [4, 12, 28] {
            limiter.on_lease(lapsed);
            let wanted = limiter.needs_lease(START, 1).expect("the lease is too short");
            assert_eq!(wanted.length, SPACING + Duration::from_millis(slack_ms));
            assert_eq!(wanted.after, Some(lapsed.mark));
        }
        (0..60).for_each(|_| limiter.on_lease(lapsed));
        let wanted = limiter.needs_lease(START, 1).expect("the lease is too short");
        assert_eq!(wanted.length, SPACING + Duration::from_secs(1), "at most a second longer");
        limiter.take(START);
        let slot = limiter.earliest(START);
        assert_eq!(limiter.needs_lease(slot, 1).map(|wanted| wanted.length), Some(SPACING));
    }

    #[test]
    fn a_throttled_answer_pauses_for_what_the_vendor_asks_or_a_second() {
        let mut limiter = ten_a_second();
        assert_eq!(limiter.paused_until(), None);
        limiter.on_throttled(START, Some(Duration::from_secs(7)));
        limiter.on_throttled(START, None);
        let seven = START.plus(Duration::from_secs(7));
        assert_eq!((limiter.paused_until(), limiter.earliest(START)), (Some(seven), seven), "the longer pause stands");
        let mut limiter = ten_a_second();
        limiter.on_throttled(START, None);
        assert_eq!(limiter.paused_until(), Some(START.plus(Duration::from_secs(1))));
    }

    #[test]
    fn the_rate_is_halved_once_a_window_and_never_below_a_twentieth() {
        let is = |limiter: &RateLimiter, share: f64| (limiter.share() - share).abs() < 1e-9;
        let mut limiter = ten_a_second();
        assert!(is(&limiter, 1.0));
        limiter.on_throttled(START, None);
        let within = START.plus(Duration::from_micros(999_999));
        limiter.on_throttled(within, None);
        assert!(is(&limiter, 0.5), "the second came within the window");
        limiter.on_throttled(within.plus(Duration::from_secs(1)), None);
        assert!(is(&limiter, 0.25), "a window after the last one");
        for round in 3..9 {
            limiter.on_throttled(START.plus(Duration::from_secs(round)), None);
        }
        assert!(is(&limiter, 0.05));
        let mut slow = RateLimiter::new(Rate::parse("10/10s").expect("a rate"));
        slow.on_throttled(START, None);
        slow.on_throttled(START.plus(Duration::from_secs(9)), None);
        assert!(is(&slow, 0.5), "a window of ten seconds");
        slow.on_throttled(START.plus(Duration::from_secs(19)), None);
        assert!(is(&slow, 0.25));
    }

    #[test]
    fn a_lowered_rate_spaces_calls_wider_and_is_raised_by_a_twentieth_a_window() {
        let is = |limiter: &RateLimiter, share: f64| (limiter.share() - share).abs() < 1e-9;
        let mut limiter = ten_a_second();
        limiter.on_throttled(START, Some(Duration::ZERO));
        limiter.take(START);
        assert_eq!(limiter.earliest(START), START.plus(SPACING * 2));
        limiter.take(START.plus(Duration::from_micros(999_999)));
        assert!(is(&limiter, 0.5), "not a whole window yet");
        let second = |n| START.plus(Duration::from_secs(n));
        limiter.take(second(1));
        assert!(is(&limiter, 0.55));
        limiter.take(second(1));
        assert!(is(&limiter, 0.55), "once a window");
        (2..30).for_each(|n| limiter.take(second(n)));
        assert!(is(&limiter, 1.0), "and never above the configured rate");
    }

    proptest! {
        #[test]
        fn no_window_holds_more_than_its_rate(calls in 1u32..60, per_ms in 20u64..3_000, late in proptest::collection::vec(0u64..40_000, 120)) {
            let rate = Rate { calls, per: Duration::from_millis(per_ms) };
            let times = run(&rate.to_string(), 120, |n| late[n]);
            prop_assert!(most_in_window(&times, rate.per) <= calls as usize);
        }
    }

    #[test]
    fn throttling_pauses_halves_and_recovers() {
        let mut limiter = RateLimiter::new(Rate::parse("20/s").expect("a rate"));
        let now = Time::from_secs(1_000);
        limiter.take(now);
        limiter.on_throttled(now, None);
        limiter.on_throttled(now, Some(Duration::from_secs(3)));
        assert!((limiter.share() - 0.5).abs() < 1e-9, "one burst of refusals counts once");
        assert_eq!(limiter.earliest(now), now.plus(Duration::from_secs(3)));
        let mut at = now;
        for _ in 0..2_000 {
            at = limiter.earliest(at);
            limiter.take(at);
        }
        assert!((limiter.share() - 1.0).abs() < 1e-9);
    }
}
