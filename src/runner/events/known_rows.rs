//! The rows in progress, as events need them: their names, and what must be masked in messages about them.

use std::collections::HashMap;
use std::sync::Arc;

use crate::diagnostic::shortened;
use crate::engine::{PlanView, PriorRow, row_masks};
use crate::journal::{CallRef, Fact, FrozenRow, RowState};
use crate::model::{Map, Masks, Phase, RunId, StepScope, Time};
use crate::plan::{BoundCall, BoundList, BoundStep, Plan};
use crate::report::{CallPlace, RowPlace};
use crate::runner::summary::StopMessage;

/// The most characters of a vendor's message in an event.
const MAX_MESSAGE: usize = 2_000;

/// A row in progress, or the steps before or after the rows.
struct KnownScope {
    number: Option<u64>,
    key: String,
    cells: Option<Map>,
    facts: Vec<(Time, Fact)>,
    /// The masks, with the number of facts that they were made from; `None` until they are needed.
    masks: Option<(usize, Masks)>,
}

/// All rows in progress and the run's own steps.
pub(super) struct KnownRows {
    plan: Arc<Plan>,
    view: PlanView,
    run: RunId,
    rows: HashMap<StepScope, KnownScope>,
}

impl KnownRows {
    /// Knows only the run's own steps, by the facts in the journal.
    pub(super) fn new(plan: &Arc<Plan>, run: RunId, before: &[(Time, Fact)], after: &[(Time, Fact)]) -> Self {
        let view = PlanView::new(plan.clone(), None);
        let mut known = Self { plan: plan.clone(), view, run, rows: HashMap::new() };
        for (scope, list, facts) in
            [(StepScope::Before, BoundList::Before, before), (StepScope::After, BoundList::After, after)]
        {
            let (key, facts) = (list.as_str().to_owned(), facts.to_vec());
            known.rows.insert(scope, KnownScope { number: None, key, cells: None, facts, masks: None });
        }
        known.learn_before();
        known
    }

    /// Makes the outputs of the steps before the rows known to every row.
    fn learn_before(&mut self) {
        let facts = self.rows.get(&StepScope::Before).map(|known| known.facts.as_slice()).unwrap_or_default();
        let steps = PlanView::new(self.plan.clone(), None).step_values(StepScope::Before, facts);
        self.view = PlanView::new(self.plan.clone(), Some(steps));
    }

    pub(super) fn bring(&mut self, row: &FrozenRow, facts: &[(Time, Fact)]) {
        let cells = Some(row.cells.clone());
        let known =
            KnownScope { number: Some(row.number), key: row.key.clone(), cells, facts: facts.to_vec(), masks: None };
        self.rows.insert(StepScope::Row(row.position), known);
    }

    /// Adds facts of a scope.
    pub(super) fn learn(&mut self, scope: StepScope, at: Time, facts: &[Fact]) {
        if let Some(known) = self.rows.get_mut(&scope) {
            known.facts.extend(facts.iter().map(|fact| (at, fact.clone())));
        }
        if scope == StepScope::Before {
            self.learn_before();
        }
    }

    pub(super) fn forget(&mut self, scope: StepScope) {
        if matches!(scope, StepScope::Row(_)) {
            self.rows.remove(&scope);
        }
    }

    /// The number of requests sent for a row, without lookups.
    pub(super) fn sends(&self, scope: StepScope) -> u64 {
        let facts = self.rows.get(&scope).map(|known| known.facts.as_slice()).unwrap_or_default();
        RowState::fold(facts.iter().map(|(at, fact)| (*at, fact))).sends
    }

    /// The name of a row in events.
    pub(super) fn row(&self, scope: StepScope) -> RowPlace {
        let Some(known) = self.rows.get(&scope) else { return RowPlace::default() };
        let key = match scope {
            StepScope::Row(_) => self.plan.shown_key(&known.key).to_owned(),
            StepScope::Before | StepScope::After | StepScope::Run => known.key.clone(),
        };
        RowPlace { row: known.number, key }
    }

    /// The name of a call in events.
    pub(super) fn call(&self, scope: StepScope, call: CallRef) -> CallPlace {
        let bound = self.step(scope, call.step);
        let element = bound.and_then(|step| step.for_each.as_ref()).map(|_| call.item + 1);
        let rollback = call.phase == Phase::Rollback;
        let operation = bound.map(|step| made_by(step, rollback).operation.full_name().to_owned());
        let (step, operation) = (self.step_id(scope, call.step), operation.unwrap_or_default());
        CallPlace { of: self.row(scope), step, element, rollback, operation }
    }

    pub(super) fn step_id(&self, scope: StepScope, step: u32) -> String {
        self.step(scope, step).map(|step| step.id.clone()).unwrap_or_default()
    }

    fn step(&self, scope: StepScope, place: u32) -> Option<&BoundStep> {
        self.plan.list(BoundList::of(scope)).get(place as usize)
    }

    /// A message about a row, with sensitive data masked.
    pub(super) fn said(&mut self, scope: StepScope, text: Option<&String>) -> Option<String> {
        let text = text?;
        let Some(known) = self.rows.get_mut(&scope) else { return Some(shortened(text, MAX_MESSAGE).into_owned()) };
        let facts = known.facts.len();
        if known.masks.as_ref().is_none_or(|(as_of, _)| *as_of != facts) {
            let (key, cells) = (known.key.as_str(), known.cells.as_ref());
            let earlier = PriorRow { scope, key, cells, facts: &known.facts, run: &self.run };
            known.masks = Some((facts, row_masks(&self.view, earlier)));
        }
        let masks = known.masks.as_ref().map(|(_, masks)| masks);
        masks.map(|masks| shortened(&masks.text(text), MAX_MESSAGE).into_owned())
    }

    /// The message of a stop. The vendor's message may repeat data of any row that received it, so it is masked for
    /// all of these.
    pub(super) fn stop_message(&self, reason: &crate::policy::StopReason) -> String {
        let mut message = StopMessage::of(Some(reason));
        for (scope, known) in &self.rows {
            let (key, cells) = (known.key.as_str(), known.cells.as_ref());
            message
                .add_masks_of(&self.view, PriorRow { scope: *scope, key, cells, facts: &known.facts, run: &self.run });
        }
        message.text(reason, &self.plan)
    }
}

fn made_by(step: &BoundStep, rollback: bool) -> &BoundCall {
    step.rollback.as_ref().filter(|_| rollback).unwrap_or(&step.call)
}
