//! Passes calls to the driver once their intent is on disk and their slot has come.

use super::action::{Action, AskedBy, SendOrder};
use super::engine::{Engine, Granted};
use crate::model::{Phase, Time};

impl Engine {
    /// Sends the calls whose intent is on disk and whose slot has come.
    pub(super) fn send_granted(&mut self, now: Time) {
        let mut waiting = std::mem::take(&mut self.granted);
        for granted in waiting.drain(..) {
            match granted.slot {
                _ if granted.seq > self.durable => self.granted.push_back(granted),
                Some(slot) if slot > now => self.granted.push_back(granted),
                Some(slot) if now.since(slot) > self.admission.tolerance(granted.bucket) => {
                    self.give_new_slot(granted, now);
                }
                _ => self.send(granted, now),
            }
        }
    }

    fn give_new_slot(&mut self, granted: Granted, now: Time) {
        self.note_slot_and_disk(&granted, now);
        granted.slot.into_iter().for_each(|slot| self.admission.give_slot_back(granted.bucket, slot));
        let slot = self.admission.earliest(granted.bucket, now);
        if !self.has_lease(granted.bucket, slot, now) {
            self.granted.push_back(granted);
            return;
        }
        self.admission.take_slot(granted.bucket, slot);
        if slot <= now {
            self.send(granted, now);
        } else {
            self.granted.push_back(Granted { slot: Some(slot), ..granted });
        }
    }

    fn send(&mut self, granted: Granted, now: Time) {
        let ticket = self.next_ticket;
        for scope in &granted.members {
            if let Some(active) = self.active.get_mut(scope) {
                active.sent_at = now;
                active.wait.for_slot_and_disk(granted.slot, now);
                active.wait.handed_over();
            }
        }
        let leader = granted.members.first().and_then(|scope| self.active.get(scope)?.outgoing.as_deref());
        let Some(outgoing) = leader else { return };
        self.next_ticket += 1;
        self.actions.push(Action::Send(SendOrder {
            ticket,
            connection: outgoing.connection,
            bucket: outgoing.bucket,
            operation: outgoing.operation.clone(),
            settings: outgoing.settings.clone(),
            prepared: granted.prepared.unwrap_or_else(|| outgoing.prepared.clone()),
            timeout: outgoing.timeout,
            write: outgoing.write,
            once: outgoing.write && !outgoing.repeat.resends(),
            effect: outgoing.effect.filter(|_| outgoing.call.phase == Phase::Do),
        }));
        self.emit_sent(ticket, &granted.members);
        self.in_flight.insert(ticket, granted.members);
    }

    /// The calls that an order is for; several for a shared lookup, empty once its result was reported.
    #[must_use]
    pub fn asked_by(&self, ticket: u64) -> Vec<AskedBy> {
        let members = self.in_flight.get(&ticket).map(Vec::as_slice).unwrap_or_default();
        let asked = members.iter().filter_map(|scope| {
            let outgoing = self.active.get(scope)?.outgoing.as_deref()?;
            Some(AskedBy { whose: *scope, call: outgoing.call, lookup: outgoing.lookup })
        });
        asked.collect()
    }
}
