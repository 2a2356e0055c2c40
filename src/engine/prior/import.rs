//! What a row brings along into a later run: the calls that stay done, matched by step and element, and whether
//! their requests would still be the same.

use std::collections::BTreeSet;

use super::view::{Earlier, Side, carried as carried_call};
use crate::engine::row::{RowMachine, number};
use crate::journal::{CallRef, CallState, Fact, ImportedCall, StepEnded, is_undone};
use crate::model::{Map, Phase, StepOutcome, Time, Value};
use crate::plan::BoundStep;
use crate::provider::Effect;

/// What a row brings along.
#[derive(Debug, Default)]
pub struct Brought {
    /// The facts it begins with.
    pub facts: Vec<Fact>,
    /// By step: whether nothing of it is left to do.
    pub done: Vec<bool>,
    /// What was made and taken back, and will be made again under the same natural key.
    pub made_again: BTreeSet<MadeAgain>,
}

/// An operation that made something which was taken back.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct MadeAgain {
    /// The operation.
    pub operation: String,
    /// The inputs whose values name what must not be made twice.
    pub natural_key: Vec<String>,
}

/// A call that is done and whose request would now be another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// The step's id.
    pub step: String,
    /// What is not as it was.
    pub message: String,
}

/// What a row brings along. `now` are its cells in the later run. Without a difference of rows or playbook nothing
/// needs to be compared: `changed` says whether there may be one.
///
/// # Errors
/// The calls that are done and whose requests would now be others.
pub fn carry(
    earlier: Earlier<'_>,
    old: &Side,
    new: &Side,
    cells: Option<&Map>,
    changed: bool,
) -> Result<Brought, Vec<Conflict>> {
    let Earlier { whose, key, facts, .. } = earlier;
    let mut was = old.machine(whose, key, earlier.cells, facts);
    was.learn_all(old.plan.list(was.list));
    let mut is = new.machine(whose, key, cells, &[]);
    is.set("steps", Value::Object(was.known_steps()));
    let mut carrying = Carrying { earlier, old, new, was, is, changed, conflicts: Vec::new() };
    let brought = carrying.all();
    if carrying.conflicts.is_empty() { Ok(brought) } else { Err(carrying.conflicts) }
}

struct Carrying<'a> {
    earlier: Earlier<'a>,
    old: &'a Side,
    new: &'a Side,
    /// The row as it was, every step known.
    was: RowMachine,
    /// The row as it is now, seeing what its steps brought.
    is: RowMachine,
    changed: bool,
    conflicts: Vec<Conflict>,
}

impl Carrying<'_> {
    fn all(&mut self) -> Brought {
        let list = self.was.list;
        let (old_plan, new_plan) = (self.old.plan.clone(), self.new.plan.clone());
        let (old_steps, new_steps) = (old_plan.list(list), new_plan.list(list));
        for (place, step) in old_steps.iter().enumerate() {
            if !new_steps.iter().any(|new| new.id == step.id) && self.stands(place) {
                self.conflict(&step.id, "it is done, and the playbook no longer has it".to_owned());
            }
        }
        let mut brought = Brought { done: vec![false; new_steps.len()], ..Brought::default() };
        let mut carried = Vec::new();
        for (place, step) in new_steps.iter().enumerate() {
            let Some(was_at) = old_steps.iter().position(|old| old.id == step.id) else { continue };
            let calls = self.step((was_at, &old_steps[was_at]), (place, step));
            brought.made_again.extend(self.made_again(was_at, (place, step)));
            brought.done[place] = calls.as_ref().is_some_and(|(_, whole)| *whole);
            carried.push((place, was_at, calls.map(|(calls, _)| calls).unwrap_or_default()));
        }
        let last = carried.iter().rev().find(|(_, _, calls)| !calls.is_empty()).map(|(place, ..)| *place);
        for (place, was_at, calls) in carried {
            brought.facts.extend(calls.into_iter().map(Fact::ImportedCall));
            // What was left out ahead of something done stays left out.
            if last.is_some_and(|last| place < last) && self.was_skipped(was_at) {
                let (step, outcome) = (number(place), StepOutcome::Skipped);
                brought.facts.push(Fact::StepEnded(StepEnded { step, outcome, code: None, message: None }));
                brought.done[place] = true;
            }
        }
        brought
    }

    /// What a step made and what was taken back, where the same would be made again. A vendor that keeps what was
    /// cancelled may refuse its natural key.
    fn made_again(&mut self, was_at: usize, (place, step): (usize, &BoundStep)) -> Option<MadeAgain> {
        let shape = self.old.shape(self.earlier.whose);
        let state = self.was.state();
        let calls = state.steps.get(was_at).map(|step| step.calls.as_slice()).unwrap_or_default();
        let calls = (0_u32..)
            .zip(calls)
            .map(|(item, call)| (CallRef { step: number(was_at), item, phase: Phase::Do }, call.made_an_effect()));
        let taken_back: Vec<CallRef> =
            calls.filter(|(call, made)| *made && is_undone(state, shape, *call)).map(|(call, _)| call).collect();
        let scene = self.new.scene(self.earlier.whose, Time::default());
        let again = taken_back.into_iter().any(|was| {
            let now = CallRef { step: number(place), ..was };
            let made = self.is.render_call(scene, step, &step.call, now).ok().and_then(|made| made.natural_key);
            made.is_some() && made.as_ref() == natural_key_of(self.earlier.facts, was)
        });
        let operation = &step.call.operation;
        again.then(|| MadeAgain {
            operation: operation.full_name().to_owned(),
            natural_key: operation.natural_key.clone(),
        })
    }

    fn was_skipped(&self, place: usize) -> bool {
        let ended = self.was.state().steps.get(place).and_then(|step| step.ended.as_ref());
        ended.is_some_and(|ended| ended.outcome == StepOutcome::Skipped)
    }

    /// Whether an effect of that step stands.
    fn stands(&self, place: usize) -> bool {
        let write = self.old.shape(self.earlier.whose).steps.get(place).is_some_and(|step| step.write);
        write && self.done_calls(place).iter().any(|(_, call)| call.made_an_effect())
    }

    /// The calls of a step that are done and not undone, with their elements' places.
    fn done_calls(&self, place: usize) -> Vec<(u32, CallState)> {
        let state = self.was.state();
        let calls = state.steps.get(place).map(|step| step.calls.as_slice()).unwrap_or_default();
        let shape = self.old.shape(self.earlier.whose);
        let step = number(place);
        (0_u32..)
            .zip(calls)
            .filter(|(item, call)| {
                call.is_done() && !is_undone(state, shape, CallRef { step, item: *item, phase: Phase::Do })
            })
            .map(|(item, call)| (item, call.clone()))
            .collect()
    }

    /// What a step brings along, and whether nothing of it is left to do; none where it brings nothing.
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
                self.conflict(&step.id, format!("it is done, and its elements cannot be told now: {message}"));
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
                    let message = "an element of it is done, and its list no longer has that element";
                    self.conflict(&step.id, message.to_owned());
                }
                continue;
            };
            let from = CallRef { step: number(was_at), item, phase: Phase::Do };
            let to = CallRef { step: number(place), item: number(at), ..from };
            if self.is_same((was, from), (step, to), &call) {
                let from = call.imported_from.clone().unwrap_or_else(|| self.earlier.run.clone());
                carried.push(carried_call(to, &call, identity, from));
            }
        }
        let whole = carried.len() == elements.len();
        (!carried.is_empty()).then_some((carried, whole))
    }

    /// The identities of a step's elements now; one without identity where there is no `for_each`.
    fn elements(&mut self, place: usize, step: &BoundStep) -> Result<Vec<Option<String>>, String> {
        let scene = self.new.scene(self.earlier.whose, Time::default());
        self.is.elements(scene, place, step)
    }

    fn was_elements(&mut self, place: usize, step: &BoundStep) -> Vec<Option<String>> {
        let scene = self.old.scene(self.earlier.whose, Time::default());
        self.was.elements(scene, place, step).unwrap_or_default()
    }

    /// Whether a done call would be the same call again. A read that would be another is simply made anew.
    fn is_same(
        &mut self,
        (was, from): (&BoundStep, CallRef),
        (step, to): (&BoundStep, CallRef),
        call: &CallState,
    ) -> bool {
        if !self.changed {
            return true;
        }
        // The whole answer was not kept, and a template wants it now: a read is made anew.
        if step.body_used && !was.body_used && step.call.operation.effect == Effect::Read {
            return false;
        }
        let then = call.first_at.unwrap_or_default();
        let whose = self.earlier.whose;
        let now = self.is.request_now(self.new.scene(whose, then), step, to);
        let before = self.was.request_now(self.old.scene(whose, then), was, from);
        let message = match (&now, &before) {
            (Ok(now), Ok(before)) if now == before => return true,
            (Ok((name, hash)), Err(_))
                if call.hash.as_ref() == Some(hash) && *name == was.call.operation.full_name() =>
            {
                return true;
            }
            (Ok((now, _)), Ok((before, _))) if now != before => format!("`{before}` is done, and now it is `{now}`"),
            (Ok(_), _) => "it is done, and its request would now be another".to_owned(),
            (Err(why), _) => format!("it is done, and its request could not be made now: {why}"),
        };
        let only_read = call.ended.as_ref().is_some_and(|ended| ended.read);
        if was.call.operation.effect == Effect::Write && !only_read {
            self.conflict(&step.id, message);
        }
        false
    }

    fn conflict(&mut self, step: &str, message: String) {
        self.conflicts.push(Conflict { step: step.to_owned(), message });
    }
}

/// The natural key under which a call was sent.
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
        | Fact::Stopped(_)
        | Fact::Finished => None,
    })
}
