//! One round: what is due goes on, calls that may go are sent, what became known is written.

use std::cmp::Reverse;
use std::time::Duration;

use super::action::Action;
use super::admission::Waiting;
use super::engine::{Active, Engine, Stage};
use crate::engine::observe::Tiding;
use crate::engine::row::{Next, RowMachine, Scene, shape_of};
use crate::model::{StepScope as Whose, Time};

impl Engine {
    /// What is to be done now, in order. Everything told since it was last asked makes one round.
    pub fn take_actions(&mut self, now: Time) -> Vec<Action> {
        if std::mem::take(&mut self.news) {
            self.pump(now);
        }
        std::mem::take(&mut self.actions)
    }

    /// Time has come on: what is due by the next round goes on.
    pub fn on_time(&mut self) {
        self.news = true;
    }

    /// One round: what is due goes on, whoever may send does, what became known is written.
    pub(super) fn pump(&mut self, now: Time) {
        self.look_at_the_hours(now);
        self.fire_timers(now);
        self.take_rows_in();
        self.grant(now);
        self.flush_all(now);
        self.send_granted(now);
        self.change_stage(now);
        self.schedule_wake(now);
    }

    /// A round without a change of stage.
    pub(super) fn pump_once(&mut self, now: Time) {
        self.grant(now);
        self.flush_all(now);
        self.send_granted(now);
    }

    fn fire_timers(&mut self, now: Time) {
        while let Some(Reverse((at, whose))) = self.timers.peek().copied() {
            if at > now {
                return;
            }
            self.timers.pop();
            // A scope with a call in hand has moved on since the timer was set.
            if let Some(active) = self.active.remove(&whose) {
                if active.outgoing.is_some() {
                    self.active.insert(whose, active);
                } else {
                    self.advance(whose, active, now);
                }
            }
        }
    }

    pub(super) fn begin(&mut self, whose: Whose, machine: RowMachine, now: Time) {
        self.hear(|| Tiding::Begun(whose, machine.state().has_begun()));
        let effects = self.effects_of(&machine);
        let active = Box::new(Active { machine, outgoing: None, needs_seq: 0, sent_at: Time::default(), effects });
        self.advance(whose, active, now);
    }

    /// Asks a scope's machine what is next and files it accordingly.
    pub(super) fn advance(&mut self, whose: Whose, mut active: Box<Active>, now: Time) {
        if self.has_asked(&active) {
            self.park(whose, active, now);
            return;
        }
        let scene = Scene { plan: &self.plan, shape: &self.shapes[shape_of(whose)], dice: self.dice, now };
        let next = active.machine.next(scene);
        if active.machine.has_facts() {
            self.unwritten.push(whose);
        }
        match next {
            Next::Ended => self.close_scope(whose, active, now),
            // A run that stops starts nothing; the scope stands as it is until the run is resumed.
            _ if self.stop.is_some() => {
                self.active.insert(whose, active);
            }
            Next::Send(outgoing) if self.settling && !outgoing.lookup => self.park(whose, active, now),
            Next::Send(outgoing) => {
                self.gates.budgets[outgoing.budget].waiting.push_back(Waiting::One(whose));
                active.outgoing = Some(outgoing);
                self.active.insert(whose, active);
            }
            Next::Wait(until) => {
                self.hear(|| Tiding::Waits(whose, active.machine.waits_for(), until));
                self.timers.push(Reverse((until, whose)));
                self.active.insert(whose, active);
            }
        }
    }

    /// Writes what became known and has not gone out with an intent.
    pub(super) fn flush_all(&mut self, now: Time) {
        for whose in std::mem::take(&mut self.unwritten) {
            let waits = self.active.get(&whose).is_some_and(|active| active.machine.has_facts());
            if !waits {
                continue;
            }
            let Some(facts) = self.active.get_mut(&whose).map(|active| active.machine.take_facts()) else { continue };
            let seq = self.append(now, whose, facts);
            if let Some(active) = self.active.get_mut(&whose) {
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
            written.filter_map(|granted| Some(granted.slot?.max(self.gates.asks_again_at(granted.budget)))).min();
        let lead = self.lead();
        let opens = self.waits_for_the_hours().map(|(at, _)| at);
        let may_go = |budget: &usize| self.next_waiting(*budget).is_some();
        let budgets = (0..self.gates.budgets.len()).filter(may_go);
        let rates = budgets
            .filter_map(|budget| {
                let connection = self.gates.budgets[budget].connection;
                if !self.tokens.is_ready(connection) {
                    return self.tokens.wake_at(connection);
                }
                let earliest = self.gates.earliest(budget, now);
                let at = self.gates.asks_turn_at(budget, earliest).unwrap_or(earliest.minus(lead));
                self.gates.has_room(budget).then_some(at.max(self.gates.asks_again_at(budget)))
            })
            .min();
        if self.stop.is_none()
            && let Some(at) = [timer, slots, rates, opens].into_iter().flatten().min()
        {
            self.actions.push(Action::WakeAt(at.max(now.plus(Duration::from_micros(100)))));
        }
    }
}
