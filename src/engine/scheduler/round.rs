//! One round of the engine: timers fire, rows are asked for, calls go out, facts are written.

use std::cmp::Reverse;
use std::time::Duration;

use super::action::Action;
use super::admission::QueueEntry;
use super::call_wait::CallWait;
use super::engine::{Active, Engine, Stage};
use crate::engine::observe::ObserverEvent;
use crate::engine::row::{NextMove, RowMachine, StepContext, shape_index};
use crate::model::{StepScope, Time};

impl Engine {
    /// Drains the actions for the driver, in order. Everything reported since the previous call is processed in one
    /// round.
    pub fn take_actions(&mut self, now: Time) -> Vec<Action> {
        if std::mem::take(&mut self.news) {
            self.pump(now);
        }
        std::mem::take(&mut self.actions)
    }

    /// Records that time has passed: the next round looks for what is due.
    pub fn on_time(&mut self) {
        self.news = true;
    }

    /// One round.
    pub(super) fn pump(&mut self, now: Time) {
        self.check_send_window(now);
        self.fire_timers(now);
        self.take_rows_in();
        self.grant(now);
        self.flush_all(now);
        self.send_granted(now);
        self.change_stage(now);
        self.schedule_wake(now);
    }

    /// The part of a round that sends and writes.
    pub(super) fn pump_once(&mut self, now: Time) {
        self.grant(now);
        self.flush_all(now);
        self.send_granted(now);
    }

    fn fire_timers(&mut self, now: Time) {
        while let Some(Reverse((at, scope))) = self.timers.peek().copied() {
            if at > now {
                return;
            }
            self.timers.pop();
            // A scope that has a call has gone on since the timer was set.
            if let Some(active) = self.active.remove(&scope) {
                if active.outgoing.is_some() {
                    self.active.insert(scope, active);
                } else {
                    self.advance(scope, active, now);
                }
            }
        }
    }

    pub(super) fn begin(&mut self, scope: StepScope, machine: RowMachine, now: Time) {
        self.emit(|| ObserverEvent::Begun(scope, machine.state().has_begun()));
        let effects = self.effects_of(&machine);
        let calls_done = self.calls.done_calls(machine.state());
        let (outgoing, sent_at, wait) = (None, Time::default(), CallWait::default());
        let active = Box::new(Active { machine, outgoing, needs_seq: 0, sent_at, effects, calls_done, wait });
        self.advance(scope, active, now);
    }

    /// Asks a scope's machine what to do next, and does it: queues the call, sets a timer, or closes the scope.
    pub(super) fn advance(&mut self, scope: StepScope, mut active: Box<Active>, now: Time) {
        if self.has_nothing_to_look_up(&active) {
            self.park(scope, active, now);
            return;
        }
        let context = StepContext { plan: &self.plan, shape: &self.shapes[shape_index(scope)], rng: self.rng, now };
        let next = active.machine.next(context);
        if active.machine.has_facts() {
            self.unwritten.push(scope);
        }
        match next {
            NextMove::Ended => self.close_scope(scope, active, now),
            // A run that stops starts nothing: the scope stays as it is until the run is resumed.
            _ if self.stop.is_some() => {
                self.active.insert(scope, active);
            }
            NextMove::Send(outgoing) if self.lookups_only && !outgoing.lookup => self.park(scope, active, now),
            NextMove::Send(outgoing) => {
                let bucket = &mut self.admission.buckets[outgoing.bucket];
                bucket.waiting.push_back(QueueEntry::One(scope));
                active.wait.in_queue(&mut bucket.held, now);
                active.outgoing = Some(outgoing);
                self.active.insert(scope, active);
            }
            NextMove::Wait(until) => {
                let reason = active.machine.wait_reason();
                active.wait.of_row(reason, now);
                self.emit(|| ObserverEvent::Waits(scope, reason, until));
                self.timers.push(Reverse((until, scope)));
                self.active.insert(scope, active);
            }
        }
    }

    /// Writes the facts that were not written together with an intent.
    pub(super) fn flush_all(&mut self, now: Time) {
        for scope in std::mem::take(&mut self.unwritten) {
            let waits = self.active.get(&scope).is_some_and(|active| active.machine.has_facts());
            if !waits {
                continue;
            }
            let Some(facts) = self.active.get_mut(&scope).map(|active| active.machine.take_facts()) else { continue };
            let seq = self.append(now, scope, facts);
            if let Some(active) = self.active.get_mut(&scope) {
                active.needs_seq = seq;
            }
        }
    }

    /// Tells the driver when something is due next.
    pub(super) fn schedule_wake(&mut self, now: Time) {
        if self.stage == Stage::Closed {
            return;
        }
        let timer = self.timers.peek().map(|entry| entry.0.0);
        let written = self.granted.iter().filter(|granted| granted.seq <= self.durable);
        let slots =
            written.filter_map(|granted| Some(granted.slot?.max(self.admission.lease_retry_at(granted.bucket)))).min();
        let lead = self.lead();
        let opens = self.waits_for_send_window().map(|(at, _)| at);
        let may_go = |bucket: &usize| self.paused.is_none() && self.next_in_queue(*bucket).is_some();
        let buckets = (0..self.admission.buckets.len()).filter(may_go);
        let rates = buckets
            .filter_map(|bucket| {
                let connection = self.admission.buckets[bucket].connection;
                if !self.tokens.is_ready(connection) {
                    return self.tokens.wake_at(connection);
                }
                let earliest = self.admission.earliest(bucket, now);
                let at = self.admission.request_lease_at(bucket, earliest).unwrap_or(earliest.minus(lead));
                self.admission.has_room(bucket).then_some(at.max(self.admission.lease_retry_at(bucket)))
            })
            .min();
        if self.stop.is_none()
            && let Some(at) = [timer, slots, rates, opens].into_iter().flatten().min()
        {
            self.actions.push(Action::WakeAt(at.max(now.plus(Duration::from_micros(100)))));
        }
    }
}
