//! Whose call goes out: places and slots are given first, then the intent is synced, then the call is sent.

use std::time::Duration;

use super::action::{Action, AskedBy, Order};
use super::batching::Waiting;
use super::budgets::TURN_LEAD;
use super::row_machine::RowMachine;
use super::scheduler::{Engine, Granted, Stage};
use crate::model::{Phase, Scope as Whose, Time};
use crate::policy::Turn;

/// Why a call is withheld that waited for its place past its deadline.
const TOO_LATE: &str = "its deadline passed first";

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
            if !self.has_token(connection, now) {
                return;
            }
            let placed = self.gates.has_room(budget);
            if !placed && !self.may_go_ahead(budget, place) {
                return;
            }
            let Some(slot) = (if placed { self.near_slot(budget, now) } else { Some(None) }) else { return };
            if !self.may_spend(budget, place, now) {
                // Where the run stops, nothing waits any more.
                continue;
            }
            let members = self.take_waiting(budget, place);
            match members.as_slice() {
                [] => return,
                [whose] => self.grant_call(*whose, budget, placed, slot, now),
                _ => self.grant_together(members, budget, slot, now),
            }
        }
    }

    /// Whether a connection's calls can be authenticated; where not, the token is asked for.
    fn has_token(&mut self, connection: usize, now: Time) -> bool {
        if self.tokens.start_fetch(connection, now) {
            self.actions.push(Action::FetchToken(connection));
        }
        self.tokens.is_ready(connection)
    }

    /// Whether the intent of a call may be written though all places are taken, so that it is on the disk when one
    /// comes free. A lookup has no intent.
    fn may_go_ahead(&self, budget: usize, place: usize) -> bool {
        let write = match self.gates.budgets[budget].waiting.get(place) {
            Some(Waiting::One(whose)) => self.is_write(*whose),
            _ => false,
        };
        write && self.gates.may_promise(budget, self.lead())
    }

    /// The slot of a budget's next call, where it is near enough to write the intent and it is this process's turn;
    /// within it none where no rate binds.
    fn near_slot(&mut self, budget: usize, now: Time) -> Option<Option<Time>> {
        if !self.gates.is_rated(budget) {
            return Some(None);
        }
        let slot = self.gates.earliest(budget, now);
        let asks = slot <= now.plus(self.lead().max(TURN_LEAD));
        let near = asks && self.has_turn(budget, slot, now) && slot <= now.plus(self.lead());
        near.then_some(Some(slot))
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
    pub fn on_turn(&mut self, budget: usize, turn: Option<Turn>, now: Time) {
        self.gates.on_turn(budget, turn, now);
        self.news = true;
    }

    /// How far ahead of its slot an intent is written, so that the sync is over in time.
    fn lead(&self) -> Duration {
        (self.sync_time * 2).min(LONGEST_LEAD)
    }

    fn grant_call(&mut self, whose: Whose, budget: usize, placed: bool, slot: Option<Time>, now: Time) {
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
        if placed {
            self.gates.enter(budget);
        } else {
            self.gates.promise(budget);
        }
        active.machine.intend(now, &outgoing);
        self.recount(&mut active);
        let facts = active.machine.take_facts();
        if !facts.is_empty() {
            active.needs_seq = self.append(now, whose, facts);
        }
        let seq = active.needs_seq;
        active.outgoing = Some(outgoing);
        self.active.insert(whose, active);
        self.granted.push_back(Granted { members: vec![whose], budget, placed, slot, seq, prepared: None });
    }

    /// What was granted is not sent: its place is another's.
    pub(super) fn give_place_back(&mut self, granted: &Granted) {
        if granted.placed {
            self.gates.leave(granted.budget);
        } else {
            self.gates.redeem(granted.budget);
        }
    }

    /// Sends what is on the disk and whose slot has come.
    pub(super) fn send_granted(&mut self, now: Time) {
        let mut waiting = std::mem::take(&mut self.granted);
        for granted in waiting.drain(..) {
            match granted.slot {
                _ if granted.seq > self.durable => self.granted.push_back(granted),
                _ if !granted.placed => self.place(granted, now),
                Some(slot) if slot > now => self.granted.push_back(granted),
                Some(slot) if now.since(slot) > self.gates.tolerance(granted.budget) => {
                    self.give_new_slot(granted, now);
                }
                _ => self.send(granted, now),
            }
        }
    }

    /// Gives a call the place that it was promised, if one is free, and its slot.
    fn place(&mut self, granted: Granted, now: Time) {
        let budget = granted.budget;
        let free = self.gates.has_place(budget) && self.has_token(self.gates.budgets[budget].connection, now);
        let Some(slot) = free.then(|| self.near_slot(budget, now)).flatten() else {
            self.granted.push_back(granted);
            return;
        };
        self.gates.redeem(budget);
        if self.comes_too_late(&granted, slot.unwrap_or(now)) {
            granted.members.into_iter().for_each(|whose| self.withhold(whose, TOO_LATE, now));
            // What became known is written in another round.
            self.news = true;
            return;
        }
        self.gates.enter(budget);
        if let Some(slot) = slot {
            self.gates.take_slot(budget, slot);
        }
        let granted = Granted { placed: true, slot, ..granted };
        if slot.is_some_and(|slot| slot > now) {
            self.granted.push_back(granted);
        } else {
            self.send(granted, now);
        }
    }

    /// Whether a deadline of a call has passed while it waited for its place.
    fn comes_too_late(&self, granted: &Granted, at: Time) -> bool {
        let outgoing = granted.members.iter().filter_map(|whose| self.active.get(whose)?.outgoing.as_deref());
        outgoing.into_iter().any(|outgoing| RowMachine::missed_deadline(outgoing, at).is_some())
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
        let promised = |budget: usize| {
            let mut ahead = self.granted.iter().filter(|granted| !granted.placed && granted.seq <= self.durable);
            ahead.any(|granted| granted.budget == budget)
        };
        let may_go = |budget: &usize| {
            let first = || self.gates.has_room(*budget) && self.next_waiting(*budget).is_some();
            first() || self.gates.has_place(*budget) && promised(*budget)
        };
        let budgets = (0..self.gates.budgets.len()).filter(may_go);
        let rates = budgets
            .filter_map(|budget| {
                let connection = self.gates.budgets[budget].connection;
                if !self.tokens.is_ready(connection) {
                    return self.tokens.wake_at(connection);
                }
                let earliest = self.gates.earliest(budget, now);
                let at = self.gates.asks_turn_at(budget, earliest).unwrap_or(earliest.minus(lead));
                Some(at.max(self.gates.asks_again_at(budget)))
            })
            .min();
        if self.stop.is_none()
            && let Some(at) = [timer, slots, rates, opens].into_iter().flatten().min()
        {
            self.actions.push(Action::WakeAt(at.max(now.plus(Duration::from_micros(100)))));
        }
    }
}
