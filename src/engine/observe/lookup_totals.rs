//! The lookups of a pass that only looks up calls in doubt: how many there are by operation, and how many are done.

use std::collections::BTreeMap;

use super::call_totals::{CallTotals, Counted};
use crate::engine::row::shape_index;
use crate::journal::{CallState, RowState};
use crate::model::StepScope;
use crate::plan::{BoundList, Plan};

impl CallTotals {
    /// The operations that look up the calls of a plan, in the order of its steps. Their totals are those of the rows that
    /// are added with [`CallTotals::add_earlier`].
    #[must_use]
    pub fn of_lookups(plan: &Plan) -> Self {
        let mut totals = Self { counted: Counted::Lookups, ..Self::default() };
        for (place, list) in [BoundList::Before, BoundList::Steps, BoundList::After].into_iter().enumerate() {
            for step in plan.list(list) {
                for call in [Some(&step.call), step.rollback.as_ref()] {
                    let lookup = call.and_then(|call| call.lookup.as_ref());
                    let of =
                        lookup.map(|(operation, _)| totals.operation(operation.full_name(), true, &BTreeMap::new()));
                    totals.of_step[place].push(of);
                }
            }
        }
        totals.operations.iter_mut().for_each(|own| own.total = Some(0));
        totals
    }

    /// Adds the calls of a scope that are to be looked up.
    pub(super) fn add_to_look_up(&mut self, scope: StepScope, state: &RowState) {
        for (place, count) in to_look_up(state).into_iter().enumerate().filter(|(_, count)| *count > 0) {
            if let Some(of) = self.of_step[shape_index(scope)].get(place).copied().flatten() {
                let own = &mut self.operations[of];
                own.total = Some(own.total.unwrap_or_default() + count.unsigned_abs());
            }
        }
    }
}

/// How many calls are to be looked up: for each step those of its call, then those of its rollback.
pub(super) fn to_look_up(state: &RowState) -> Vec<i64> {
    let count = |calls: &[CallState]| calls.iter().map(|call| i64::from(call.ended.is_none() && call.to_look_up)).sum();
    state.steps.iter().flat_map(|step| [count(&step.calls), count(&step.undone)]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::fixtures::plan;
    use crate::journal::{CallRef, Fact};
    use crate::model::{Phase, Time};

    const STEPS: &str = "steps:\n  - { id: one, uses: probe.get, with: { id: '{{ row.id }}' } }\n  \
        - { id: two, uses: probe.sign, with: { id: '{{ row.id }}' } }\n";

    #[test]
    fn lookups_are_counted_down_row_by_row() {
        let mut totals = CallTotals::of_lookups(&plan(STEPS));
        let reopened = Fact::Reopened(CallRef { step: 1, item: 0, phase: Phase::Do });
        let state = RowState::fold([(Time::from_secs(1), &reopened)]);
        (0..3).for_each(|row| totals.add_earlier(StepScope::Row(row), &state));
        let told = |totals: &CallTotals| {
            let all = totals.operations().iter();
            all.map(|own| (own.operation.clone(), own.done, own.total)).collect::<Vec<_>>()
        };
        assert_eq!(told(&totals), [("probe.states".to_owned(), 0, Some(3))]);
        let before = totals.done_calls(&state);
        totals.change(StepScope::Row(1), &before, &[0, 0, 0, 0]);
        assert_eq!(told(&totals), [("probe.states".to_owned(), 1, Some(3))]);
    }
}
