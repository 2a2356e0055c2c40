//! Imports a row of an earlier run into a later one: which calls stay done, matched by step and element, and whether
//! their requests would still be the same.

use std::collections::BTreeSet;

use super::view::{PlanView, PriorRow, carried as carried_call};
use crate::engine::row::{RowMachine, to_journal_index};
use crate::journal::{CallRef, CallState, Fact, ImportedCall, StepEnded, is_undone};
use crate::model::{Map, Phase, StepOutcome, Time, Value};
use crate::plan::BoundStep;
use crate::provider::Effect;

/// What a row begins with in a later run.
#[derive(Debug, Default)]
pub struct ImportedRow {
    /// The facts that it begins with.
    pub facts: Vec<Fact>,
    /// By step of the later plan: whether all its calls are done.
    pub done: Vec<bool>,
    /// Effects that were made and undone, and that the later run makes again under the same natural key.
    pub recreated: BTreeSet<RecreatedEffect>,
}

/// An effect that is made again after it was undone. A vendor that keeps cancelled objects may refuse it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RecreatedEffect {
    /// The operation.
    pub operation: String,
    /// The inputs whose values are the natural key.
    pub natural_key: Vec<String>,
}

/// A call that is done but whose request would be different now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportConflict {
    /// The step's id.
    pub step: String,
    /// What differs, in a sentence.
    pub message: String,
}

/// Imports a row into a later run. `cells` are its cells there; `None` for the steps that run once. `changed` says
/// whether rows or playbook may differ from the earlier run's; only then are requests compared.
///
/// # Errors
/// Every [`ImportConflict`]: calls that are done and that the later run would make differently, or not at all.
pub fn import_row(
    prior: PriorRow<'_>,
    old: &PlanView,
    new: &PlanView,
    cells: Option<&Map>,
    changed: bool,
) -> Result<ImportedRow, Vec<ImportConflict>> {
    let PriorRow { scope, key, facts, .. } = prior;
    let mut was = old.machine(scope, key, prior.cells, facts);
    was.publish_all_steps(old.plan.list(was.list));
    let mut is = new.machine(scope, key, cells, &[]);
    is.set("steps", Value::Object(was.step_values()));
    let mut import = RowImport { prior, old, new, was, is, cells, changed, conflicts: Vec::new() };
    let imported = import.all();
    if import.conflicts.is_empty() { Ok(imported) } else { Err(import.conflicts) }
}

struct RowImport<'a> {
    prior: PriorRow<'a>,
    old: &'a PlanView,
    new: &'a PlanView,
    /// The row under the earlier plan, with all that is known of its steps.
    was: RowMachine,
    /// The row under the later plan, with the values of the earlier run's steps.
    is: RowMachine,
    /// The cells of the row in the later run; `None` for the steps that run once.
    cells: Option<&'a Map>,
    changed: bool,
    conflicts: Vec<ImportConflict>,
}

impl RowImport<'_> {
    fn all(&mut self) -> ImportedRow {
        let list = self.was.list;
        let (old_plan, new_plan) = (self.old.plan.clone(), self.new.plan.clone());
        let (old_steps, new_steps) = (old_plan.list(list), new_plan.list(list));
        for (place, step) in old_steps.iter().enumerate() {
            if !new_steps.iter().any(|new| new.id == step.id) && self.stands(place) {
                self.conflict(&step.id, "it is done, but the playbook no longer has it".to_owned());
            }
        }
        let mut imported = ImportedRow { done: vec![false; new_steps.len()], ..ImportedRow::default() };
        let mut carried = Vec::new();
        for (place, step) in new_steps.iter().enumerate() {
            let Some(was_at) = old_steps.iter().position(|old| old.id == step.id) else { continue };
            let calls = self.step((was_at, &old_steps[was_at]), (place, step));
            imported.done[place] = calls.as_ref().is_some_and(|(_, whole)| *whole);
            carried.push((place, was_at, calls.map(|(calls, _)| calls).unwrap_or_default()));
        }
        let last = carried.iter().rev().find(|(_, _, calls)| !calls.is_empty()).map(|(place, ..)| *place);
        for (place, was_at, calls) in carried {
            imported.facts.extend(calls.into_iter().map(Fact::ImportedCall));
            // A step that was skipped before one that is done stays skipped.
            if last.is_some_and(|last| place < last) && self.was_skipped(was_at) {
                let (step, outcome) = (to_journal_index(place), StepOutcome::Skipped);
                imported.facts.push(Fact::StepEnded(StepEnded { step, outcome, code: None, message: None }));
                imported.done[place] = true;
            }
        }
        imported.recreated = self.all_recreated();
        imported
    }

    /// The effects that were made and undone, and that the later run makes again under the same natural key. A key that
    /// takes an output of such a step is a new one, because the step is made anew.
    fn all_recreated(&self) -> BTreeSet<RecreatedEffect> {
        let (old_plan, new_plan) = (self.old.plan.clone(), self.new.plan.clone());
        let (old_steps, new_steps) = (old_plan.list(self.was.list), new_plan.list(self.was.list));
        let undone: Vec<Vec<CallRef>> = (0..old_steps.len()).map(|place| self.undone_calls(place)).collect();
        let mut values = self.was.step_values();
        for (step, _) in old_steps.iter().zip(&undone).filter(|(_, calls)| !calls.is_empty()) {
            values.remove(&step.id);
        }
        let mut begins = self.new.machine(self.prior.scope, self.prior.key, self.cells, &[]);
        begins.set("steps", Value::Object(values));
        let mut recreated = BTreeSet::new();
        for (place, step) in new_steps.iter().enumerate() {
            let Some(was_at) = old_steps.iter().position(|old| old.id == step.id) else { continue };
            recreated.extend(self.recreated(&mut begins, &undone[was_at], (place, step)));
        }
        recreated
    }

    /// The calls of a step whose effects were made and undone.
    fn undone_calls(&self, place: usize) -> Vec<CallRef> {
        let shape = self.old.shape(self.prior.scope);
        let state = self.was.state();
        let calls = state.steps.get(place).map(|step| step.calls.as_slice()).unwrap_or_default();
        let calls = (0_u32..).zip(calls).map(|(item, call)| {
            (CallRef { step: to_journal_index(place), item, phase: Phase::Do }, call.made_an_effect())
        });
        calls.filter(|(call, made)| *made && is_undone(state, shape, *call)).map(|(call, _)| call).collect()
    }

    /// The effect of a step whose calls `undone` were made and undone, if the later run would make it again under the
    /// same natural key; `None` otherwise. `begins` is the row as it begins there.
    fn recreated(
        &self,
        begins: &mut RowMachine,
        undone: &[CallRef],
        (place, step): (usize, &BoundStep),
    ) -> Option<RecreatedEffect> {
        if undone.is_empty() {
            return None;
        }
        let context = self.new.context(self.prior.scope, Time::default());
        begins.elements(context, place, step).ok()?;
        let again = undone.iter().any(|was| {
            let now = CallRef { step: to_journal_index(place), ..*was };
            let made = begins.render_call(context, step, &step.call, now).ok().and_then(|made| made.natural_key);
            made.is_some() && made.as_ref() == natural_key_of(self.prior.facts, *was)
        });
        let operation = &step.call.operation;
        again.then(|| RecreatedEffect {
            operation: operation.full_name().to_owned(),
            natural_key: operation.natural_key.clone(),
        })
    }

    fn was_skipped(&self, place: usize) -> bool {
        let ended = self.was.state().steps.get(place).and_then(|step| step.ended.as_ref());
        ended.is_some_and(|ended| ended.outcome == StepOutcome::Skipped)
    }

    /// Whether an effect of the step at this index of the earlier plan exists.
    fn stands(&self, place: usize) -> bool {
        let write = self.old.shape(self.prior.scope).steps.get(place).is_some_and(|step| step.write);
        write && self.done_calls(place).iter().any(|(_, call)| call.made_an_effect())
    }

    /// The calls of a step that are done and not undone, with the indices of their elements.
    fn done_calls(&self, place: usize) -> Vec<(u32, CallState)> {
        let state = self.was.state();
        let calls = state.steps.get(place).map(|step| step.calls.as_slice()).unwrap_or_default();
        let shape = self.old.shape(self.prior.scope);
        let step = to_journal_index(place);
        (0_u32..)
            .zip(calls)
            .filter(|(item, call)| {
                call.is_done() && !is_undone(state, shape, CallRef { step, item: *item, phase: Phase::Do })
            })
            .map(|(item, call)| (item, call.clone()))
            .collect()
    }

    /// The calls of a step that stay done, and whether those are all of its calls; `None` if there are none.
    fn step(
        &mut self,
        (was_at, was): (usize, &BoundStep),
        (place, step): (usize, &BoundStep),
    ) -> Option<(Vec<ImportedCall>, bool)> {
        let done = self.done_calls(was_at);
        if done.is_empty() {
            return None;
        }
        let elements = match self.elements(place, step) {
            Ok(elements) => elements,
            Err(message) => {
                self.conflict(
                    &step.id,
                    format!("it was done before, and its elements cannot be rendered now: {message}"),
                );
                return None;
            }
        };
        let old_elements = self.was_elements(was_at, was);
        let mut carried = Vec::new();
        for (item, call) in done {
            let identity = call.element.clone().or_else(|| old_elements.get(item as usize).cloned().flatten());
            let at = elements.iter().position(|element| *element == identity);
            let Some(at) = at else {
                if call.made_an_effect() && was.call.operation.effect == Effect::Write {
                    let message = "an element of it is done, but its list no longer has that element";
                    self.conflict(&step.id, message.to_owned());
                }
                continue;
            };
            let from = CallRef { step: to_journal_index(was_at), item, phase: Phase::Do };
            let to = CallRef { step: to_journal_index(place), item: to_journal_index(at), ..from };
            if self.is_same_call((was, from), (step, to), &call) {
                let from = call.imported_from.clone().unwrap_or_else(|| self.prior.run.clone());
                carried.push(carried_call(to, &call, identity, from));
            }
        }
        let whole = carried.len() == elements.len();
        (!carried.is_empty()).then_some((carried, whole))
    }

    /// The identities of a step's elements in the later run; a single `None` without `for_each`.
    ///
    /// # Errors
    /// A message, if they cannot be rendered or are not a list.
    fn elements(&mut self, place: usize, step: &BoundStep) -> Result<Vec<Option<String>>, String> {
        let context = self.new.context(self.prior.scope, Time::default());
        self.is.elements(context, place, step)
    }

    fn was_elements(&mut self, place: usize, step: &BoundStep) -> Vec<Option<String>> {
        let context = self.old.context(self.prior.scope, Time::default());
        self.was.elements(context, place, step).unwrap_or_default()
    }

    /// Whether a done call would be the same call in the later run. A write that would differ is a conflict; a read is
    /// simply made anew.
    fn is_same_call(
        &mut self,
        (was, from): (&BoundStep, CallRef),
        (step, to): (&BoundStep, CallRef),
        call: &CallState,
    ) -> bool {
        if !self.changed {
            return true;
        }
        // A template needs the whole answer now, but the earlier run did not store it.
        if step.body_used && !was.body_used && step.call.operation.effect == Effect::Read {
            return false;
        }
        let then = call.first_at.unwrap_or_default();
        let scope = self.prior.scope;
        let now = self.is.request_now(self.new.context(scope, then), step, to);
        let before = self.was.request_now(self.old.context(scope, then), was, from);
        let message = match (&now, &before) {
            (Ok(now), Ok(before)) if now == before => return true,
            (Ok((name, hash)), Err(_))
                if call.hash.as_ref() == Some(hash) && *name == was.call.operation.full_name() =>
            {
                return true;
            }
            (Ok((now, _)), Ok((before, _))) if now != before => format!("`{before}` is done, but now it is `{now}`"),
            (Ok(_), _) => "it is done, but its request would be different now".to_owned(),
            (Err(why), _) => format!("it is done, but its request cannot be built now: {why}"),
        };
        let only_read = call.ended.as_ref().is_some_and(|ended| ended.read);
        if was.call.operation.effect == Effect::Write && !only_read {
            self.conflict(&step.id, message);
        }
        false
    }

    fn conflict(&mut self, step: &str, message: String) {
        self.conflicts.push(ImportConflict { step: step.to_owned(), message });
    }
}

/// The natural key of the call's last send.
fn natural_key_of(facts: &[(Time, Fact)], call: CallRef) -> Option<&String> {
    facts.iter().rev().find_map(|(_, fact)| match fact {
        Fact::Intent(intent) if intent.call == call => intent.natural_key.as_ref(),
        Fact::Intent(_)
        | Fact::Attempted(_)
        | Fact::StepEnded(_)
        | Fact::RollbackStarted
        | Fact::RowEnded(_)
        | Fact::Settled(_)
        | Fact::Reopened(_)
        | Fact::ImportedCall(_)
        | Fact::ContinuedIn(_)
        | Fact::Began { .. }
        | Fact::Steered(_)
        | Fact::Stopped(_)
        | Fact::Finished => None,
    })
}
