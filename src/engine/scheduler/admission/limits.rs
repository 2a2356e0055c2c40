//! The bounds of sending: rates of buckets and of the run, and calls under way per connection and for the run.

use std::collections::VecDeque;
use std::time::Duration;

use super::held_times::HeldTimes;
use crate::model::{Limits, Rate, StepScope, Time};
use crate::plan::Plan;
use crate::policy::{LeaseRequest, RateLease, RateLimiter, WaitReason};

/// How long to wait before a lease is requested again if other processes keep the ledger busy.
const LEASE_RETRY: Duration = Duration::from_millis(2);

/// How long before its first slot a lease is requested, because the answer takes a sync of the ledger, or a wait for
/// another process.
pub(in crate::engine::scheduler) const LEASE_LEAD: Duration = Duration::from_millis(50);

/// The most calls under way at once if neither the playbook nor the command line sets a limit.
pub const DEFAULT_IN_FLIGHT: u32 = 16;

/// An entry of a bucket's queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::engine::scheduler) enum QueueEntry {
    /// A scope's call or lookup. A lookup may be sent together with others.
    One(StepScope),
    /// A part of a shared lookup that the vendor rejected, sent as it is.
    Part(Vec<StepScope>),
}

impl QueueEntry {
    /// The scopes whose calls these are.
    pub(in crate::engine::scheduler) fn members(&self) -> &[StepScope] {
        match self {
            Self::One(scope) => std::slice::from_ref(scope),
            Self::Part(members) => members,
        }
    }
}

/// The queue and the rate of one bucket.
pub(in crate::engine::scheduler) struct RateBucket {
    pub connection: usize,
    pub limiter: Option<RateLimiter>,
    /// The calls that wait to go out, in order.
    pub waiting: VecDeque<QueueEntry>,
    pub lease: LeaseState,
    /// How long its calls were held back.
    pub held: HeldTimes,
    /// Whether the vendor said how long its last pause lasts.
    pub pause_asked: bool,
}

/// Whether a lease has been asked for, where other processes share the rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::engine::scheduler) enum LeaseState {
    /// No lease is asked for.
    NotRequested,
    /// A lease is asked for, and the answer has not come.
    Requested,
    /// The question had no answer; it may be asked again at this instant.
    RetryAt(Time),
}

/// A cap on the calls under way.
struct Cap {
    most: u32,
    now: u32,
}

impl Cap {
    fn has_room(&self) -> bool {
        self.room() > 0
    }

    fn room(&self) -> u32 {
        self.most.saturating_sub(self.now)
    }
}

/// Everything that bounds how many calls go out, and when.
pub(in crate::engine::scheduler) struct Admission {
    pub buckets: Vec<RateBucket>,
    run_limiter: Option<RateLimiter>,
    run: Cap,
    connections: Vec<Cap>,
}

impl Admission {
    /// The bounds of a run. `shared` says that other processes share the buckets' rates.
    pub(in crate::engine::scheduler) fn new(plan: &Plan, limits: Limits, shared: bool) -> Self {
        let limiter = if shared { RateLimiter::shared } else { RateLimiter::new };
        let buckets = plan.rate_buckets.iter().map(|bucket| RateBucket {
            connection: bucket.connection,
            limiter: bucket.limits.rate.map(limiter),
            waiting: VecDeque::new(),
            lease: LeaseState::NotRequested,
            held: HeldTimes::default(),
            pause_asked: false,
        });
        let cap = |most: Option<u32>| Cap { most: most.unwrap_or(u32::MAX).max(1), now: 0 };
        Self {
            buckets: buckets.collect(),
            run_limiter: limits.rate.map(RateLimiter::new),
            run: cap(Some(limits.in_flight.unwrap_or(DEFAULT_IN_FLIGHT))),
            connections: plan.connections.iter().map(|connection| cap(connection.limits.in_flight)).collect(),
        }
    }

    /// The lease to request so that a call of the bucket may be sent at `at`. `None` if none is needed, `Some(None)`
    /// if it has already been requested.
    pub(in crate::engine::scheduler) fn request_lease(
        &mut self,
        bucket: usize,
        at: Time,
        now: Time,
    ) -> Option<Option<LeaseRequest>> {
        let calls = self.calls_at_once(bucket);
        let own = &mut self.buckets[bucket];
        let wanted = own.limiter.as_ref()?.needs_lease(at, calls)?;
        let may = match own.lease {
            LeaseState::NotRequested => true,
            LeaseState::Requested => false,
            LeaseState::RetryAt(again_at) => again_at <= now,
        };
        if may {
            own.lease = LeaseState::Requested;
        }
        Some(may.then_some(wanted))
    }

    /// Takes the lease that was requested; `None` if there is no answer yet.
    pub(in crate::engine::scheduler) fn on_lease(&mut self, bucket: usize, lease: Option<RateLease>, now: Time) {
        let own = &mut self.buckets[bucket];
        own.lease = if lease.is_some() { LeaseState::NotRequested } else { LeaseState::RetryAt(now.plus(LEASE_RETRY)) };
        if let (Some(limiter), Some(lease)) = (&mut own.limiter, lease) {
            limiter.on_lease(lease);
        }
    }

    /// When to request a lease so that it is there at `slot`; `None` if none is needed or it has already been
    /// requested.
    pub(in crate::engine::scheduler) fn request_lease_at(&self, bucket: usize, slot: Time) -> Option<Time> {
        let own = &self.buckets[bucket];
        let lacks =
            own.limiter.as_ref()?.needs_lease(slot, 1).is_some() && matches!(own.lease, LeaseState::NotRequested);
        lacks.then(|| slot.minus(LEASE_LEAD))
    }

    /// When a lease may be requested again; the zero instant if no wait is needed.
    pub(in crate::engine::scheduler) fn lease_retry_at(&self, bucket: usize) -> Time {
        match self.buckets[bucket].lease {
            LeaseState::RetryAt(at) => at,
            LeaseState::NotRequested | LeaseState::Requested => Time::default(),
        }
    }

    /// The number of calls of a bucket that could be sent one after another: those that wait, if there is room; at
    /// least one.
    fn calls_at_once(&self, bucket: usize) -> usize {
        let connection = &self.connections[self.buckets[bucket].connection];
        let room = self.run.room().min(connection.room());
        let waiting = self.buckets[bucket].waiting.len();
        waiting.min(usize::try_from(room).unwrap_or(usize::MAX)).max(1)
    }

    /// How late a call of a bucket may still use its slot.
    pub(in crate::engine::scheduler) fn tolerance(&self, bucket: usize) -> Duration {
        let limiters = self.buckets[bucket].limiter.iter().chain(&self.run_limiter);
        limiters.map(RateLimiter::tolerance).min().unwrap_or(Duration::MAX)
    }

    /// How many calls of the run may be under way at once.
    pub(in crate::engine::scheduler) fn in_flight_cap(&self) -> u32 {
        self.run.most
    }

    /// The most calls of a bucket's connection that may be under way at once.
    pub(in crate::engine::scheduler) fn connection_cap(&self, bucket: usize) -> u32 {
        self.connections[self.buckets[bucket].connection].most.min(self.run.most)
    }

    /// The calls that the run's own rate allows in a second; `None` without such a rate.
    pub(in crate::engine::scheduler) fn run_per_second(&self) -> Option<f64> {
        self.run_limiter.as_ref().map(RateLimiter::per_second)
    }

    /// Sets how many calls of the run may be under way at once. Calls beyond that end by themselves.
    pub(in crate::engine::scheduler) fn set_in_flight_cap(&mut self, most: u32) {
        self.run.most = most.max(1);
    }

    /// The run's own rate; `None` if it has none.
    pub(in crate::engine::scheduler) fn run_rate(&self) -> Option<Rate> {
        self.run_limiter.as_ref().map(RateLimiter::rate)
    }

    /// Sets the run's own rate. No call may hold a slot that is not used yet.
    pub(in crate::engine::scheduler) fn set_run_rate(&mut self, rate: Rate) {
        match &mut self.run_limiter {
            Some(limiter) => limiter.set_rate(rate),
            None => self.run_limiter = Some(RateLimiter::new(rate)),
        }
    }

    /// The highest rate of all buckets; `None` if one of them has none.
    pub(in crate::engine::scheduler) fn highest_rate(&self) -> Option<Rate> {
        let rates: Option<Vec<Rate>> =
            self.buckets.iter().map(|bucket| Some(bucket.limiter.as_ref()?.rate())).collect();
        rates?.into_iter().max_by(|one, other| one.per_second().total_cmp(&other.per_second()))
    }

    /// Whether one more call of a bucket may be under way.
    pub(in crate::engine::scheduler) fn has_room(&self, bucket: usize) -> bool {
        self.run.has_room() && self.connections[self.buckets[bucket].connection].has_room()
    }

    /// The earliest instant at which a call of a bucket may be sent, by its rate and the run's.
    pub(in crate::engine::scheduler) fn earliest(&self, bucket: usize, now: Time) -> Time {
        let own = self.buckets[bucket].limiter.as_ref().map_or(now, |limiter| limiter.earliest(now));
        let run = self.run_limiter.as_ref().map_or(now, |limiter| limiter.earliest(now));
        own.max(run)
    }

    /// Why a call of the bucket has to wait for its slot.
    pub(in crate::engine::scheduler) fn paced_by(&self, bucket: usize, now: Time) -> WaitReason {
        let paused_until = self.buckets[bucket].limiter.as_ref().and_then(RateLimiter::paused_until);
        if paused_until.is_some_and(|until| until > now) { WaitReason::Throttled } else { WaitReason::Limit }
    }

    /// Whether the bucket's calls have a rate limit at all.
    pub(in crate::engine::scheduler) fn is_rated(&self, bucket: usize) -> bool {
        self.run_limiter.is_some() || self.buckets[bucket].limiter.is_some()
    }

    /// Takes the slot at `at`.
    pub(in crate::engine::scheduler) fn take_slot(&mut self, bucket: usize, at: Time) {
        let own = self.buckets[bucket].limiter.iter_mut();
        own.chain(&mut self.run_limiter).for_each(|limiter| limiter.take(at));
    }

    /// Gives back the slot at `at`, which was not used in time.
    pub(in crate::engine::scheduler) fn give_slot_back(&mut self, bucket: usize, at: Time) {
        let own = self.buckets[bucket].limiter.iter_mut();
        own.chain(&mut self.run_limiter).for_each(|limiter| limiter.give_back(at));
    }

    /// Counts a call as under way.
    pub(in crate::engine::scheduler) fn enter(&mut self, bucket: usize) {
        self.run.now += 1;
        self.connections[self.buckets[bucket].connection].now += 1;
    }

    /// Counts a call as no longer under way.
    pub(in crate::engine::scheduler) fn leave(&mut self, bucket: usize) {
        self.run.now = self.run.now.saturating_sub(1);
        let connection = &mut self.connections[self.buckets[bucket].connection];
        connection.now = connection.now.saturating_sub(1);
    }

    /// Slows a bucket down after the vendor throttled a call.
    pub(in crate::engine::scheduler) fn throttled(&mut self, bucket: usize, now: Time, retry_after: Option<Duration>) {
        let own = &mut self.buckets[bucket];
        own.pause_asked = retry_after.is_some();
        if let Some(limiter) = &mut own.limiter {
            limiter.on_throttled(now, retry_after);
        }
    }
}
