//! Decides which call may be sent. A call first gets its slot, then its intent is written, and once the intent is on
//! disk, the call is sent.

use std::time::Duration;

use super::action::Action;
use super::admission::{LEASE_LEAD, QueueEntry};
use super::engine::{Engine, Granted};
use crate::model::{StepScope, Time};
use crate::policy::{RateLease, WaitReason};

/// The longest time before its slot at which an intent is written.
const LONGEST_LEAD: Duration = Duration::from_millis(500);

impl Engine {
    /// Gives slots to the calls that may go out, those of later steps first.
    pub(super) fn grant(&mut self, now: Time) {
        self.holds_writes = false;
        if self.paused.is_some() {
            let buckets = &mut self.admission.buckets;
            buckets.iter_mut().for_each(|bucket| bucket.held.hold(Some(WaitReason::Paused), now));
            return;
        }
        // Rate buckets are in the order of the steps: later steps finish rows that earlier ones began.
        for bucket in (0..self.admission.buckets.len()).rev() {
            if self.stop.is_some() {
                return;
            }
            self.grant_bucket(bucket, now);
        }
    }

    fn grant_bucket(&mut self, bucket: usize, now: Time) {
        let held_by = self.grant_until_held(bucket, now);
        self.admission.buckets[bucket].held.hold(held_by, now);
    }

    /// Gives slots to the calls of a bucket until something holds the next one back. Returns what does; `None` if no call
    /// is left.
    fn grant_until_held(&mut self, bucket: usize, now: Time) -> Option<WaitReason> {
        let connection = self.admission.buckets[bucket].connection;
        while let Some(place) = self.next_in_queue(bucket) {
            if self.tokens.start_fetch(connection, now) {
                self.logins[connection].since = Some(now);
                self.actions.push(Action::FetchToken(connection));
            }
            if !self.tokens.is_ready(connection) {
                return Some(WaitReason::Login);
            }
            if !self.admission.has_room(bucket) {
                return Some(WaitReason::InFlight);
            }
            let slot = self.admission.is_rated(bucket).then(|| self.admission.earliest(bucket, now));
            if slot.is_some_and(|slot| slot > now.plus(self.lead().max(LEASE_LEAD))) {
                return Some(self.admission.paced_by(bucket, now));
            }
            if slot.is_some_and(|slot| !self.has_lease(bucket, slot, now) || slot > now.plus(self.lead())) {
                return Some(self.admission.paced_by(bucket, now));
            }
            if !self.has_effect_budget(bucket, place, now) {
                // If that stopped the run, its queues are empty.
                continue;
            }
            let members = self.take_from_queue(bucket, place);
            match members.as_slice() {
                [] => return None,
                [scope] => self.grant_call(*scope, bucket, slot, now),
                _ => self.grant_shared_lookup(members, bucket, slot, now),
            }
        }
        self.held_back(bucket)
    }

    /// What holds back all calls in a bucket's queue; `None` if it is empty.
    fn held_back(&self, bucket: usize) -> Option<WaitReason> {
        let waits = !self.admission.buckets[bucket].waiting.is_empty();
        waits.then_some(if self.send_window.open { WaitReason::EffectBudget } else { WaitReason::Window })
    }

    /// Whether this process has a lease of a bucket's shared rate at an instant. If not, requests one.
    pub(super) fn has_lease(&mut self, bucket: usize, slot: Time, now: Time) -> bool {
        match self.admission.request_lease(bucket, slot, now) {
            None => true,
            Some(wanted) => {
                self.actions.extend(wanted.map(|wanted| Action::TakeLease { bucket, wanted }));
                false
            }
        }
    }

    /// Takes in the lease that was asked for; `None` where there is no answer yet.
    pub fn on_lease(&mut self, bucket: usize, lease: Option<RateLease>, now: Time) {
        self.admission.on_lease(bucket, lease, now);
        self.news = true;
    }

    /// How long before its slot an intent is written, so that it is on the disk in time.
    pub(super) fn lead(&self) -> Duration {
        (self.sync_time * 2).min(LONGEST_LEAD)
    }

    fn grant_call(&mut self, scope: StepScope, bucket: usize, slot: Option<Time>, now: Time) {
        let Some(mut active) = self.active.remove(&scope) else { return };
        let Some(outgoing) = active.outgoing.take() else {
            self.active.insert(scope, active);
            return;
        };
        active.wait.granted(&mut self.admission.buckets[bucket].held, now);
        if let Some(late) = outgoing.missed_deadline(slot.unwrap_or(now)) {
            active.machine.set_timing(None, active.wait.take(now));
            active.machine.expire(now, &outgoing, &late);
            self.advance(scope, active, now);
            return;
        }
        if let Some(slot) = slot {
            self.admission.take_slot(bucket, slot);
        }
        self.admission.enter(bucket);
        active.machine.intend(now, &outgoing);
        self.recount_effects(&mut active);
        let facts = active.machine.take_facts();
        if !facts.is_empty() {
            active.needs_seq = self.append(now, scope, facts);
        }
        let seq = active.needs_seq;
        active.outgoing = Some(outgoing);
        self.active.insert(scope, active);
        self.granted.push_back(Granted { members: vec![scope], bucket, slot, seq, prepared: None });
    }

    /// The index of the first call in a bucket's queue that neither the send window nor the effect budget holds back;
    /// `None` if there is none.
    pub(super) fn next_in_queue(&self, bucket: usize) -> Option<usize> {
        let may_write = |scope: &StepScope| self.send_window.open && (!self.holds_writes || self.is_in_doubt(*scope));
        let may =
            |waiting: &QueueEntry| waiting.members().iter().all(|scope| may_write(scope) || !self.is_write(*scope));
        self.admission.buckets[bucket].waiting.iter().position(may)
    }

    /// When the send window opens, as an instant and in its own time zone; `None` if nothing waits for it.
    pub(super) fn waits_for_send_window(&self) -> Option<(Time, String)> {
        let until = self.send_window.closed_until().filter(|_| self.stop.is_none())?;
        let waiting = self.admission.buckets.iter().flat_map(|bucket| &bucket.waiting);
        let waits = waiting.flat_map(QueueEntry::members).any(|scope| self.is_write(*scope));
        let wall = self.send_window.window.as_ref().filter(|_| waits)?.on_the_wall(until);
        Some((until, wall))
    }
}
