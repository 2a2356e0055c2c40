//! Events for observers that the journal does not hold: who waits for what, what was sent, which rate changed. They are
//! collected only for an engine that was asked to.

use std::time::Duration;

use crate::engine::row::RowWait;
use crate::journal::CallRef;
use crate::model::{Repeat, StepScope, Time};
use crate::policy::StopReason;

/// Waits for a rate that are shorter than this are no event.
const LONG: Duration = Duration::from_secs(1);

/// An event for observers.
#[derive(Debug, Clone, PartialEq)]
pub enum ObserverEvent {
    /// Work on a scope began; `true` if it had earlier facts (resume or retry).
    Begun(StepScope, bool),
    /// A request was handed to the driver. A request for several scopes is one event for each.
    Sent {
        /// The order's ticket.
        ticket: u64,
        /// Whose call it is.
        scope: StepScope,
        /// The call that is sent, or that the lookup asks about.
        call: CallRef,
        /// The number of the send, lookups included, from 1.
        attempt: u32,
        /// The read's operation for a lookup; `None` for the call itself.
        lookup: Option<String>,
        /// Whether it changes something.
        write: bool,
        /// What may follow a lost answer.
        repeat: Repeat,
        /// What must not be made twice; `None` where the operation has no natural key.
        natural_key: Option<String>,
        /// How many scopes the request is for.
        together: u64,
    },
    /// A scope waits: why, and until when.
    Waits(StepScope, RowWait, Time),
    /// Calls of a rate bucket wait for its rate, for a second or longer.
    WaitsForRate {
        /// The index in [`crate::plan::Plan::rate_buckets`].
        bucket: usize,
        /// How many calls wait.
        calls: u64,
        /// When the first of them may go.
        until: Time,
    },
    /// The send window is closed and a write waits for it: when it opens.
    WaitsForWindow(Time),
    /// The share of a rate that the run uses changed.
    Pace {
        /// The index in [`crate::plan::Plan::rate_buckets`].
        bucket: usize,
        /// The share in force, from 0 to 1.
        share: f64,
        /// Until when no call of the bucket is sent; `None` where calls may go.
        paused_until: Option<Time>,
    },
    /// A wave begins: its number, from 1, and how many there are.
    Wave(u64, u64),
    /// The run stops: nothing new is started.
    Stopping(StopReason),
}

/// Collects events, and remembers what was last reported, so that only changes are events.
#[derive(Debug)]
pub(in crate::engine) struct ObserverEvents {
    events: Vec<ObserverEvent>,
    /// By rate bucket: the share last reported, and until when its calls waited when that was last reported.
    shares: Vec<f64>,
    waits: Vec<Time>,
    closed_until: Option<Time>,
    wave: Option<(u64, u64)>,
    stopping: bool,
}

impl ObserverEvents {
    pub(in crate::engine) fn new(buckets: usize) -> Self {
        Self {
            events: Vec::new(),
            shares: vec![1.0; buckets],
            waits: vec![Time::default(); buckets],
            closed_until: None,
            wave: None,
            stopping: false,
        }
    }

    pub(in crate::engine) fn push(&mut self, event: ObserverEvent) {
        self.events.push(event);
    }

    /// Drains the events collected since the previous call.
    pub(in crate::engine) fn take(&mut self) -> Vec<ObserverEvent> {
        std::mem::take(&mut self.events)
    }

    /// Reports the share of a bucket's rate that is in force.
    pub(in crate::engine) fn on_share(&mut self, bucket: usize, share: f64, paused_until: Option<Time>) {
        if (share - self.shares[bucket]).abs() > f64::EPSILON {
            self.shares[bucket] = share;
            self.events.push(ObserverEvent::Pace { bucket, share, paused_until });
        }
    }

    /// Reports how many calls of a bucket wait for its rate, and until when. A wait is one event, a short one none.
    pub(in crate::engine) fn on_rate_wait(&mut self, bucket: usize, calls: u64, until: Time, now: Time) {
        let told = self.waits[bucket] > now;
        if calls > 0 && !told && until.since(now) >= LONG {
            self.waits[bucket] = until;
            self.events.push(ObserverEvent::WaitsForRate { bucket, calls, until });
        }
    }

    /// Reports when the send window opens; `None` where nothing waits for it.
    pub(in crate::engine) fn on_closed_until(&mut self, closed_until: Option<Time>) {
        if let Some(until) = closed_until.filter(|_| closed_until != self.closed_until) {
            self.events.push(ObserverEvent::WaitsForWindow(until));
        }
        self.closed_until = closed_until;
    }

    /// Reports the wave under way and how many there are; `None` where the run has no waves.
    pub(in crate::engine) fn on_wave(&mut self, wave: Option<(u64, u64)>, stopping: bool) {
        if let Some((number, waves)) = wave.filter(|(_, waves)| !stopping && wave != self.wave && *waves > 1) {
            self.events.push(ObserverEvent::Wave(number, waves));
        }
        self.wave = wave;
    }

    /// Reports that the run stops.
    pub(in crate::engine) fn on_stop(&mut self, reason: &StopReason) {
        if !self.stopping {
            self.stopping = true;
            self.events.push(ObserverEvent::Stopping(reason.clone()));
        }
    }
}
