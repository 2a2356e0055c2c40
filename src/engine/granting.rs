//! Whose call goes out: places and slots are given first, then the intent is synced, then the call is sent.

use std::time::Duration;

use super::action::{Action, AskedBy, Order};
use super::budgets::TURN_LEAD;
use super::row_machine::RowMachine;
use super::scheduler::{Engine, Granted, Stage};
use crate::model::{Phase, StepScope as Whose, Time};
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
    fn has_turn(&mut self, budget: usize, slot: Time, now: Time) -> bool {
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
    fn lead(&self) -> Duration {
        (self.sync_time * 2).min(LONGEST_LEAD)
    }

    fn grant_call(&mut self, whose: Whose, budget: usize, slot: Option<Time>, now: Time) {
        let Some(mut active) = self.active.remove(&whose) else { return };
        let Some(outgoing) = active.outgoing.take() else {
            self.active.insert(whose, active);
            return;
        };
        if let Some(late) = RowMachine::missed_deadline(&outgoing, slot.unwrap_or(now)) {
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

    /// Sends what is on the disk and whose slot has come.
    pub(super) fn send_granted(&mut self, now: Time) {
        let mut waiting = std::mem::take(&mut self.granted);
        for granted in waiting.drain(..) {
            match granted.slot {
                _ if granted.seq > self.durable => self.granted.push_back(granted),
                Some(slot) if slot > now => self.granted.push_back(granted),
                Some(slot) if now.since(slot) > self.gates.tolerance(granted.budget) => {
                    self.give_new_slot(granted, now);
                }
                _ => self.send(granted, now),
            }
        }
    }

    fn give_new_slot(&mut self, granted: Granted, now: Time) {
        granted.slot.into_iter().for_each(|slot| self.gates.give_slot_back(granted.budget, slot));
        let slot = self.gates.earliest(granted.budget, now);
        if !self.has_turn(granted.budget, slot, now) {
            self.granted.push_back(granted);
            return;
        }
        self.gates.take_slot(granted.budget, slot);
        if slot <= now {
            self.send(granted, now);
        } else {
            self.granted.push_back(Granted { slot: Some(slot), ..granted });
        }
    }

    fn send(&mut self, granted: Granted, now: Time) {
        let ticket = self.next_ticket;
        for whose in &granted.members {
            if let Some(active) = self.active.get_mut(whose) {
                active.sent_at = now;
            }
        }
        let leader = granted.members.first().and_then(|whose| self.active.get(whose)?.outgoing.as_deref());
        let Some(outgoing) = leader else { return };
        self.next_ticket += 1;
        self.actions.push(Action::Send(Order {
            ticket,
            connection: outgoing.connection,
            budget: outgoing.budget,
            operation: outgoing.operation.clone(),
            settings: outgoing.settings.clone(),
            prepared: granted.prepared.unwrap_or_else(|| outgoing.prepared.clone()),
            timeout: outgoing.timeout,
            write: outgoing.write,
            once: outgoing.write && !outgoing.repeat.resends(),
            effect: outgoing.effect.filter(|_| outgoing.call.phase == Phase::Do),
        }));
        self.hear_of_sending(ticket, &granted.members);
        self.on_the_wire.insert(ticket, granted.members);
    }

    /// The calls that an order which was just given to be sent is for; several where lookups are asked together.
    #[must_use]
    pub fn asked_by(&self, ticket: u64) -> Vec<AskedBy> {
        let members = self.on_the_wire.get(&ticket).map(Vec::as_slice).unwrap_or_default();
        let asked = members.iter().filter_map(|whose| {
            let outgoing = self.active.get(whose)?.outgoing.as_deref()?;
            Some(AskedBy { whose: *whose, call: outgoing.call, lookup: outgoing.lookup })
        });
        asked.collect()
    }

    /// A round without a change of stage.
    pub(super) fn pump_once(&mut self, now: Time) {
        self.grant(now);
        self.flush_all(now);
        self.send_granted(now);
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
