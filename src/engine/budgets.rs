//! Who may send now: rates per budget and for the run, calls under way per connection and for the run.

use std::collections::VecDeque;

use crate::model::{Limits, Scope as Whose, Time};
use crate::plan::Plan;
use crate::policy::RateLimiter;

/// Calls under way at once where neither the playbook nor the command line says how many.
pub(super) const DEFAULT_IN_FLIGHT: u32 = 16;

/// One budget's queue and rate.
pub(super) struct Budget {
    pub connection: usize,
    pub limiter: Option<RateLimiter>,
    /// Scopes whose next call waits for this budget, first come first served.
    pub waiting: VecDeque<Whose>,
}

/// A cap on calls under way.
struct Cap {
    most: u32,
    now: u32,
}

impl Cap {
    fn has_room(&self) -> bool {
        self.now < self.most
    }
}

/// All that bounds calls.
pub(super) struct Gates {
    pub budgets: Vec<Budget>,
    run_limiter: Option<RateLimiter>,
    run: Cap,
    connections: Vec<Cap>,
}

impl Gates {
    pub(super) fn new(plan: &Plan, limits: Limits) -> Self {
        let budgets = plan.budgets.iter().map(|budget| Budget {
            connection: budget.connection,
            limiter: budget.limits.rate.map(RateLimiter::new),
            waiting: VecDeque::new(),
        });
        let cap = |most: Option<u32>| Cap { most: most.unwrap_or(u32::MAX).max(1), now: 0 };
        Self {
            budgets: budgets.collect(),
            run_limiter: limits.rate.map(RateLimiter::new),
            run: cap(Some(limits.in_flight.unwrap_or(DEFAULT_IN_FLIGHT))),
            connections: plan.connections.iter().map(|connection| cap(connection.limits.in_flight)).collect(),
        }
    }

    /// How many calls may be under way at once.
    pub(super) fn in_flight_cap(&self) -> u32 {
        self.run.most
    }

    /// Whether one more call of a budget may be under way.
    pub(super) fn has_room(&self, budget: usize) -> bool {
        self.run.has_room() && self.connections[self.budgets[budget].connection].has_room()
    }

    /// The earliest instant at which a call of a budget may be handed to the network.
    pub(super) fn earliest(&self, budget: usize, now: Time) -> Time {
        let own = self.budgets[budget].limiter.as_ref().map_or(now, |limiter| limiter.earliest(now));
        let run = self.run_limiter.as_ref().map_or(now, |limiter| limiter.earliest(now));
        own.max(run)
    }

    /// Whether a rate binds the budget at all.
    pub(super) fn is_rated(&self, budget: usize) -> bool {
        self.run_limiter.is_some() || self.budgets[budget].limiter.is_some()
    }

    /// Takes the slot at `at`.
    pub(super) fn take_slot(&mut self, budget: usize, at: Time) {
        let own = self.budgets[budget].limiter.iter_mut();
        own.chain(&mut self.run_limiter).for_each(|limiter| limiter.take(at));
    }

    /// A call is under way from now on.
    pub(super) fn enter(&mut self, budget: usize) {
        self.run.now += 1;
        self.connections[self.budgets[budget].connection].now += 1;
    }

    /// A call is under way no more.
    pub(super) fn leave(&mut self, budget: usize) {
        self.run.now = self.run.now.saturating_sub(1);
        let connection = &mut self.connections[self.budgets[budget].connection];
        connection.now = connection.now.saturating_sub(1);
    }

    /// A budget was refused for pace.
    pub(super) fn throttled(&mut self, budget: usize, now: Time, retry_after: Option<std::time::Duration>) {
        if let Some(limiter) = &mut self.budgets[budget].limiter {
            limiter.on_throttled(now, retry_after);
        }
    }
}
