//! Calls that were about to be sent and are held back: the run stops or is paused, the send window closes, or the driver
//! could not send them yet.

use super::action::SendOrder;
use super::admission::Reachability;
use super::engine::{Engine, Granted};
use super::steering::PAUSED_FIRST;
use crate::engine::row::RUN_STOPPED_FIRST;
use crate::model::{StepScope, Time};
use crate::policy::WaitReason;

impl Engine {
    /// Takes back an order that the driver could not send yet, and why. It gets a new slot, or is withheld if the run
    /// stops.
    pub fn on_postponed(&mut self, order: SendOrder, waited_for: WaitReason, now: Time) {
        let Some(members) = self.in_flight.remove(&order.ticket) else { return };
        self.news = true;
        for scope in &members {
            if let Some(active) = self.active.get_mut(scope) {
                active.wait.in_driver(waited_for, active.sent_at, now);
            }
        }
        let active = members.iter().filter_map(|scope| self.active.get(scope));
        let waited: Vec<(Time, u64)> = active.map(|active| (active.sent_at, active.needs_seq)).collect();
        let seq = waited.iter().map(|(_, seq)| *seq).max().unwrap_or_default();
        // Its slot has passed: it takes a new one.
        let slot = waited.first().filter(|_| self.admission.is_rated(order.bucket)).map(|(sent_at, _)| *sent_at);
        let granted = Granted { members, bucket: order.bucket, slot, seq, prepared: Some(order.prepared) };
        match self.stop {
            Some(_) => self.withhold_granted(granted, now),
            None => self.granted.push_back(granted),
        }
        if self.stop.is_none() && self.paused.is_some() {
            self.withhold_unsent(PAUSED_FIRST, now);
        }
    }

    /// Takes back every call whose intent is written and that is not sent yet. It waits in its queue again, and its slot is
    /// free.
    pub(super) fn withhold_unsent(&mut self, why: &str, now: Time) {
        let granted = std::mem::take(&mut self.granted);
        // Only the last slot of a rate can be given back, so the latest one goes first.
        for one in granted.iter().rev() {
            one.slot.into_iter().for_each(|slot| self.admission.give_slot_back(one.bucket, slot));
        }
        for one in granted {
            self.admission.leave(one.bucket);
            self.note_slot_and_disk(&one, now);
            one.members.into_iter().for_each(|scope| self.withhold(scope, why, now));
        }
    }

    /// Records for each member that its call was not sent.
    pub(super) fn withhold_granted(&mut self, granted: Granted, now: Time) {
        self.admission.leave(granted.bucket);
        self.note_slot_and_disk(&granted, now);
        for scope in granted.members {
            let Some(mut active) = self.active.remove(&scope) else { continue };
            if let Some(outgoing) = active.outgoing.take() {
                active.machine.set_timing(None, active.wait.take(now));
                active.machine.on_withheld(now, &outgoing, RUN_STOPPED_FIRST);
                self.recount_effects(&mut active);
                self.unwritten.push(scope);
            }
            self.active.insert(scope, active);
        }
    }

    /// Re-evaluates the send window. Writes that were about to go out when it closed are withheld until it opens.
    pub(super) fn check_send_window(&mut self, now: Time) {
        if self.send_window.look(now) {
            // That the vendor could not be reached before the window closed does not matter now.
            self.reachability.iter_mut().for_each(Reachability::on_pause);
        }
        if self.send_window.open || self.stop.is_some() {
            return;
        }
        let granted = std::mem::take(&mut self.granted);
        let (late, rest): (Vec<Granted>, _) = granted.into_iter().partition(|granted| self.changes_something(granted));
        self.granted = rest.into();
        for granted in late {
            self.admission.leave(granted.bucket);
            self.note_slot_and_disk(&granted, now);
            granted.members.into_iter().for_each(|scope| self.withhold(scope, "the window closed first", now));
        }
    }

    fn changes_something(&self, granted: &Granted) -> bool {
        granted.members.iter().any(|scope| self.is_write(*scope))
    }

    pub(super) fn is_write(&self, scope: StepScope) -> bool {
        let outgoing = self.active.get(&scope).and_then(|active| active.outgoing.as_deref());
        outgoing.is_some_and(|outgoing| outgoing.write)
    }

    fn withhold(&mut self, scope: StepScope, why: &str, now: Time) {
        let Some(mut active) = self.active.remove(&scope) else { return };
        if let Some(outgoing) = active.outgoing.take() {
            active.machine.set_timing(None, active.wait.take(now));
            active.machine.on_withheld(now, &outgoing, why);
            self.recount_effects(&mut active);
        }
        self.advance(scope, active, now);
    }
}
