//! Shared lookups: one read that asks for many calls. If the vendor rejects it, perhaps because of one id, its halves
//! are sent instead, until that id is alone.

use std::sync::Arc;

use super::admission::QueueEntry;
use super::engine::{Engine, Granted};
use crate::engine::row::OutgoingCall;
use crate::model::{StepScope, Time, Value};
use crate::provider::PreparedRequest;

impl Engine {
    /// Takes an entry from a bucket's queue, and with a lookup those that can share its request.
    pub(super) fn take_from_queue(&mut self, bucket: usize, place: usize) -> Vec<StepScope> {
        let first = match self.admission.buckets[bucket].waiting.remove(place) {
            None => return Vec::new(),
            Some(QueueEntry::Part(members)) => return members,
            Some(QueueEntry::One(first)) => first,
        };
        let mut members = vec![first];
        let Some(leader) = self.outgoing(first).filter(|outgoing| outgoing.batch.is_some()) else { return members };
        let most = leader.batch.as_ref().map_or(1, |batch| batch.max);
        let together = |other: &QueueEntry| match other {
            QueueEntry::One(scope) => self.outgoing(*scope).is_some_and(|other| leader.can_share_request_with(other)),
            QueueEntry::Part(_) => false,
        };
        let waiting = self.admission.buckets[bucket].waiting.iter();
        let others: Vec<usize> = waiting.enumerate().filter(|(_, other)| together(other)).map(|(at, _)| at).collect();
        let others = &others[..others.len().min(most.saturating_sub(1))];
        for at in others.iter().rev() {
            let taken = self.admission.buckets[bucket].waiting.remove(*at);
            members.extend(taken.iter().flat_map(QueueEntry::members));
        }
        members
    }

    fn outgoing(&self, scope: StepScope) -> Option<&OutgoingCall> {
        self.active.get(&scope)?.outgoing.as_deref()
    }

    /// Gives several lookups one slot as one request.
    pub(super) fn grant_shared_lookup(
        &mut self,
        members: Vec<StepScope>,
        bucket: usize,
        slot: Option<Time>,
        now: Time,
    ) {
        let Some(prepared) = self.shared_request(&members) else {
            let alone = members.into_iter().map(|scope| QueueEntry::Part(vec![scope]));
            self.admission.buckets[bucket].waiting.extend(alone);
            return;
        };
        if let Some(slot) = slot {
            self.admission.take_slot(bucket, slot);
        }
        self.admission.enter(bucket);
        self.note_granted(&members, bucket, now);
        let mut seq = 0;
        for scope in &members {
            let Some(active) = self.active.get_mut(scope) else { continue };
            if let Some(outgoing) = &active.outgoing {
                active.machine.intend(now, outgoing);
            }
            let facts = active.machine.take_facts();
            let needs = active.needs_seq;
            let needs = if facts.is_empty() { needs } else { self.append(now, *scope, facts) };
            if let Some(active) = self.active.get_mut(scope) {
                active.needs_seq = needs;
            }
            seq = seq.max(needs);
        }
        self.granted.push_back(Granted { members, bucket, slot, seq, prepared: Some(Arc::new(prepared)) });
    }

    /// The request that asks for all members; `None` if it cannot be made.
    fn shared_request(&self, members: &[StepScope]) -> Option<PreparedRequest> {
        let leader = self.outgoing(*members.first()?)?;
        let input = &leader.batch.as_ref()?.input;
        let mut ids: Vec<Value> = Vec::new();
        for id in members.iter().filter_map(|scope| self.outgoing(*scope)?.inputs.get(input)?.as_array()).flatten() {
            if !ids.contains(id) {
                ids.push(id.clone());
            }
        }
        let mut inputs = leader.inputs.clone();
        inputs.insert(input.clone(), Value::Array(ids));
        let connection = &self.plan.connections[leader.connection];
        leader.operation.request(connection, &leader.settings, &inputs).ok()
    }

    /// Puts the halves of a rejected shared lookup at the head of the queue.
    pub(super) fn split_refused_lookup(&mut self, mut members: Vec<StepScope>, bucket: usize, now: Time) {
        if self.stop.is_some() {
            // They are looked up when the run is resumed.
            for scope in &members {
                if let Some(active) = self.active.get_mut(scope) {
                    active.outgoing = None;
                }
            }
            return;
        }
        self.note_queued(&members, bucket, now);
        let second = members.split_off(members.len() / 2);
        let waiting = &mut self.admission.buckets[bucket].waiting;
        waiting.push_front(QueueEntry::Part(second));
        waiting.push_front(QueueEntry::Part(members));
    }
}
