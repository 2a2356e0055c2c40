//! The bounds of sending: rates of buckets and of the run, and calls under way per connection and for the run.

use std::collections::VecDeque;
use std::time::Duration;

use crate::model::{Limits, StepScope, Time};
use crate::plan::Plan;
use crate::policy::{LeaseRequest, RateLease, RateLimiter};

/// How long to wait before a turn is asked for again, where other processes kept the ledger busy.
const ASK_AGAIN: Duration = Duration::from_millis(2);

/// How long before its first slot a turn is asked for: the answer takes a sync of the ledger, or a wait for another
/// process.
pub(in crate::engine::scheduler) const TURN_LEAD: Duration = Duration::from_millis(50);

/// Calls that may be under way at once where neither the playbook nor the command line says how many.
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
            Self::One(whose) => std::slice::from_ref(whose),
            Self::Part(members) => members,
        }
    }
}

/// The queue and the rate of one bucket.
pub(in crate::engine::scheduler) struct Budget {
    pub connection: usize,
    pub limiter: Option<RateLimiter>,
    /// The calls that wait to go out, in order.
    pub waiting: VecDeque<QueueEntry>,
    pub asking: Asking,
}

/// Whether a turn has been asked for, where other processes share the rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::engine::scheduler) enum Asking {
    /// No turn is asked for.
    No,
    /// A turn is asked for, and the answer has not come.
    Asked,
    /// The question had no answer; it may be asked again at this instant.
    Again(Time),
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
    pub budgets: Vec<Budget>,
    run_limiter: Option<RateLimiter>,
    run: Cap,
    connections: Vec<Cap>,
}

impl Admission {
    /// The bounds of a run. `shared` says that other processes share the buckets' rates.
    pub(in crate::engine::scheduler) fn new(plan: &Plan, limits: Limits, shared: bool) -> Self {
        let limiter = if shared { RateLimiter::shared } else { RateLimiter::new };
        let budgets = plan.rate_buckets.iter().map(|budget| Budget {
            connection: budget.connection,
            limiter: budget.limits.rate.map(limiter),
            waiting: VecDeque::new(),
            asking: Asking::No,
        });
        let cap = |most: Option<u32>| Cap { most: most.unwrap_or(u32::MAX).max(1), now: 0 };
        Self {
            budgets: budgets.collect(),
            run_limiter: limits.rate.map(RateLimiter::new),
            run: cap(Some(limits.in_flight.unwrap_or(DEFAULT_IN_FLIGHT))),
            connections: plan.connections.iter().map(|connection| cap(connection.limits.in_flight)).collect(),
        }
    }

    /// The turn to ask for so that a call of the bucket may go at `at`. `None` where none is lacking, `Some(None)`
    /// where it has been asked for already.
    pub(in crate::engine::scheduler) fn ask_turn(
        &mut self,
        budget: usize,
        at: Time,
        now: Time,
    ) -> Option<Option<LeaseRequest>> {
        let calls = self.calls_at_once(budget);
        let own = &mut self.budgets[budget];
        let wanted = own.limiter.as_ref()?.needs_lease(at, calls)?;
        let may = match own.asking {
            Asking::No => true,
            Asking::Asked => false,
            Asking::Again(again_at) => again_at <= now,
        };
        if may {
            own.asking = Asking::Asked;
        }
        Some(may.then_some(wanted))
    }

    /// Takes in the turn that was asked for; `None` where there is no answer yet.
    pub(in crate::engine::scheduler) fn on_turn(&mut self, budget: usize, turn: Option<RateLease>, now: Time) {
        let own = &mut self.budgets[budget];
        own.asking = if turn.is_some() { Asking::No } else { Asking::Again(now.plus(ASK_AGAIN)) };
        if let (Some(limiter), Some(turn)) = (&mut own.limiter, turn) {
            limiter.on_lease(turn);
        }
    }

    /// When a turn must be asked for so that it is there at `slot`; `None` where none is lacking or it has been asked
    /// for.
    pub(in crate::engine::scheduler) fn asks_turn_at(&self, budget: usize, slot: Time) -> Option<Time> {
        let own = &self.budgets[budget];
        let lacks = own.limiter.as_ref()?.needs_lease(slot, 1).is_some() && matches!(own.asking, Asking::No);
        lacks.then(|| slot.minus(TURN_LEAD))
    }

    /// When a turn may be asked for again; the zero instant where nothing has to be waited for.
    pub(in crate::engine::scheduler) fn asks_again_at(&self, budget: usize) -> Time {
        match self.budgets[budget].asking {
            Asking::Again(at) => at,
            Asking::No | Asking::Asked => Time::default(),
        }
    }

    /// How many calls of a bucket could go out one after the other: those that wait, as far as there is room; at least
    /// one.
    fn calls_at_once(&self, budget: usize) -> usize {
        let connection = &self.connections[self.budgets[budget].connection];
        let room = self.run.room().min(connection.room());
        let waiting = self.budgets[budget].waiting.len();
        waiting.min(usize::try_from(room).unwrap_or(usize::MAX)).max(1)
    }

    /// How late a call of a bucket may still use its slot.
    pub(in crate::engine::scheduler) fn tolerance(&self, budget: usize) -> Duration {
        let limiters = self.budgets[budget].limiter.iter().chain(&self.run_limiter);
        limiters.map(RateLimiter::tolerance).min().unwrap_or(Duration::MAX)
    }

    /// How many calls of the run may be under way at once.
    pub(in crate::engine::scheduler) fn in_flight_cap(&self) -> u32 {
        self.run.most
    }

    /// Whether one more call of a bucket may be under way.
    pub(in crate::engine::scheduler) fn has_room(&self, budget: usize) -> bool {
        self.run.has_room() && self.connections[self.budgets[budget].connection].has_room()
    }

    /// The earliest instant at which a call of a bucket may go out, by its rate and the run's.
    pub(in crate::engine::scheduler) fn earliest(&self, budget: usize, now: Time) -> Time {
        let own = self.budgets[budget].limiter.as_ref().map_or(now, |limiter| limiter.earliest(now));
        let run = self.run_limiter.as_ref().map_or(now, |limiter| limiter.earliest(now));
        own.max(run)
    }

    /// Whether a rate bounds the bucket's calls at all.
    pub(in crate::engine::scheduler) fn is_rated(&self, budget: usize) -> bool {
        self.run_limiter.is_some() || self.budgets[budget].limiter.is_some()
    }

    /// Takes the slot at `at`.
    pub(in crate::engine::scheduler) fn take_slot(&mut self, budget: usize, at: Time) {
        let own = self.budgets[budget].limiter.iter_mut();
        own.chain(&mut self.run_limiter).for_each(|limiter| limiter.take(at));
    }

    /// Gives back the slot at `at`, which was not used in time.
    pub(in crate::engine::scheduler) fn give_slot_back(&mut self, budget: usize, at: Time) {
        let own = self.budgets[budget].limiter.iter_mut();
        own.chain(&mut self.run_limiter).for_each(|limiter| limiter.give_back(at));
    }

    /// Counts a call as under way.
    pub(in crate::engine::scheduler) fn enter(&mut self, budget: usize) {
        self.run.now += 1;
        self.connections[self.budgets[budget].connection].now += 1;
    }

    /// Counts a call as no longer under way.
    pub(in crate::engine::scheduler) fn leave(&mut self, budget: usize) {
        self.run.now = self.run.now.saturating_sub(1);
        let connection = &mut self.connections[self.budgets[budget].connection];
        connection.now = connection.now.saturating_sub(1);
    }

    /// Slows a bucket down after the vendor refused a call for its pace.
    pub(in crate::engine::scheduler) fn throttled(&mut self, budget: usize, now: Time, retry_after: Option<Duration>) {
        if let Some(limiter) = &mut self.budgets[budget].limiter {
            limiter.on_throttled(now, retry_after);
        }
    }
}
