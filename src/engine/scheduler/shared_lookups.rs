//! Lookups asked together: one read tells of many calls. A read that is refused for one of its ids is halved until
//! that one is alone.

use std::sync::Arc;

use super::admission::Waiting;
use super::engine::{Engine, Granted};
use crate::engine::row::Outgoing;
use crate::model::{StepScope as Whose, Time, Value};
use crate::provider::Prepared;

impl Engine {
    /// Takes a place of a budget's queue, and with a lookup the others that can be asked in the same read.
    pub(super) fn take_waiting(&mut self, budget: usize, place: usize) -> Vec<Whose> {
        let first = match self.gates.budgets[budget].waiting.remove(place) {
            None => return Vec::new(),
            Some(Waiting::Part(members)) => return members,
            Some(Waiting::One(first)) => first,
        };
        let mut members = vec![first];
        let Some(leader) = self.outgoing(first).filter(|outgoing| outgoing.batch.is_some()) else { return members };
        let most = leader.batch.as_ref().map_or(1, |batch| batch.max);
        let together = |other: &Waiting| match other {
            Waiting::One(whose) => self.outgoing(*whose).is_some_and(|other| leader.goes_with(other)),
            Waiting::Part(_) => false,
        };
        let waiting = self.gates.budgets[budget].waiting.iter();
        let others: Vec<usize> = waiting.enumerate().filter(|(_, other)| together(other)).map(|(at, _)| at).collect();
        let others = &others[..others.len().min(most.saturating_sub(1))];
        for at in others.iter().rev() {
            let taken = self.gates.budgets[budget].waiting.remove(*at);
            members.extend(taken.iter().flat_map(Waiting::members));
        }
        members
    }

    fn outgoing(&self, whose: Whose) -> Option<&Outgoing> {
        self.active.get(&whose)?.outgoing.as_deref()
    }

    /// Gives several lookups one place and one slot.
    pub(super) fn grant_together(&mut self, members: Vec<Whose>, budget: usize, slot: Option<Time>, now: Time) {
        let Some(prepared) = self.asked_together(&members) else {
            let alone = members.into_iter().map(|whose| Waiting::Part(vec![whose]));
            self.gates.budgets[budget].waiting.extend(alone);
            return;
        };
        if let Some(slot) = slot {
            self.gates.take_slot(budget, slot);
        }
        self.gates.enter(budget);
        let mut seq = 0;
        for whose in &members {
            let Some(active) = self.active.get_mut(whose) else { continue };
            if let Some(outgoing) = &active.outgoing {
                active.machine.intend(now, outgoing);
            }
            let facts = active.machine.take_facts();
            let needs = active.needs_seq;
            let needs = if facts.is_empty() { needs } else { self.append(now, *whose, facts) };
            if let Some(active) = self.active.get_mut(whose) {
                active.needs_seq = needs;
            }
            seq = seq.max(needs);
        }
        self.granted.push_back(Granted { members, budget, slot, seq, prepared: Some(Arc::new(prepared)) });
    }

    /// The one request that asks for all.
    fn asked_together(&self, members: &[Whose]) -> Option<Prepared> {
        let leader = self.outgoing(*members.first()?)?;
        let input = &leader.batch.as_ref()?.input;
        let mut ids: Vec<Value> = Vec::new();
        for id in members.iter().filter_map(|whose| self.outgoing(*whose)?.inputs.get(input)?.as_array()).flatten() {
            if !ids.contains(id) {
                ids.push(id.clone());
            }
        }
        let mut inputs = leader.inputs.clone();
        inputs.insert(input.clone(), Value::Array(ids));
        let connection = &self.plan.connections[leader.connection];
        leader.operation.request(connection, &leader.settings, &inputs).ok()
    }

    /// Lookups that were refused together are asked again in halves, ahead of whatever waits.
    pub(super) fn halve(&mut self, mut members: Vec<Whose>, budget: usize) {
        if self.stop.is_some() {
            // They are looked up when the run goes on.
            for whose in &members {
                if let Some(active) = self.active.get_mut(whose) {
                    active.outgoing = None;
                }
            }
            return;
        }
        let second = members.split_off(members.len() / 2);
        let waiting = &mut self.gates.budgets[budget].waiting;
        waiting.push_front(Waiting::Part(second));
        waiting.push_front(Waiting::Part(members));
    }
}
