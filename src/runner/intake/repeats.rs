//! Calls of a run that other runs have already made: how many, of how many rows, and the first of them by name.

use std::collections::{BTreeMap, BTreeSet};

use crate::io::journal::{EffectHistory, PriorEffect};
use crate::io::marks::{ListWriter, ONCE, row_hash};
use crate::journal::EffectState;
use crate::model::{EffectKey, RunId};
use crate::plan::{BoundStep, CheckedCall, Plan};

/// The most calls that are named; more are only counted.
const MAX_NAMED: usize = 20;

/// One call that another run has made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RepeatedCall {
    /// The row's number in its file; `None` for a step that runs once.
    pub row: Option<u64>,
    /// The row's key.
    pub key: String,
    /// The operation.
    pub operation: String,
    /// The run that made its effect, and the effect's state there.
    pub before: PriorEffect,
}

/// All calls of a run that other runs have made.
#[derive(Debug, Clone, Default)]
pub struct Repeats {
    /// The number of calls.
    pub calls: u64,
    /// The number of rows with such a call.
    pub rows: u64,
    /// The number of such calls of steps that run once.
    pub once: u64,
    /// The number of such calls whose outcome in the other run is unknown and can still be settled there.
    pub unknown: u64,
    /// The number of rows with a call that another run made, by that run and the state of the effect.
    pub by_run: BTreeMap<(RunId, EffectState), u64>,
    /// The first of the calls.
    pub named: Vec<RepeatedCall>,
}

/// The calls of one row, or of the steps that run once.
pub(super) struct CallsOfRow<'a> {
    pub plan: &'a Plan,
    pub steps: &'a [BoundStep],
    pub row: Option<u64>,
    pub key: &'a str,
}

impl Repeats {
    /// Looks the calls of a row up in the history and counts those that were made before; true if any was.
    pub(super) fn look_up(
        &mut self,
        asking: &CallsOfRow<'_>,
        calls: &[CheckedCall],
        history: &mut EffectHistory,
    ) -> bool {
        let mut found = false;
        let mut runs = BTreeSet::new();
        for call in calls {
            let Some(step) = asking.steps.get(call.step) else { continue };
            let Some(before) = made_before(asking, step, call, history) else { continue };
            found = true;
            self.calls += 1;
            self.once += u64::from(asking.row.is_none());
            runs.insert((before.run.clone(), before.state));
            self.unknown += u64::from(before.state.is_in_doubt() && !before.pruned);
            if self.named.len() < MAX_NAMED {
                let (row, key, operation) =
                    (asking.row, asking.key.to_owned(), step.call.operation.full_name().to_owned());
                self.named.push(RepeatedCall { row, key, operation, before });
            }
        }
        self.rows += u64::from(found && asking.row.is_some());
        if asking.row.is_some() {
            runs.into_iter().for_each(|one| *self.by_run.entry(one).or_default() += 1);
        }
        found
    }
}

impl CallsOfRow<'_> {
    /// Adds the row to a list, with the effects that its calls are known to make.
    pub(super) fn list(&self, calls: &[CheckedCall], list: &mut ListWriter) {
        let made = calls.iter().filter_map(|call| effect_of(self.plan, self.steps.get(call.step)?, call));
        let key = if self.row.is_some() { self.key } else { ONCE };
        list.add(row_hash(key), &made.collect::<Vec<_>>());
    }
}

fn made_before(
    asking: &CallsOfRow<'_>,
    step: &BoundStep,
    call: &CheckedCall,
    history: &mut EffectHistory,
) -> Option<PriorEffect> {
    let effect = effect_of(asking.plan, step, call);
    let before = effect.as_ref().and_then(|effect| history.find(effect));
    if before.is_some() || !history.has_listed() || !step.call.is_guarded(asking.plan, &call.inputs) {
        return before;
    }
    history.find_listed(effect.as_ref(), step.call.operation.full_name(), asking.row.map(|_| asking.key))
}

/// The effect of a call that no other run may repeat; `None` if it has none, or if it is known only after an answer.
fn effect_of(plan: &Plan, step: &BoundStep, call: &CheckedCall) -> Option<EffectKey> {
    let connection = &plan.connections[step.call.connection];
    let hash = || {
        // A call that needs an earlier answer has no request yet.
        if call.deferred {
            return None;
        }
        let request = step.call.operation.request(connection, &call.settings, &call.inputs);
        request.ok().map(|request| request.hash())
    };
    step.call.effect(plan, &call.inputs, hash)
}
