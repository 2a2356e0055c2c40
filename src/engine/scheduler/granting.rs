//! Whose call goes out: places and slots are given first, then the intent is synced, then the call is sent.

use std::time::Duration;

use super::action::Action;
use super::admission::{TURN_LEAD, Waiting};
use super::engine::{Engine, Granted};
use crate::model::{StepScope as Whose, Time};
use crate::policy::RateLease;

/// The farthest ahead of its slot that an intent is written.
const LONGEST_LEAD: Duration = Duration::from_millis(500);

impl Engine {
    /// Gives places and slots to whoever may send, rows that are further on first.
    pub(super) fn grant(&mut self, now: Time) {
        self.holding = false;
        // Budgets are numbered in the order of the steps: later steps finish rows that earlier ones began.
        for budget in (0..self.gates.budgets.len()).rev() {
            if self.stop.is_some() {
                return;
            }
            self.grant_budget(budget, now);
        }
    }

    fn grant_budget(&mut self, budget: usize, now: Time) {
        let connection = self.gates.budgets[budget].connection;
        while let Some(place) = self.next_waiting(budget) {
            if self.tokens.start_fetch(connection, now) {
                self.actions.push(Action::FetchToken(connection));
            }
            if !self.tokens.is_ready(connection) || !self.gates.has_room(budget) {
                return;
            }
            let slot = self.gates.is_rated(budget).then(|| self.gates.earliest(budget, now));
            if slot.is_some_and(|slot| slot > now.plus(self.lead().max(TURN_LEAD))) {
                return;
            }
            if slot.is_some_and(|slot| !self.has_turn(budget, slot, now) || slot > now.plus(self.lead())) {
                return;
            }
            if !self.may_spend(budget, place, now) {
                // Where the run stops, nothing waits any more.
                continue;
            }
            let members = self.take_waiting(budget, place);
            match members.as_slice() {
                [] => return,
                [whose] => self.grant_call(*whose, budget, slot, now),
                _ => self.grant_together(members, budget, slot, now),
            }
        }
    }

    /// Whether it is this process's turn to use a budget then; asked for where it is not.
    pub(super) fn has_turn(&mut self, budget: usize, slot: Time, now: Time) -> bool {
        match self.gates.ask_turn(budget, slot, now) {
            None => true,
            Some(wanted) => {
                self.actions.extend(wanted.map(|wanted| Action::TakeTurn { budget, wanted }));
                false
            }
        }
    }

    /// What became of a turn that was asked for; none where it could not be told yet.
    pub fn on_turn(&mut self, budget: usize, turn: Option<RateLease>, now: Time) {
        self.gates.on_turn(budget, turn, now);
        self.news = true;
    }

    /// How far ahead of its slot an intent is written, so that the sync is over in time.
    pub(super) fn lead(&self) -> Duration {
        (self.sync_time * 2).min(LONGEST_LEAD)
    }

    fn grant_call(&mut self, whose: Whose, budget: usize, slot: Option<Time>, now: Time) {
        let Some(mut active) = self.active.remove(&whose) else { return };
        let Some(outgoing) = active.outgoing.take() else {
            self.active.insert(whose, active);
            return;
        };
        if let Some(late) = outgoing.missed_deadline(slot.unwrap_or(now)) {
            active.machine.expire(now, &outgoing, &late);
            self.advance(whose, active, now);
            return;
        }
        if let Some(slot) = slot {
            self.gates.take_slot(budget, slot);
        }
        self.gates.enter(budget);
        active.machine.intend(now, &outgoing);
        self.recount(&mut active);
        let facts = active.machine.take_facts();
        if !facts.is_empty() {
            active.needs_seq = self.append(now, whose, facts);
        }
        let seq = active.needs_seq;
        active.outgoing = Some(outgoing);
        self.active.insert(whose, active);
        self.granted.push_back(Granted { members: vec![whose], budget, slot, seq, prepared: None });
    }

    /// The first place of a budget's queue whose call may go out now, by the window and by what waits for room in the
    /// run's budget of effects.
    pub(super) fn next_waiting(&self, budget: usize) -> Option<usize> {
        let may_write = |whose: &Whose| self.hours.open && (!self.holding || self.is_in_doubt(*whose));
        let may = |waiting: &Waiting| waiting.members().iter().all(|whose| may_write(whose) || !self.is_write(*whose));
        self.gates.budgets[budget].waiting.iter().position(may)
    }

    /// When the window opens, where something waits for that.
    pub(super) fn waits_for_the_hours(&self) -> Option<(Time, String)> {
        let until = self.hours.closed_until().filter(|_| self.stop.is_none())?;
        let waiting = self.gates.budgets.iter().flat_map(|budget| &budget.waiting);
        let waits = waiting.flat_map(Waiting::members).any(|whose| self.is_write(*whose));
        let wall = self.hours.window.as_ref().filter(|_| waits)?.on_the_wall(until);
        Some((until, wall))
    }
}
