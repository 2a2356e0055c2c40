//! What the run reports to its observers: its counts, and events that the journal does not hold.

use super::engine::{Active, Engine};
use crate::engine::observe::{ObserverEvent, ObserverEvents, OperationCalls, Progress};
use crate::engine::row::OutgoingCall;
use crate::model::{StepScope, Time};
use crate::policy::WaveProgress;

impl Engine {
    /// The run's counts at `now`.
    #[must_use]
    pub fn progress(&self, now: Time) -> Progress {
        Progress {
            rows: self.counts,
            rows_before: self.progress.rows_before,
            lookups_only: self.lookups_only,
            calls: self.calls_under_limits(),
            per_second: self.admission.run_per_second(),
            most_in_flight: self.admission.in_flight_cap(),
            waits: self.waits(now),
            most_frequent_failure: self.failures.most().cloned(),
            last_failure: self.failures.last().cloned(),
            in_flight: self.in_flight.len() as u64,
            active: self.active.len() as u64,
            draining: self.stop.is_some(),
            paused: self.paused.clone(),
            rate: self.admission.run_rate(),
            operations: self.progress.operations.clone(),
            wave: self.waves.as_ref().map(WaveProgress::place),
            closed_until: self.waits_for_send_window(),
            asked_until: self.progress.asked_until.filter(|until| *until > now),
            troubled: self.progress.troubled,
            last_trouble: self.progress.last_trouble.clone(),
        }
    }

    /// The calls by operation, with what the limits allow as things stand.
    fn calls_under_limits(&self) -> Vec<OperationCalls> {
        // A pass that only looks up shows the lookups that it has.
        let is_shown = |own: &&OperationCalls| !self.lookups_only || own.total != Some(0);
        let mut calls: Vec<OperationCalls> = self.calls.operations().iter().filter(is_shown).cloned().collect();
        for own in &mut calls {
            let named = |bucket: &usize| self.plan.rate_buckets[*bucket].operation == own.operation;
            let buckets: Vec<usize> = (0..self.plan.rate_buckets.len()).filter(named).collect();
            // Several accounts may call the same operation, each within its own limit.
            let rates = buckets.iter().map(|bucket| self.admission.buckets[*bucket].limiter.as_ref());
            own.per_second = rates.map(|limiter| Some(limiter?.per_second())).sum();
            let caps = buckets.iter().map(|bucket| self.admission.connection_cap(*bucket));
            own.in_flight = caps.fold(0, u32::saturating_add).min(self.admission.in_flight_cap());
        }
        calls
    }

    /// Collects events for observers from now on.
    pub fn collect_events(&mut self) {
        self.observer_events = Some(Box::new(ObserverEvents::new(self.plan.rate_buckets.len())));
    }

    /// Drains the events collected since the previous call. Empty unless [`Engine::collect_events`] was called.
    pub fn take_observer_events(&mut self, now: Time) -> Vec<ObserverEvent> {
        let Some(mut observer_events) = self.observer_events.take() else { return Vec::new() };
        self.look_at_budgets(&mut observer_events, now);
        observer_events.on_closed_until(self.waits_for_send_window().map(|(until, _)| until));
        observer_events.on_wave(self.waves.as_ref().map(WaveProgress::place), self.stop.is_some());
        self.stop.iter().for_each(|reason| observer_events.on_stop(reason));
        let events = observer_events.take();
        self.observer_events = Some(observer_events);
        events
    }

    fn look_at_budgets(&self, observer_events: &mut ObserverEvents, now: Time) {
        for (bucket, own) in self.admission.buckets.iter().enumerate() {
            let Some(limiter) = &own.limiter else { continue };
            let paused_until = limiter.paused_until().filter(|until| *until > now);
            observer_events.on_share(bucket, limiter.share(), paused_until);
            if self.stop.is_none() {
                let calls = own.waiting.iter().map(|waiting| waiting.members().len() as u64).sum();
                observer_events.on_rate_wait(bucket, calls, limiter.earliest(now), now);
            }
        }
    }

    pub(super) fn emit(&mut self, event: impl FnOnce() -> ObserverEvent) {
        if let Some(observer_events) = &mut self.observer_events {
            observer_events.push(event());
        }
    }

    /// Emits that a request was sent, once for each scope that it is for.
    pub(super) fn emit_sent(&mut self, ticket: u64, members: &[StepScope]) {
        let Some(observer_events) = &mut self.observer_events else { return };
        for scope in members {
            let Some(active) = self.active.get(scope) else { continue };
            let Some(outgoing) = active.outgoing.as_deref() else { continue };
            observer_events.push(sent(ticket, *scope, active, outgoing, members.len() as u64));
        }
    }
}

fn sent(ticket: u64, scope: StepScope, active: &Active, outgoing: &OutgoingCall, together: u64) -> ObserverEvent {
    let call = outgoing.call;
    ObserverEvent::Sent {
        ticket,
        scope,
        call,
        attempt: active.machine.state().call(call).map_or(0, |known| known.all_sends) + 1,
        lookup: outgoing.lookup.then(|| outgoing.operation.full_name().to_owned()),
        write: outgoing.write,
        repeat: outgoing.repeat,
        natural_key: outgoing.natural_key.clone(),
        together,
    }
}
