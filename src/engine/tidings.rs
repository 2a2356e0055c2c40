//! What an engine tells whoever listens besides its facts: who waits for what, what was sent, whose pace changed. Nothing
//! is collected where nobody listens.

use std::time::Duration;

use super::outgoing::Outgoing;
use super::scheduler::{Active, Engine};
use crate::journal::CallRef;
use crate::model::{Repeat, StepScope as Whose, Time};
use crate::policy::{StopReason, WaveProgress};

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

/// What a scope waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wait {
    /// The back-off after an attempt.
    BackOff,
    /// As long as the vendor said.
    RetryAfter,
    /// Until a lookup can be trusted.
    Settling,
    /// Until a read is repeated.
    Until,
}

/// What has been told, so that it is told again only where it has changed.
#[derive(Debug, Default)]
pub(super) struct Tidings {
    heard: Vec<Tiding>,
    /// By budget: the share, and until when calls waited for the rate.
    shares: Vec<f64>,
    waits: Vec<Time>,
    closed_until: Option<Time>,
    wave: Option<(u64, u64)>,
    stopping: bool,
}

impl Engine {
    /// From now on somebody listens.
    pub fn listen(&mut self) {
        let budgets = self.plan.budgets.len();
        let (shares, waits) = (vec![1.0; budgets], vec![Time::default(); budgets]);
        self.tidings = Some(Box::new(Tidings { shares, waits, ..Tidings::default() }));
    }

    /// What became so since it was last asked.
    pub fn take_tidings(&mut self, now: Time) -> Vec<Tiding> {
        let Some(mut tidings) = self.tidings.take() else { return Vec::new() };
        self.look_at_budgets(&mut tidings, now);
        let closed_until = self.waits_for_the_hours().map(|(until, _)| until);
        if let Some(until) = closed_until.filter(|_| closed_until != tidings.closed_until) {
            tidings.heard.push(Tiding::WaitsForHours(until));
        }
        tidings.closed_until = closed_until;
        let wave = self.waves.as_ref().map(WaveProgress::place);
        if let Some((wave, waves)) = wave.filter(|(_, waves)| self.stop.is_none() && wave != tidings.wave && *waves > 1)
        {
            tidings.heard.push(Tiding::Wave(wave, waves));
        }
        tidings.wave = wave;
        if let Some(reason) = self.stop.as_ref().filter(|_| !tidings.stopping) {
            tidings.stopping = true;
            tidings.heard.push(Tiding::Stopping(reason.clone()));
        }
        let heard = std::mem::take(&mut tidings.heard);
        self.tidings = Some(tidings);
        heard
    }

    fn look_at_budgets(&self, tidings: &mut Tidings, now: Time) {
        for (budget, own) in self.gates.budgets.iter().enumerate() {
            let Some(limiter) = &own.limiter else { continue };
            let share = limiter.share();
            if (share - tidings.shares[budget]).abs() > f64::EPSILON {
                tidings.shares[budget] = share;
                let paused_until = limiter.paused_until().filter(|until| *until > now);
                tidings.heard.push(Tiding::Pace { budget, share, paused_until });
            }
            let calls = own.waiting.iter().map(|waiting| waiting.members().len() as u64).sum();
            let until = limiter.earliest(now);
            let told = tidings.waits[budget] > now;
            if calls > 0 && !told && self.stop.is_none() && until.since(now) >= LONG {
                tidings.waits[budget] = until;
                tidings.heard.push(Tiding::WaitsForRate { budget, calls, until });
            }
        }
    }

    pub(super) fn hear(&mut self, tiding: impl FnOnce() -> Tiding) {
        if let Some(tidings) = &mut self.tidings {
            tidings.heard.push(tiding());
        }
    }

    /// Tells of a request, once for each scope that it is for.
    pub(super) fn hear_of_sending(&mut self, ticket: u64, members: &[Whose]) {
        if self.tidings.is_none() {
            return;
        }
        let told = members.iter().filter_map(|whose| {
            let active = self.active.get(whose)?;
            Some(sent(ticket, *whose, active, active.outgoing.as_deref()?, members.len() as u64))
        });
        let told: Vec<Tiding> = told.collect();
        if let Some(tidings) = &mut self.tidings {
            tidings.heard.extend(told);
        }
    }
}

fn sent(ticket: u64, whose: Whose, active: &Active, outgoing: &Outgoing, together: u64) -> Tiding {
    let call = outgoing.call;
    Tiding::Sent {
        ticket,
        whose,
        call,
        attempt: active.machine.state().call(call).map_or(0, |known| known.all_sends) + 1,
        lookup: outgoing.lookup.then(|| outgoing.operation.full_name().to_owned()),
        write: outgoing.write,
        repeat: outgoing.repeat,
        natural_key: outgoing.natural_key.clone(),
        together,
    }
}

impl super::row_machine::RowMachine {
    /// What it waits for, told by the call that has been sent and has not ended.
    pub(super) fn waits_for(&self) -> Wait {
        let mut calls = self.state.steps.iter().flat_map(|step| step.calls.iter().chain(&step.undone));
        match calls.rfind(|call| call.ended.is_none() && call.last_at.is_some()) {
            Some(call) if call.to_look_up => Wait::Settling,
            Some(call) if call.polls > 0 && call.sends == 0 => Wait::Until,
            _ if self.told_to_wait => Wait::RetryAfter,
            _ => Wait::BackOff,
        }
    }
}
