//! Calls that are not handed over: those that another run has under way, those that have to wait, those of a run that stops.

use std::collections::BTreeSet;

use super::action::Order;
use super::scheduler::{Active, Engine, Granted};
use super::withheld::STOPPED;
use crate::model::{RunId, StepScope as Whose, Time};
use crate::policy::StopReason;

/// Rows that were left to other runs.
#[derive(Debug, Default)]
pub(super) struct LeftRows {
    rows: u64,
    runs: BTreeSet<RunId>,
}

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
}
