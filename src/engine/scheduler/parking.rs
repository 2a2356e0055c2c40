//! Scopes that stay as they are until the run is resumed, because another run has their call under way, or because
//! this pass only looks up calls in doubt.

use super::engine::{Active, Engine, LeftRows};
use crate::model::{RunId, StepScope, Time};
use crate::policy::StopReason;

impl Engine {
    /// Whether a scope has nothing more to look up, in a pass that only looks up calls in doubt.
    pub(super) fn has_nothing_to_look_up(&self, active: &Active) -> bool {
        let machine = &active.machine;
        self.lookups_only && machine.state().ended.is_none() && !machine.is_looking_up() && !machine.has_unknown()
    }

    /// Writes a scope's facts and leaves it as it is.
    pub(super) fn park(&mut self, scope: StepScope, mut active: Box<Active>, now: Time) {
        self.recount_calls(scope, &mut active);
        let facts = active.machine.take_facts();
        if !facts.is_empty() {
            self.append(now, scope, facts);
        }
    }

    /// Leaves a scope as it is, because another run has its call under way. If it is a step that runs once, the run
    /// stops.
    pub(super) fn leave_to(&mut self, scope: StepScope, active: Box<Active>, run: RunId, now: Time) {
        self.left_rows.rows += u64::from(matches!(scope, StepScope::Row(_)));
        self.left_rows.runs.insert(run);
        self.park(scope, active, now);
        if !matches!(scope, StepScope::Row(_)) {
            self.stop_for_left_rows(now);
        }
    }

    pub(super) fn has_left_rows(&self) -> bool {
        self.left_rows.rows > 0
    }

    /// Stops the run because of the rows that are left to other runs.
    pub(super) fn stop_for_left_rows(&mut self, now: Time) {
        let LeftRows { rows, runs } = &self.left_rows;
        self.stop_for(StopReason::LeftToOtherRun { rows: *rows, runs: runs.clone() }, now);
    }
}
