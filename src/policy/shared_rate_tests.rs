//! Several processes that share one rate limit by leases, in simulated time.

use std::time::Duration;

use proptest::prelude::*;

use super::rate_lease::RateLeases;
use super::rate_limiter::RateLimiter;
use crate::model::{Rate, Time};

/// A process that sends as early as it may, a little late each time, with rests in between.
struct Process {
    limiter: RateLimiter,
    late: Vec<u64>,
    rests: u64,
    sent: usize,
    ready_at: Time,
}

impl Process {
    fn new(rate: Rate, late: Vec<u64>, rests: u64) -> Self {
        Self { limiter: RateLimiter::shared(rate), late, rests, sent: 0, ready_at: Time::from_secs(1_000) }
    }

    /// The instant of its next send; takes leases as needed.
    fn next(&mut self, leases: &mut RateLeases, waiting: usize) -> Time {
        loop {
            let at = self.limiter.earliest(self.ready_at);
            match self.limiter.needs_lease(at, waiting) {
                None => return at,
                Some(wanted) => self.limiter.on_lease(leases.take(wanted)),
            }
        }
    }

    /// Sends at `at` or a little later; `None` if it was too late and must ask again.
    fn send(&mut self, at: Time) -> Option<Time> {
        // Every fifth send is on time, so that the loop ends.
        let late = if self.sent.is_multiple_of(5) { 0 } else { self.late[self.sent % self.late.len()] };
        let late = Duration::from_micros(late);
        self.sent += 1;
        let now = at.plus(late);
        if late > self.limiter.tolerance() {
            self.ready_at = now;
            return None;
        }
        self.limiter.take(now);
        self.ready_at = now;
        if self.sent.is_multiple_of(40) {
            self.ready_at = now.plus(Duration::from_millis(self.rests));
        }
        Some(now)
    }
}

/// Runs all processes on one clock until `calls` calls are sent.
fn run(processes: &mut [Process], waiting: usize, calls: usize) -> Vec<Time> {
    let mut leases = RateLeases::default();
    let mut sent = Vec::new();
    while sent.len() < calls {
        let next = processes.iter_mut().map(|process| process.ready_at).enumerate().min_by_key(|(_, at)| *at);
        let Some((who, _)) = next else { break };
        let at = processes[who].next(&mut leases, waiting);
        // A process that is ready earlier asks first.
        let first = processes.iter().enumerate().all(|(other, process)| other == who || process.ready_at >= at);
        if first || processes[who].ready_at == at {
            sent.extend(processes[who].send(at));
        } else {
            processes[who].ready_at = at;
        }
    }
    sent.sort();
    sent
}

fn most_in_window(times: &[Time], per: Duration) -> usize {
    let from = |at: &Time| times.partition_point(|other| other < at);
    let count = |at: &Time| times.partition_point(|other| *other < at.plus(per)) - from(at);
    times.iter().map(count).max().unwrap_or(0)
}

#[test]
fn one_process_alone_and_several_together_reach_the_rate() {
    for (rate, processes, waiting) in
        [("20/s", 1, 1), ("20/s", 1, 16), ("20/s", 5, 16), ("60/20s", 3, 8), ("200/s", 4, 64)]
    {
        let rate = Rate::parse(rate).unwrap();
        let mut all: Vec<_> = (0..processes).map(|_| Process::new(rate, vec![0, 900, 2_100, 300], 0)).collect();
        let sent = run(&mut all, waiting, 3_000);
        let mean = 2_999.0 / sent[2_999].since(sent[0]).as_secs_f64() / rate.per_second();
        assert!((0.98..=1.0).contains(&mean), "{processes} at {rate}: {mean}");
    }
}

#[test]
fn a_process_that_dies_holds_the_others_up_no_longer_than_its_lease() {
    let rate = Rate::parse("20/s").unwrap();
    let mut leases = RateLeases::default();
    let (mut dies, mut lives) = (Process::new(rate, vec![0], 0), Process::new(rate, vec![0], 0));
    let at = dies.next(&mut leases, 1_000);
    assert!(lives.next(&mut leases, 1_000).since(at) <= LONGEST);
}

const LONGEST: Duration = Duration::from_secs(1);

#[test]
fn a_call_that_is_late_twice_keeps_its_distance_to_the_next_lease() {
    let rate = Rate { calls: 1, per: Duration::from_millis(331) };
    let late = [vec![0, 2_551, 0, 4_094, 1_386, 0, 0], vec![0; 7]];
    let mut all: Vec<_> = late.into_iter().map(|late| Process::new(rate, late, 0)).collect();
    let sent = run(&mut all, 2, 250);
    assert_eq!(most_in_window(&sent, rate.per), 1);
}

proptest! {
    #[test]
    fn no_window_of_all_processes_together_holds_more_than_the_rate(
        calls in 1u32..60,
        per_ms in 50u64..3_000,
        late in proptest::collection::vec(proptest::collection::vec(0u64..6_000, 7), 1..6),
        rests in 0u64..5_000,
        waiting in 1usize..40,
    ) {
        let rate = Rate { calls, per: Duration::from_millis(per_ms) };
        let mut all: Vec<_> = late.into_iter().map(|late| Process::new(rate, late, rests)).collect();
        let sent = run(&mut all, waiting, 250);
        prop_assert!(most_in_window(&sent, rate.per) <= calls as usize);
    }
}
