//! The calls of a run by operation: how many are done, in this process or an earlier one, and how many there will be.
//!
//! A total is what the plan counts before the run. It shrinks when a row ends without some of its calls. Where only
//! answers decide how many calls a step makes, there is no total.

use std::collections::BTreeMap;
use std::time::Duration;

use super::lookup_totals::to_look_up;
use crate::engine::row::{RowMachine, shape_index};
use crate::journal::{CallState, RowState};
use crate::model::StepScope;
use crate::plan::{BoundList, Plan, is_counted_ahead};

/// The weight of the latest call in the average latency of an operation.
const LATEST: f64 = 0.1;

/// The calls of one operation, without lookups; in a pass that only looks up, the lookups of one operation.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct OperationCalls {
    /// The full name of the operation.
    pub operation: String,
    /// Calls that have ended, also in earlier processes of the run and in the earlier runs that it goes on from.
    pub done: u64,
    /// Those of them that ended before this process.
    pub done_before: u64,
    /// The number of calls there will be; `None` if only answers decide it.
    pub total: Option<u64>,
    /// Calls that took back what an earlier step of a row did.
    pub rollbacks: u64,
    /// The usual time from sending a call to its answer; `None` before the first answer.
    pub latency: Option<Duration>,
    /// The calls that the rate limits allow in a second as things stand; `None` without a limit.
    pub per_second: Option<f64>,
    /// The most calls that may be under way at once.
    pub in_flight: u32,
}

impl OperationCalls {
    /// The calls that are still to be made; `None` if that is not known.
    #[must_use]
    pub(crate) fn left(&self) -> Option<u64> {
        self.total.map(|total| total.saturating_sub(self.done))
    }
}

/// The calls of all operations that a plan has steps for.
#[derive(Debug, Clone, Default)]
pub struct CallTotals {
    pub(super) operations: Vec<OperationCalls>,
    /// For each list of steps, for each step: the index of its operation. `None` for a step that is not counted.
    pub(super) of_step: [Vec<Option<usize>>; 3],
    pub(super) counted: Counted,
}

/// What is counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Counted {
    /// The calls of the steps.
    #[default]
    Calls,
    /// The rollbacks of the steps: the run is an undo.
    Rollbacks,
    /// The lookups of calls in doubt: nothing else is sent. Each step has two places, for its call and for its rollback.
    Lookups,
}

impl CallTotals {
    /// The operations of a plan in the order of its steps. `expected` holds the number of calls of each operation,
    /// without those that earlier runs did; an operation without a number has no total.
    #[must_use]
    pub fn new(plan: &Plan, expected: &BTreeMap<String, u64>) -> Self {
        let undoes = plan.undoing.is_some();
        let counted = if undoes { Counted::Rollbacks } else { Counted::Calls };
        let mut totals = Self { counted, ..Self::default() };
        for (place, list) in [BoundList::Before, BoundList::Steps, BoundList::After].into_iter().enumerate() {
            for step in plan.list(list) {
                let call = if undoes { step.rollback.as_ref() } else { Some(&step.call) };
                let known = undoes || is_counted_ahead(step);
                let of = call.map(|call| totals.operation(call.operation.full_name(), known, expected));
                totals.of_step[place].push(of);
            }
        }
        totals
    }

    /// The index of an operation, which is added unless it is there. Its total is unknown if that of any step is.
    pub(super) fn operation(&mut self, name: &str, known: bool, expected: &BTreeMap<String, u64>) -> usize {
        let found = self.operations.iter().position(|one| one.operation == name);
        let place = found.unwrap_or_else(|| {
            let total = expected.get(name).copied();
            self.operations.push(OperationCalls { operation: name.to_owned(), total, ..OperationCalls::default() });
            self.operations.len() - 1
        });
        self.operations[place].total.take_if(|_| !known);
        place
    }

    /// The operations, in the order of the steps.
    #[must_use]
    pub fn operations(&self) -> &[OperationCalls] {
        &self.operations
    }

    /// Adds the calls that a row, or the steps that run once, made before this process.
    pub fn add_earlier(&mut self, scope: StepScope, state: &RowState) {
        if self.counted == Counted::Lookups {
            return self.add_to_look_up(scope, state);
        }
        let imported = imported_steps(state);
        for (place, count) in self.done_calls(state).into_iter().enumerate() {
            let Some(of) = self.of_step[shape_index(scope)].get(place).copied().flatten() else { continue };
            let own = &mut self.operations[of];
            let count = count.unsigned_abs();
            own.done += count;
            own.done_before += count;
            // What the run goes on from was not counted when the run was planned.
            if imported.get(place).is_some_and(|imported| *imported) && self.counted == Counted::Calls {
                own.total = own.total.map(|total| total + count);
            }
        }
    }

    /// How many calls of each step have ended; in a pass that only looks up, how many are not to be looked up any more,
    /// counted down from zero.
    pub(in crate::engine) fn done_calls(&self, state: &RowState) -> Vec<i64> {
        let done = |calls: &[CallState]| calls.iter().map(|call| i64::from(is_done(call))).sum();
        match self.counted {
            Counted::Calls => state.steps.iter().map(|step| done(&step.calls)).collect(),
            Counted::Rollbacks => state.steps.iter().map(|step| done(&step.undone)).collect(),
            Counted::Lookups => to_look_up(state).into_iter().map(|count| -count).collect(),
        }
    }

    /// Counts the calls of a scope that have ended since it was last counted.
    pub(in crate::engine) fn change(&mut self, scope: StepScope, before: &[i64], now: &[i64]) {
        for (place, count) in now.iter().enumerate() {
            let was = before.get(place).copied().unwrap_or_default();
            if let Some(of) = self.of_step[shape_index(scope)].get(place).copied().flatten() {
                let own = &mut self.operations[of];
                own.done = own.done.saturating_add_signed(*count - was);
            }
        }
    }

    /// Takes the calls that a row will not make any more out of the totals. `done` is how many it made of each step.
    pub(in crate::engine) fn end_in_trouble(
        &mut self,
        plan: &Plan,
        scope: StepScope,
        machine: &mut RowMachine,
        done: &[i64],
    ) {
        if self.counted == Counted::Lookups {
            return;
        }
        for (place, step) in plan.list(machine.list).iter().enumerate() {
            let Some(of) = self.of_step[shape_index(scope)].get(place).copied().flatten() else { continue };
            if self.operations[of].total.is_none() {
                continue;
            }
            // What a row of an undo would have taken back is not counted row by row.
            let expected = match self.counted {
                Counted::Calls => machine.planned_calls(plan, step),
                Counted::Rollbacks | Counted::Lookups => None,
            };
            let made = done.get(place).copied().unwrap_or_default().unsigned_abs();
            let own = &mut self.operations[of];
            own.total = expected
                .and_then(|expected| own.total.map(|total| total.saturating_sub(expected.saturating_sub(made))));
        }
    }

    /// Counts a call that took something back, unless that is what the run does.
    pub(in crate::engine) fn add_rollback(&mut self, operation: &str) {
        if self.counted != Counted::Calls {
            return;
        }
        match self.operations.iter_mut().find(|one| one.operation == operation) {
            Some(known) => known.rollbacks += 1,
            None => self.operations.push(OperationCalls {
                operation: operation.to_owned(),
                rollbacks: 1,
                ..OperationCalls::default()
            }),
        }
    }

    /// Takes the time of a call into the average of its operation.
    pub(in crate::engine) fn add_latency(&mut self, operation: &str, took: Duration) {
        let Some(own) = self.operations.iter_mut().find(|one| one.operation == operation) else { return };
        own.latency = Some(own.latency.map_or(took, |usual| usual.mul_f64(1.0 - LATEST) + took.mul_f64(LATEST)));
    }
}

/// Whether a call has ended and was sent, by this run or by one that it goes on from.
fn is_done(call: &CallState) -> bool {
    call.ended.is_some() && (call.all_sends > 0 || call.settled || call.imported_from.is_some())
}

/// Whether each step was done by an earlier run.
fn imported_steps(state: &RowState) -> Vec<bool> {
    let steps = state.steps.iter();
    steps.map(|step| step.ended.is_some() && step.calls.iter().all(|call| call.imported_from.is_some())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::fixtures::plan;
    use crate::journal::{CallRef, Fact, ImportedCall, StepEnded};
    use crate::model::{Map, RunId, StepOutcome, Time, Value};

    const STEPS: &str = "steps:\n  - { id: one, uses: probe.get, with: { id: '{{ row.id }}' } }\n  \
        - { id: two, uses: probe.put, for_each: '{{ row.tags }}', with: { name: '{{ item }}' } }\n  \
        - { id: three, uses: probe.put, with: { name: '{{ row.name }}' } }\n  \
        - { id: four, uses: probe.make, when: '{{ steps.one.outputs.state }}', with: { name: '{{ row.name }}' } }\n";

    fn expected() -> BTreeMap<String, u64> {
        [("probe.get", 9), ("probe.put", 20), ("probe.make", 9)].map(|(name, calls)| (name.to_owned(), calls)).into()
    }

    fn told(totals: &CallTotals) -> Vec<(&str, u64, u64, Option<u64>)> {
        let all = totals.operations().iter();
        all.map(|own| (own.operation.as_str(), own.done, own.done_before, own.total)).collect()
    }

    fn imported(step: u32, item: u32) -> Fact {
        Fact::ImportedCall(ImportedCall {
            call: CallRef { step, item, ..CallRef::default() },
            from: RunId::from_text("earlier"),
            made_at: Time::from_secs(1),
            outcome: StepOutcome::Succeeded,
            hash: None,
            element: None,
            code: None,
            message: None,
            request_id: None,
            outputs: Map::new(),
            body: Value::Null,
        })
    }

    #[test]
    fn operations_are_in_the_order_of_the_steps_and_one_that_answers_decide_has_no_total() {
        let totals = CallTotals::new(&plan(STEPS), &expected());
        let known = [("probe.get", 0, 0, Some(9)), ("probe.put", 0, 0, Some(20)), ("probe.make", 0, 0, None)];
        assert_eq!(told(&totals), known);
        let uncounted = CallTotals::new(&plan(STEPS), &BTreeMap::new());
        assert!(uncounted.operations().iter().all(|own| own.total.is_none() && own.left().is_none()));
    }

    #[test]
    fn a_step_that_an_earlier_run_did_is_done_and_adds_to_the_total() {
        let mut totals = CallTotals::new(&plan(STEPS), &expected());
        let ended = Fact::StepEnded(StepEnded { step: 0, outcome: StepOutcome::Succeeded, code: None, message: None });
        // Of the second step only one element is done: it was counted when the run was planned.
        let facts = [imported(0, 0), ended, imported(1, 0)];
        let state = RowState::fold(facts.iter().map(|fact| (Time::from_secs(2), fact)));
        totals.add_earlier(StepScope::Row(0), &state);
        let known = [("probe.get", 1, 1, Some(10)), ("probe.put", 1, 1, Some(20)), ("probe.make", 0, 0, None)];
        assert_eq!(told(&totals), known);
    }

    #[test]
    fn calls_are_counted_by_how_they_changed() {
        let mut totals = CallTotals::new(&plan(STEPS), &expected());
        totals.change(StepScope::Row(0), &[], &[1, 2]);
        totals.change(StepScope::Row(0), &[1, 2], &[1, 3, 1]);
        let known = [("probe.get", 1, 0, Some(9)), ("probe.put", 4, 0, Some(20)), ("probe.make", 0, 0, None)];
        assert_eq!(told(&totals), known);
        assert_eq!(totals.operations()[1].left(), Some(16));
    }

    #[test]
    fn a_rollback_of_another_operation_is_listed_without_a_total() {
        let mut totals = CallTotals::new(&plan(STEPS), &expected());
        totals.add_rollback("probe.unmake");
        totals.add_rollback("probe.unmake");
        totals.add_rollback("probe.put");
        let rollbacks: Vec<_> = totals.operations().iter().map(|own| own.rollbacks).collect();
        assert_eq!(rollbacks, [0, 1, 0, 2]);
        assert_eq!(totals.operations()[3].total, None);
    }

    #[test]
    fn the_latency_is_an_average_that_follows_the_latest_calls() {
        let mut totals = CallTotals::new(&plan(STEPS), &expected());
        for millis in [100, 200] {
            totals.add_latency("probe.get", Duration::from_millis(millis));
        }
        assert_eq!(totals.operations()[0].latency, Some(Duration::from_millis(110)));
    }
}
