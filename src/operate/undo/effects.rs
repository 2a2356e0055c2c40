//! The effects of a run that still stand, row by row, with what will take them back.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;
use std::sync::Arc;

use crate::engine::{
    PlanView, PriorRow, UndoStep, UndoneBy, row_masks, standing_effects, undo_facts, undo_preview, undone_already,
};
use crate::io::journal::RunLock;
use crate::journal::{CallRef, Fact, FrozenRow, RowState, ScopeShape, derive_outcome};
use crate::model::{Masks, RowOutcome, RunId, StepScope, Time};
use crate::operate::interface::{OrRefuse, Refusal};
use crate::operate::interface::{UndoFate, UndoPlan, UndoneEffect};
use crate::operate::state_folder::{KnownRun, read_run};
use crate::operate::stored_run::OpenRun;
use crate::plan::{BoundList, Plan, why_not_undone};
use crate::provider::DangerKind;
use crate::runner::{FrozenRun, IntakeTally, LinkKind};

/// The effects that an undo deals with.
#[derive(Default)]
pub(super) struct Effects {
    /// The positions of the rows with effects that stand, with their outcomes.
    pub(super) rows: Vec<(u64, RowOutcome)>,
    /// The facts with which they start.
    pub(super) facts: Vec<(StepScope, Vec<Fact>)>,
    /// The counts for the confirmations.
    pub(super) tally: IntakeTally,
    /// The number of effects by fate, operation and step.
    fates: BTreeMap<(UndoFate, String, String), u64>,
    /// The number of rows with unknown calls, by the run that has to settle them: this one, or an earlier undo of it.
    unknown: BTreeMap<RunId, u64>,
    /// The number of rows that continued in each later run.
    gone_on: BTreeMap<RunId, u64>,
}

/// Finds the effects of an open run. `plan` and `run` are those of the undo.
///
/// # Errors
/// [`Refusal::Conflict`] where an earlier undo has not ended; [`Refusal::Broken`] where a journal cannot be read.
pub(super) fn effects(opened: &OpenRun, state: &Path, plan: &Arc<Plan>, run: &RunId) -> Result<Effects, Refusal> {
    let undos = EarlierUndos::open(opened, state)?;
    let before = opened.reader.facts(StepScope::Before).or_refuse("the journal")?;
    let steps = opened.side.step_values(StepScope::Before, &before);
    let looking = EffectScan {
        opened,
        side: PlanView::new(plan.clone(), Some(steps)),
        shape: ScopeShape::of(&opened.plan, BoundList::Steps),
        undos,
        run,
        now: opened.clock.now(),
    };
    let mut effects = Effects::default();
    effects.tally.bucket_calls = vec![0; plan.rate_buckets.len()];
    opened.each_row(|row, facts| looking.row(&row, facts, &mut effects))?;
    let after = opened.reader.facts(StepScope::After).or_refuse("the journal")?;
    for (scope, list, facts) in
        [(StepScope::Before, BoundList::Before, &before), (StepScope::After, BoundList::After, &after)]
    {
        looking.once(scope, list, facts, &mut effects);
    }
    if !before.is_empty() {
        effects.facts.push((StepScope::Before, looking.before(&before)));
    }
    Ok(effects)
}

/// A scan of the rows for effects that stand.
struct EffectScan<'a> {
    opened: &'a OpenRun,
    /// The plan of the undo.
    side: PlanView,
    /// The shape of the run that is undone.
    shape: ScopeShape,
    undos: EarlierUndos,
    run: &'a RunId,
    now: Time,
}

impl EffectScan<'_> {
    /// Adds the effects of one row.
    fn row(&self, row: &FrozenRow, facts: &[(Time, Fact)], effects: &mut Effects) {
        let whose = StepScope::Row(row.position);
        let earlier =
            PriorRow { scope: whose, key: &row.key, cells: Some(&row.cells), facts, run: &self.opened.frozen.run_id };
        let known = RowState::fold(facts.iter().map(|(at, fact)| (*at, fact)));
        let mut undo: HashSet<CallRef> = standing_effects(&self.opened.side, earlier).into_iter().collect();
        let (undone, in_doubt) = self.undos.of(&self.side, row);
        undo.retain(|call| !undone.contains(call));
        let own = !known.doubts().is_empty() || known.may_have_gone_on();
        if let Some(unsettled) = own.then(|| self.opened.frozen.run_id.clone()).or(in_doubt) {
            *effects.unknown.entry(unsettled).or_default() += 1;
            return;
        }
        if undo.is_empty() {
            return;
        }
        if let Some(to) = known.continued_in.as_ref().filter(|to| !self.undos.has(to)) {
            *effects.gone_on.entry(to.clone()).or_default() += 1;
        }
        let begins = undo_facts(earlier, &undo, self.run);
        let timed: Vec<(Time, Fact)> = begins.iter().map(|fact| (self.now, fact.clone())).collect();
        let why_not = |step: &crate::plan::BoundStep| why_not_undone(&self.side.plan, &self.opened.registry, step);
        let preview = undo_preview(&self.side, earlier, &timed, self.now, &why_not);
        effects.count(&preview, &row_masks(&self.opened.side, earlier));
        let outcome = known.ended.as_ref().map_or_else(|| derive_outcome(&known, &self.shape), |ended| ended.outcome);
        effects.rows.push((row.position, outcome));
        effects.facts.push((whose, begins));
    }

    /// Counts the effects of steps that run once, which are not taken back.
    fn once(&self, whose: StepScope, list: BoundList, facts: &[(Time, Fact)], effects: &mut Effects) {
        let earlier = PriorRow { scope: whose, key: "", cells: None, facts, run: &self.opened.frozen.run_id };
        let steps = self.opened.plan.list(list);
        for call in standing_effects(&self.opened.side, earlier) {
            let Some(step) = steps.get(call.step as usize) else { continue };
            let fate = UndoFate::RunsOnce { list: list.as_str().to_owned() };
            effects.add(fate, step.call.operation.full_name().to_owned(), step.id.clone());
        }
    }

    /// The facts of the steps before the rows, which are not taken back.
    fn before(&self, facts: &[(Time, Fact)]) -> Vec<Fact> {
        let earlier =
            PriorRow { scope: StepScope::Before, key: "", cells: None, facts, run: &self.opened.frozen.run_id };
        let mut begins = undo_facts(earlier, &HashSet::new(), self.run);
        begins.extend(facts.iter().filter(|(_, fact)| matches!(fact, Fact::RowEnded(_))).map(|(_, fact)| fact.clone()));
        begins
    }
}

impl Effects {
    /// Counts the previewed calls and effects of one row.
    fn count(&mut self, preview: &[UndoStep], masks: &Masks) {
        self.tally.rows += 1;
        let mut dangerous = false;
        for one in preview {
            let fate = match &one.by {
                Ok(UndoneBy::Call { operation, inputs }) => {
                    let name = operation.full_name();
                    *self.tally.calls.entry(name.to_owned()).or_default() += 1;
                    for danger in operation.dangers(inputs) {
                        dangerous |= danger.kind != DangerKind::Irreversible;
                        let counts_as = danger.counts_as.clone().unwrap_or_else(|| name.to_owned());
                        *self.tally.dangers.entry((danger.kind, counts_as)).or_default() += 1;
                    }
                    UndoFate::Call { operation: name.to_owned() }
                }
                Ok(UndoneBy::With(step)) => UndoFate::WithStep { step: step.clone() },
                Err(why) => UndoFate::Stays { why: masks.text(why).into_owned() },
            };
            self.add(fate, one.made.clone(), one.step.clone());
        }
        self.tally.dangerous_rows += u64::from(dangerous);
    }

    fn add(&mut self, fate: UndoFate, operation: String, step: String) {
        *self.fates.entry((fate, operation, step)).or_default() += 1;
    }

    /// The plan of an undo of `run`.
    pub(super) fn plan(&self, run: RunId) -> UndoPlan {
        let effects = self.fates.iter().map(|((fate, operation, step), count)| UndoneEffect {
            operation: operation.clone(),
            step: step.clone(),
            fate: fate.clone(),
            count: *count,
        });
        let rows = self.rows.len() as u64;
        UndoPlan { run, rows, effects: effects.collect(), unknown: self.unknown.clone(), gone_on: self.gone_on.clone() }
    }
}

/// Earlier undos of the run.
struct EarlierUndos {
    known: Vec<KnownRun>,
}

impl EarlierUndos {
    /// Opens the earlier undos.
    ///
    /// # Errors
    /// [`Refusal::Conflict`] where one is under way or has not ended; [`Refusal::Broken`] where a journal cannot be read.
    fn open(opened: &OpenRun, state: &Path) -> Result<Self, Refusal> {
        let mut known = Vec::new();
        for run in FrozenRun::successors(&opened.reader).or_refuse("the journal")? {
            let Some(undo) = read_run(state, run.as_str())? else { continue };
            if undo.frozen.link.as_ref().is_none_or(|link| link.kind != LinkKind::Undo) {
                continue;
            }
            if RunLock::is_held(undo.folder.path()) {
                return Err(Refusal::Conflict(format!("the run {run} is taking it back")));
            }
            let total = undo.reader.row_count().or_refuse("the earlier undo")?;
            let ended = undo.reader.ended_count().or_refuse("the earlier undo")?;
            if ended < total {
                let message = format!("the run {run} began to take it back: go on with `runsheet resume {run}`");
                return Err(Refusal::Conflict(message));
            }
            known.push(undo);
        }
        Ok(Self { known })
    }

    fn has(&self, run: &RunId) -> bool {
        self.known.iter().any(|known| known.frozen.run_id == *run)
    }

    /// The calls of a row that earlier undos took back, and the earlier undo in which a call of the row is unknown.
    fn of(&self, side: &PlanView, row: &FrozenRow) -> (HashSet<CallRef>, Option<RunId>) {
        let mut undone = HashMap::new();
        let mut in_doubt = None;
        for known in &self.known {
            let whose = StepScope::Row(row.position);
            let Ok(facts) = known.reader.facts(whose) else {
                in_doubt = Some(known.frozen.run_id.clone());
                continue;
            };
            let state = RowState::fold(facts.iter().map(|(at, fact)| (*at, fact)));
            if !state.doubts().is_empty() || state.may_have_gone_on() {
                in_doubt = Some(known.frozen.run_id.clone());
            }
            let run = &known.frozen.run_id;
            let earlier = PriorRow { scope: whose, key: &row.key, cells: Some(&row.cells), facts: &facts, run };
            undone.extend(undone_already(side, earlier).into_iter().map(|call| (call, ())));
        }
        (undone.into_keys().collect(), in_doubt)
    }
}
