//! Scopes that are left as they stand until the run goes on: another run has their call under way, or this pass only asks.

use super::engine::{Active, Engine, LeftRows};
use crate::model::{RunId, StepScope as Whose, Time};
use crate::policy::StopReason;

impl Engine {
    /// Whether a scope has nothing more to ask in a pass that only asks.
    pub(super) fn has_asked(&self, active: &Active) -> bool {
        let machine = &active.machine;
        self.settling && machine.state().ended.is_none() && !machine.is_looking_up() && !machine.has_unknown()
    }

    /// Writes what became known of a scope and leaves it as it stands.
    pub(super) fn park(&mut self, whose: Whose, mut active: Box<Active>, now: Time) {
        let facts = active.machine.take_facts();
        if !facts.is_empty() {
            self.append(now, whose, facts);
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
