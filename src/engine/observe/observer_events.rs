//! Events for observers that the journal does not contain: what waits, what was sent, which rate changed. They are
//! collected only if that was requested.

use std::time::Duration;

use crate::journal::CallRef;
use crate::model::{Repeat, StepScope, Time};
use crate::policy::{StopReason, WaitReason};

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
        /// The scope that the call belongs to.
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
        /// The natural key of the effect; `None` if the operation has none.
        natural_key: Option<String>,
        /// The number of scopes that the request is for.
        together: u64,
    },
    /// A scope waits: why, and until when.
    Waits(StepScope, WaitReason, Time),
    /// Calls of a rate bucket wait for its rate, for a second or longer.
    WaitsForRate {
        /// The index in [`crate::plan::Plan::rate_buckets`].
        bucket: usize,
        /// The number of waiting calls.
        calls: u64,
        /// When the first of them may be sent.
        until: Time,
    },
    /// The send window is closed and a write waits for it: the instant at which it opens.
    WaitsForWindow(Time),
    /// The share of a rate that applies has changed.
    Pace {
        /// The index in [`crate::plan::Plan::rate_buckets`].
        bucket: usize,
        /// The share that applies, from 0 to 1.
        share: f64,
        /// The end of a pause of the bucket's calls; `None` if there is none.
        paused_until: Option<Time>,
    },
    /// A wave begins: its number, from 1, and the number of waves.
    Wave(u64, u64),
    /// The run stops: nothing new is started.
    Stopping(StopReason),
}

/// Collects events, and remembers what was last reported, so that only changes are events.
#[derive(Debug)]
pub(in crate::engine) struct ObserverEvents {
    events: Vec<ObserverEvent>,
    /// By rate bucket: the share last reported, and the end of the wait last reported.
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

    /// Reports the share of a bucket's rate that applies.
    pub(in crate::engine) fn on_share(&mut self, bucket: usize, share: f64, paused_until: Option<Time>) {
        if (share - self.shares[bucket]).abs() > f64::EPSILON {
            self.shares[bucket] = share;
            self.events.push(ObserverEvent::Pace { bucket, share, paused_until });
        }
    }

    /// Reports the number of calls of a bucket that wait for its rate, and until when. A wait is reported once; a
    /// short one not at all.
    pub(in crate::engine) fn on_rate_wait(&mut self, bucket: usize, calls: u64, until: Time, now: Time) {
        let told = self.waits[bucket] > now;
        if calls > 0 && !told && until.since(now) >= LONG {
            self.waits[bucket] = until;
            self.events.push(ObserverEvent::WaitsForRate { bucket, calls, until });
        }
    }

    /// Reports when the send window opens; `None` if nothing waits for it.
    pub(in crate::engine) fn on_closed_until(&mut self, closed_until: Option<Time>) {
        if let Some(until) = closed_until.filter(|_| closed_until != self.closed_until) {
            self.events.push(ObserverEvent::WaitsForWindow(until));
        }
        self.closed_until = closed_until;
    }

    /// Reports the current wave and the number of waves; `None` if the run has no waves.
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

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: u64) -> Time {
        Time::from_secs(1_000).plus(Duration::from_millis(millis))
    }

    #[test]
    fn events_are_drained_once() {
        let mut events = ObserverEvents::new(1);
        events.push(ObserverEvent::WaitsForWindow(at(0)));
        assert_eq!(events.take(), [ObserverEvent::WaitsForWindow(at(0))]);
        assert!(events.take().is_empty());
    }

    #[test]
    fn a_share_is_an_event_where_it_changed() {
        let mut events = ObserverEvents::new(2);
        events.on_share(1, 1.0, None);
        assert!(events.take().is_empty(), "the whole rate is what a run begins with");
        events.on_share(1, 0.5, Some(at(9)));
        events.on_share(1, 0.5, None);
        events.on_share(0, 0.5, None);
        let pace = |bucket, share, paused_until| ObserverEvent::Pace { bucket, share, paused_until };
        assert_eq!(events.take(), [pace(1, 0.5, Some(at(9))), pace(0, 0.5, None)]);
    }

    #[test]
    fn a_wait_for_a_rate_is_one_event_if_it_is_long_enough_and_something_waits() {
        let mut events = ObserverEvents::new(1);
        events.on_rate_wait(0, 1, at(999), at(0));
        events.on_rate_wait(0, 0, at(5_000), at(0));
        assert!(events.take().is_empty());
        events.on_rate_wait(0, 3, at(1_000), at(0));
        events.on_rate_wait(0, 3, at(3_000), at(999));
        let waits = |calls, until| ObserverEvent::WaitsForRate { bucket: 0, calls, until: at(until) };
        assert_eq!(events.take(), [waits(3, 1_000)]);
        events.on_rate_wait(0, 2, at(2_000), at(1_000));
        assert_eq!(events.take(), [waits(2, 2_000)], "the wait that was reported is over");
    }

    #[test]
    fn a_closed_window_is_an_event_once_and_again_after_it_was_open() {
        let mut events = ObserverEvents::new(0);
        for closed_until in [Some(at(1)), Some(at(1)), None, Some(at(1)), Some(at(2))] {
            events.on_closed_until(closed_until);
        }
        assert_eq!(events.take(), [at(1), at(1), at(2)].map(ObserverEvent::WaitsForWindow));
    }

    #[test]
    fn a_wave_is_an_event_where_there_are_several_and_the_run_goes_on() {
        let mut events = ObserverEvents::new(0);
        events.on_wave(Some((1, 1)), false);
        events.on_wave(None, false);
        events.on_wave(Some((1, 3)), false);
        events.on_wave(Some((1, 3)), false);
        events.on_wave(Some((2, 3)), true);
        events.on_wave(Some((3, 3)), false);
        assert_eq!(events.take(), [ObserverEvent::Wave(1, 3), ObserverEvent::Wave(3, 3)]);
    }

    #[test]
    fn a_stop_is_one_event() {
        let mut events = ObserverEvents::new(0);
        let reason = StopReason::Interrupted { signal: 2 };
        events.on_stop(&reason);
        events.on_stop(&StopReason::Interrupted { signal: 15 });
        assert_eq!(events.take(), [ObserverEvent::Stopping(reason)]);
    }
}
