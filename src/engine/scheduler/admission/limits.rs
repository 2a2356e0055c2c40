//! Who may send now: rates per budget and for the run, calls under way per connection and for the run.

use std::collections::VecDeque;
use std::time::Duration;

use crate::model::{Limits, StepScope as Whose, Time};
use crate::plan::Plan;
use crate::policy::{LeaseRequest, RateLease, RateLimiter};

/// How long until a turn is asked for again, where other processes kept the ledger busy.
const ASK_AGAIN: Duration = Duration::from_millis(2);

/// How far ahead of its first slot a turn is asked for: the ledger's answer takes a sync, or another process's turn at it.
pub(in crate::engine::scheduler) const TURN_LEAD: Duration = Duration::from_millis(50);

/// Calls under way at once where neither the playbook nor the command line says how many.
pub const DEFAULT_IN_FLIGHT: u32 = 16;

/// A place in a budget's queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::engine::scheduler) enum Waiting {
    /// A scope's call; a lookup may be asked together with others.
    One(Whose),
    /// A part of lookups that were refused together, asked as it is.
    Part(Vec<Whose>),
}

impl Waiting {
    /// The scopes whose calls they are.
    pub(in crate::engine::scheduler) fn members(&self) -> &[Whose] {
        match self {
            Self::One(whose) => std::slice::from_ref(whose),
            Self::Part(members) => members,
        }
    }
}

/// One budget's queue and rate.
pub(in crate::engine::scheduler) struct Budget {
    pub connection: usize,
    pub limiter: Option<RateLimiter>,
    /// Scopes whose next call waits for this budget, first come first served.
    pub waiting: VecDeque<Waiting>,
    pub asking: Asking,
}

/// Whether a turn has been asked for, where other processes use the budget too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::engine::scheduler) enum Asking {
    /// It has not.
    No,
    /// It has.
    Asked,
    /// It could not be told; not before then again.
    Again(Time),
}

/// A cap on calls under way.
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

/// All that bounds calls.
pub(in crate::engine::scheduler) struct Gates {
    pub budgets: Vec<Budget>,
    run_limiter: Option<RateLimiter>,
    run: Cap,
    connections: Vec<Cap>,
}

impl Gates {
    /// `shared` says that other processes use the same budgets.
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

    /// The turn that a budget lacks for a call at `at`, marked as asked for; `Some(None)` where it has been already.
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

    /// A turn was given, or could not be told of.
    pub(in crate::engine::scheduler) fn on_turn(&mut self, budget: usize, turn: Option<RateLease>, now: Time) {
        let own = &mut self.budgets[budget];
        own.asking = if turn.is_some() { Asking::No } else { Asking::Again(now.plus(ASK_AGAIN)) };
        if let (Some(limiter), Some(turn)) = (&mut own.limiter, turn) {
            limiter.on_lease(turn);
        }
    }

    /// When a turn has to be asked for, to be had by the instant at which a call may go.
    pub(in crate::engine::scheduler) fn asks_turn_at(&self, budget: usize, slot: Time) -> Option<Time> {
        let own = &self.budgets[budget];
        let lacks = own.limiter.as_ref()?.needs_lease(slot, 1).is_some() && matches!(own.asking, Asking::No);
        lacks.then(|| slot.minus(TURN_LEAD))
    }

    /// When a turn of a budget may be asked for again, where the last question had no answer.
    pub(in crate::engine::scheduler) fn asks_again_at(&self, budget: usize) -> Time {
        match self.budgets[budget].asking {
            Asking::Again(at) => at,
            Asking::No | Asking::Asked => Time::default(),
        }
    }

    /// How many calls of a budget could go out one after the other: what waits, as far as there is room.
    fn calls_at_once(&self, budget: usize) -> usize {
        let connection = &self.connections[self.budgets[budget].connection];
        let room = self.run.room().min(connection.room());
        let waiting = self.budgets[budget].waiting.len();
        waiting.min(usize::try_from(room).unwrap_or(usize::MAX)).max(1)
    }

    /// How late the slot of a call of a budget may be used.
    pub(in crate::engine::scheduler) fn tolerance(&self, budget: usize) -> Duration {
        let limiters = self.budgets[budget].limiter.iter().chain(&self.run_limiter);
        limiters.map(RateLimiter::tolerance).min().unwrap_or(Duration::MAX)
    }

    /// How many calls may be under way at once.
    pub(in crate::engine::scheduler) fn in_flight_cap(&self) -> u32 {
        self.run.most
    }

    /// Whether one more call of a budget may be under way.
    pub(in crate::engine::scheduler) fn has_room(&self, budget: usize) -> bool {
        self.run.has_room() && self.connections[self.budgets[budget].connection].has_room()
    }

    /// The earliest instant at which a call of a budget may be handed to the network.
    pub(in crate::engine::scheduler) fn earliest(&self, budget: usize, now: Time) -> Time {
        let own = self.budgets[budget].limiter.as_ref().map_or(now, |limiter| limiter.earliest(now));
        let run = self.run_limiter.as_ref().map_or(now, |limiter| limiter.earliest(now));
        own.max(run)
    }

    /// Whether a rate binds the budget at all.
    pub(in crate::engine::scheduler) fn is_rated(&self, budget: usize) -> bool {
        self.run_limiter.is_some() || self.budgets[budget].limiter.is_some()
    }

    /// Takes the slot at `at`.
    pub(in crate::engine::scheduler) fn take_slot(&mut self, budget: usize, at: Time) {
        let own = self.budgets[budget].limiter.iter_mut();
        own.chain(&mut self.run_limiter).for_each(|limiter| limiter.take(at));
    }

    /// Gives the slot at `at` back, which could not be used in time.
    pub(in crate::engine::scheduler) fn give_slot_back(&mut self, budget: usize, at: Time) {
        let own = self.budgets[budget].limiter.iter_mut();
        own.chain(&mut self.run_limiter).for_each(|limiter| limiter.give_back(at));
    }

    /// A call is under way from now on.
    pub(in crate::engine::scheduler) fn enter(&mut self, budget: usize) {
        self.run.now += 1;
        self.connections[self.budgets[budget].connection].now += 1;
    }

    /// A call is under way no more.
    pub(in crate::engine::scheduler) fn leave(&mut self, budget: usize) {
        self.run.now = self.run.now.saturating_sub(1);
        let connection = &mut self.connections[self.budgets[budget].connection];
        connection.now = connection.now.saturating_sub(1);
    }

    /// A budget was refused for pace.
    pub(in crate::engine::scheduler) fn throttled(&mut self, budget: usize, now: Time, retry_after: Option<Duration>) {
        if let Some(limiter) = &mut self.budgets[budget].limiter {
            limiter.on_throttled(now, retry_after);
        }
    }
}
