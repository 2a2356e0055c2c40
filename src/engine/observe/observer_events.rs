//! What an engine tells whoever listens besides its facts: who waits for what, what was sent, whose pace changed. Nothing
//! is collected where nobody listens.

use std::time::Duration;

use crate::engine::row::Wait;
use crate::journal::CallRef;
use crate::model::{Repeat, StepScope as Whose, Time};
use crate::policy::StopReason;

/// The shortest wait for a rate that is told of.
const LONG: Duration = Duration::from_secs(1);

/// Something that became so.
#[derive(Debug, Clone, PartialEq)]
pub enum Tiding {
    /// A scope is taken up; whether something of it was done before.
    Begun(Whose, bool),
    /// A request was handed over; one for each scope that it is for.
    Sent {
        /// The order.
        ticket: u64,
        /// Whose.
        whose: Whose,
        /// Which call it is, or is asked about.
        call: CallRef,
        /// Which send of it, from 1.
        attempt: u32,
        /// The operation that is sent, where it is the call's lookup.
        lookup: Option<String>,
        /// Whether it changes something.
        write: bool,
        /// What may follow an answer that never came.
        repeat: Repeat,
        /// What must not be made twice.
        natural_key: Option<String>,
        /// How many scopes the request is for.
        together: u64,
    },
    /// A scope waits.
    Waits(Whose, Wait, Time),
    /// So many calls of a budget wait for its rate.
    WaitsForRate {
        /// The budget's place in the plan.
        budget: usize,
        /// How many.
        calls: u64,
        /// Until when the first of them does.
        until: Time,
    },
    /// The window is closed, and something waits for it.
    WaitsForHours(Time),
    /// The share of a budget's rate that is in force changed.
    Pace {
        /// The budget's place in the plan.
        budget: usize,
        /// The share.
        share: f64,
        /// Until when nothing of it is sent.
        paused_until: Option<Time>,
    },
    /// The rows of a wave are begun: which one, and of how many.
    Wave(u64, u64),
    /// Nothing new is started any more.
    Stopping(StopReason),
}

/// The events that have not been taken yet, and what has been told already, so that it is told again only where it has
/// changed.
#[derive(Debug)]
pub(in crate::engine) struct Tidings {
    heard: Vec<Tiding>,
    /// By budget: the share, and until when calls waited for the rate.
    shares: Vec<f64>,
    waits: Vec<Time>,
    closed_until: Option<Time>,
    wave: Option<(u64, u64)>,
    stopping: bool,
}

impl Tidings {
    pub(in crate::engine) fn new(budgets: usize) -> Self {
        Self {
            heard: Vec::new(),
            shares: vec![1.0; budgets],
            waits: vec![Time::default(); budgets],
            closed_until: None,
            wave: None,
            stopping: false,
        }
    }

    pub(in crate::engine) fn push(&mut self, event: Tiding) {
        self.heard.push(event);
    }

    /// The events so far, which are told no more.
    pub(in crate::engine) fn take(&mut self) -> Vec<Tiding> {
        std::mem::take(&mut self.heard)
    }

    /// The share of a budget's rate that is in force.
    pub(in crate::engine) fn on_share(&mut self, budget: usize, share: f64, paused_until: Option<Time>) {
        if (share - self.shares[budget]).abs() > f64::EPSILON {
            self.shares[budget] = share;
            self.heard.push(Tiding::Pace { budget, share, paused_until });
        }
    }

    /// Calls of a budget wait for its rate. Short waits are not told, and one wait is told once.
    pub(in crate::engine) fn on_rate_wait(&mut self, budget: usize, calls: u64, until: Time, now: Time) {
        let told = self.waits[budget] > now;
        if calls > 0 && !told && until.since(now) >= LONG {
            self.waits[budget] = until;
            self.heard.push(Tiding::WaitsForRate { budget, calls, until });
        }
    }

    /// When the window opens, where it is closed and something waits for it.
    pub(in crate::engine) fn on_closed_until(&mut self, closed_until: Option<Time>) {
        if let Some(until) = closed_until.filter(|_| closed_until != self.closed_until) {
            self.heard.push(Tiding::WaitsForHours(until));
        }
        self.closed_until = closed_until;
    }

    /// The wave that is under way, and how many there are.
    pub(in crate::engine) fn on_wave(&mut self, wave: Option<(u64, u64)>, stopping: bool) {
        if let Some((number, waves)) = wave.filter(|(_, waves)| !stopping && wave != self.wave && *waves > 1) {
            self.heard.push(Tiding::Wave(number, waves));
        }
        self.wave = wave;
    }

    /// The run stops.
    pub(in crate::engine) fn on_stop(&mut self, reason: &StopReason) {
        if !self.stopping {
            self.stopping = true;
            self.heard.push(Tiding::Stopping(reason.clone()));
        }
    }
}
