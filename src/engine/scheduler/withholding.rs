//! Calls that have their place and are not sent: the run stops, the send window closes, or the driver could not send them yet.

use super::action::Order;
use super::admission::Health;
use super::engine::{Engine, Granted};
use crate::engine::row::STOPPED;
use crate::model::{StepScope as Whose, Time};

impl Engine {
    /// An order that was not handed over is given a slot anew; where the run stops it is withheld.
    pub fn on_postponed(&mut self, order: Order, now: Time) {
        let Some(members) = self.on_the_wire.remove(&order.ticket) else { return };
        self.news = true;
        let active = members.iter().filter_map(|whose| self.active.get(whose));
        let waited: Vec<(Time, u64)> = active.map(|active| (active.sent_at, active.needs_seq)).collect();
        let seq = waited.iter().map(|(_, seq)| *seq).max().unwrap_or_default();
        // The slot that it had has passed: it takes a new one.
        let slot = waited.first().filter(|_| self.gates.is_rated(order.budget)).map(|(sent_at, _)| *sent_at);
        let granted = Granted { members, budget: order.budget, slot, seq, prepared: Some(order.prepared) };
        match self.stop {
            Some(_) => self.withhold_granted(granted, now),
            None => self.granted.push_back(granted),
        }
    }

    /// What has its intent written and is not sent.
    pub(super) fn withhold_granted(&mut self, granted: Granted, now: Time) {
        self.gates.leave(granted.budget);
        for whose in granted.members {
            let Some(mut active) = self.active.remove(&whose) else { continue };
            if let Some(outgoing) = active.outgoing.take() {
                active.machine.on_withheld(now, &outgoing, STOPPED);
                self.recount(&mut active);
                self.unwritten.push(whose);
            }
            self.active.insert(whose, active);
        }
    }

    /// Looks at the window. Calls that have their place and come too late for it are withheld until it opens.
    pub(super) fn look_at_the_hours(&mut self, now: Time) {
        if self.hours.look(now) {
            // What could not be reached before the window closed says nothing of now.
            self.health.iter_mut().for_each(Health::on_pause);
        }
        if self.hours.open || self.stop.is_some() {
            return;
        }
        let granted = std::mem::take(&mut self.granted);
        let (late, rest): (Vec<Granted>, _) = granted.into_iter().partition(|granted| self.changes_something(granted));
        self.granted = rest.into();
        for granted in late {
            self.gates.leave(granted.budget);
            granted.members.into_iter().for_each(|whose| self.withhold(whose, now));
        }
    }

    fn changes_something(&self, granted: &Granted) -> bool {
        granted.members.iter().any(|whose| self.is_write(*whose))
    }

    pub(super) fn is_write(&self, whose: Whose) -> bool {
        let outgoing = self.active.get(&whose).and_then(|active| active.outgoing.as_deref());
        outgoing.is_some_and(|outgoing| outgoing.write)
    }

    fn withhold(&mut self, whose: Whose, now: Time) {
        let Some(mut active) = self.active.remove(&whose) else { return };
        if let Some(outgoing) = active.outgoing.take() {
            active.machine.on_withheld(now, &outgoing, "the window closed first");
            self.recount(&mut active);
        }
        self.advance(whose, active, now);
    }
}
