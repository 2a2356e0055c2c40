//! Calls that another run has under way: what waits for it, and what is left to it.

use std::collections::BTreeSet;

use super::attempt::STOPPED;
use super::scheduler::{Active, Engine, Granted};
use crate::model::{RunId, Scope as Whose, Time};
use crate::policy::StopReason;

/// Rows that were left to other runs.
#[derive(Debug, Default)]
pub(super) struct LeftRows {
    rows: u64,
    runs: BTreeSet<RunId>,
}

impl Engine {
    /// An order that waited for another run, and was not handed over, is given a slot anew.
    pub fn on_postponed(&mut self, ticket: u64, now: Time) {
        let Some(members) = self.on_the_wire.remove(&ticket) else { return };
        self.news = true;
        // Only an effect waits for other runs, and no effect is asked for together with others.
        let Some(whose) = members.first().copied() else { return };
        let Some(active) = self.active.get_mut(&whose) else { return };
        let Some(outgoing) = active.outgoing.as_deref() else { return };
        let budget = outgoing.budget;
        if self.stop.is_some() {
            self.gates.leave(budget);
            if let Some(outgoing) = active.outgoing.take() {
                active.machine.on_withheld(now, &outgoing, STOPPED);
            }
            self.unwritten.push(whose);
            self.recount_of(whose);
            return;
        }
        // The slot that it had has passed: it takes a new one.
        let slot = self.gates.is_rated(budget).then_some(active.sent_at);
        let seq = active.needs_seq;
        self.granted.push_back(Granted { members, budget, slot, seq, prepared: None });
    }

    /// Leaves a scope as it stands: it goes on when the run is resumed. Without a step that runs once, nothing goes on.
    pub(super) fn leave_to(&mut self, whose: Whose, active: Box<Active>, run: RunId, now: Time) {
        self.left.rows += u64::from(matches!(whose, Whose::Row(_)));
        self.left.runs.insert(run);
        self.park(whose, active, now);
        if !matches!(whose, Whose::Row(_)) {
            self.stop_for_left_rows(now);
        }
    }

    pub(super) fn has_left_rows(&self) -> bool {
        self.left.rows > 0
    }

    /// Everything else is done, or nothing else may begin.
    pub(super) fn stop_for_left_rows(&mut self, now: Time) {
        let LeftRows { rows, runs } = &self.left;
        self.stop_for(StopReason::LeftToOtherRun { rows: *rows, runs: runs.clone() }, now);
    }

    fn recount_of(&mut self, whose: Whose) {
        if let Some(mut active) = self.active.remove(&whose) {
            self.recount(&mut active);
            self.active.insert(whose, active);
        }
    }
}
