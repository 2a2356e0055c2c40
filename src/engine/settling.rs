//! A pass that only asks: calls in doubt are looked up, and whatever would be sent next waits for the run to go on.

use super::row_machine::RowMachine;
use super::scheduler::{Active, Engine};
use crate::journal::CallState;
use crate::model::{StepOutcome, StepScope as Whose, Time};

impl RowMachine {
    /// Whether a lookup is to tell what became of a call.
    fn is_looking_up(&self) -> bool {
        self.calls().any(|call| call.ended.is_none() && call.to_look_up)
    }

    /// Whether a call ended without anybody knowing how.
    fn has_unknown(&self) -> bool {
        self.calls().any(|call| call.ended.as_ref().is_some_and(|ended| ended.outcome == StepOutcome::Unknown))
    }

    pub(super) fn calls(&self) -> impl Iterator<Item = &CallState> {
        self.state.steps.iter().flat_map(|step| step.calls.iter().chain(&step.undone))
    }
}

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
}
