//! What a run changed and what of it stands: row by row, with what will take it back.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;
use std::sync::Arc;

use anyhow::Context;

use crate::cli::desk::Desk;
use crate::cli::failure::Failure;
use crate::cli::state::{self, Known};
use crate::engine::{
    Earlier, Side, UndoStep, UndoneBy, row_masks, standing_effects, undo_facts, undo_preview, undone_already,
};
use crate::io::journal::RunLock;
use crate::journal::{CallRef, Fact, FrozenRow, RowState, Shape, standing};
use crate::model::{Masks, RowOutcome, RunId, Scope, Time};
use crate::plan::{BoundList, Plan, why_not_undone};
use crate::provider::DangerKind;
use crate::runner::{FrozenRun, LinkKind, Tally};

/// What is to be taken back.
#[derive(Default)]
pub(super) struct Effects {
    /// The rows, by position, and how they stand.
    pub(super) rows: Vec<(u64, RowOutcome)>,
    /// The facts that they begin with.
    pub(super) facts: Vec<(Scope, Vec<Fact>)>,
    /// Counts for the questions that are asked first.
    pub(super) tally: Tally,
    /// Calls that will be sent: operation → what made the effect → how many.
    pub(super) calls: BTreeMap<String, BTreeMap<(String, String), u64>>,
    /// Effects that go with another step's: operation, step, the other step → how many.
    pub(super) with: BTreeMap<(String, String, String), u64>,
    /// Effects that stay: operation, step, why → how many.
    pub(super) stay: BTreeMap<(String, String, String), u64>,
    /// Effects of steps that run once, which are not taken back: operation, step, list → how many.
    pub(super) left: BTreeMap<(String, String, &'static str), u64>,
    /// Rows that are unknown.
    pub(super) unknown: u64,
    /// Rows that went on in a later run.
    pub(super) gone_on: BTreeMap<RunId, u64>,
}

/// Looks at every row of the run on the desk. `plan` and `run` are those of the undo.
///
/// # Errors
/// An earlier undo has not ended, or a journal's trouble.
pub(super) fn effects(desk: &Desk, state: &Path, plan: &Arc<Plan>, run: &RunId) -> Result<Effects, Failure> {
    let undos = Undos::open(desk, state)?;
    let before = desk.reader.facts(Scope::Before).context("the journal")?;
    let steps = desk.side.known_steps(Scope::Before, &before);
    let looking = Looking {
        desk,
        side: Side::new(plan.clone(), Some(steps)),
        shape: Shape::of(&desk.plan, BoundList::Steps),
        undos,
        run,
        now: desk.clock.now(),
    };
    let mut effects = Effects::default();
    effects.tally.budget_calls = vec![0; plan.budgets.len()];
    desk.each_row(|row, facts| looking.row(&row, facts, &mut effects))?;
    let after = desk.reader.facts(Scope::After).context("the journal")?;
    for (scope, list, facts) in [(Scope::Before, BoundList::Before, &before), (Scope::After, BoundList::After, &after)]
    {
        looking.once(scope, list, facts, &mut effects);
    }
    if !before.is_empty() {
        effects.facts.push((Scope::Before, looking.before(&before)));
    }
    Ok(effects)
}

struct Looking<'a> {
    desk: &'a Desk,
    /// The undo's plan.
    side: Side,
    /// The run's own shape.
    shape: Shape,
    undos: Undos,
    run: &'a RunId,
    now: Time,
}

impl Looking<'_> {
    fn row(&self, row: &FrozenRow, facts: &[(Time, Fact)], effects: &mut Effects) {
        let whose = Scope::Row(row.position);
        let earlier = Earlier { whose, key: &row.key, cells: Some(&row.cells), facts, run: &self.desk.frozen.run_id };
        let known = RowState::fold(facts.iter().map(|(at, fact)| (*at, fact)));
        let mut undo: HashSet<CallRef> = standing_effects(&self.desk.side, earlier).into_iter().collect();
        let (undone, in_doubt) = self.undos.of(&self.side, row);
        undo.retain(|call| !undone.contains(call));
        if !known.doubts().is_empty() || in_doubt {
            effects.unknown += 1;
            return;
        }
        if undo.is_empty() {
            return;
        }
        if let Some(to) = known.handed_over.as_ref().filter(|to| !self.undos.has(to)) {
            *effects.gone_on.entry(to.clone()).or_default() += 1;
        }
        let begins = undo_facts(earlier, &undo, self.run);
        let timed: Vec<(Time, Fact)> = begins.iter().map(|fact| (self.now, fact.clone())).collect();
        let why_not = |step: &crate::plan::BoundStep| why_not_undone(&self.side.plan, &self.desk.registry, step);
        let preview = undo_preview(&self.side, earlier, &timed, self.now, &why_not);
        effects.count(&preview, &row_masks(&self.desk.side, earlier));
        let outcome = known.ended.as_ref().map_or_else(|| standing(&known, &self.shape), |ended| ended.outcome);
        effects.rows.push((row.position, outcome));
        effects.facts.push((whose, begins));
    }

    /// Counts what steps that run once made; they stay as they are.
    fn once(&self, whose: Scope, list: BoundList, facts: &[(Time, Fact)], effects: &mut Effects) {
        let earlier = Earlier { whose, key: "", cells: None, facts, run: &self.desk.frozen.run_id };
        let steps = self.desk.plan.list(list);
        for call in standing_effects(&self.desk.side, earlier) {
            let Some(step) = steps.get(call.step as usize) else { continue };
            let key = (step.call.operation.full_name().to_owned(), step.id.clone(), list.as_str());
            *effects.left.entry(key).or_default() += 1;
        }
    }

    /// The steps ahead of the rows are as they were; nothing of them is taken back.
    fn before(&self, facts: &[(Time, Fact)]) -> Vec<Fact> {
        let earlier = Earlier { whose: Scope::Before, key: "", cells: None, facts, run: &self.desk.frozen.run_id };
        let mut begins = undo_facts(earlier, &HashSet::new(), self.run);
        begins.extend(facts.iter().filter(|(_, fact)| matches!(fact, Fact::RowEnded(_))).map(|(_, fact)| fact.clone()));
        begins
    }
}

impl Effects {
    fn count(&mut self, preview: &[UndoStep], masks: &Masks) {
        self.tally.rows += 1;
        let mut dangerous = false;
        for one in preview {
            let made = (one.made.clone(), one.step.clone());
            match &one.by {
                Ok(UndoneBy::Call { operation, inputs }) => {
                    let name = operation.full_name();
                    *self.tally.calls.entry(name.to_owned()).or_default() += 1;
                    for danger in operation.dangers(inputs) {
                        dangerous |= danger.kind != DangerKind::Irreversible;
                        let counts_as = danger.counts_as.clone().unwrap_or_else(|| name.to_owned());
                        *self.tally.dangers.entry((danger.kind, counts_as)).or_default() += 1;
                    }
                    *self.calls.entry(name.to_owned()).or_default().entry(made).or_default() += 1;
                }
                Ok(UndoneBy::With(on)) => *self.with.entry((made.0, made.1, on.clone())).or_default() += 1,
                Err(why) => *self.stay.entry((made.0, made.1, masks.text(why).into_owned())).or_default() += 1,
            }
        }
        self.tally.dangerous_rows += u64::from(dangerous);
    }

    /// How many calls will be sent.
    pub(super) fn calls_in_all(&self) -> u64 {
        self.tally.calls.values().sum()
    }
}

/// Earlier undos of the run.
struct Undos {
    known: Vec<Known>,
}

impl Undos {
    /// Opens them; none may be under way or broken off.
    fn open(desk: &Desk, state: &Path) -> Result<Self, Failure> {
        let mut known = Vec::new();
        for run in FrozenRun::successors(&desk.reader).context("the journal")? {
            let Some(undo) = state::open(state, run.as_str()).map_err(anyhow::Error::from)? else { continue };
            if undo.frozen.link.as_ref().is_none_or(|link| link.kind != LinkKind::Undo) {
                continue;
            }
            if RunLock::is_held(undo.folder.path()) {
                return Err(Failure::Conflict(format!("the run {run} is taking it back")));
            }
            let total = undo.reader.row_count().context("the earlier undo")?;
            let ended = undo.reader.ended_count().context("the earlier undo")?;
            if ended < total {
                let message = format!("the run {run} began to take it back: go on with `runsheet resume {run}`");
                return Err(Failure::Conflict(message));
            }
            known.push(undo);
        }
        Ok(Self { known })
    }

    fn has(&self, run: &RunId) -> bool {
        self.known.iter().any(|known| known.frozen.run_id == *run)
    }

    /// What earlier undos took back of a row, and whether one of them does not know.
    fn of(&self, side: &Side, row: &FrozenRow) -> (HashSet<CallRef>, bool) {
        let mut undone = HashMap::new();
        let mut in_doubt = false;
        for known in &self.known {
            let whose = Scope::Row(row.position);
            let Ok(facts) = known.reader.facts(whose) else {
                in_doubt = true;
                continue;
            };
            let state = RowState::fold(facts.iter().map(|(at, fact)| (*at, fact)));
            in_doubt |= !state.doubts().is_empty();
            let run = &known.frozen.run_id;
            let earlier = Earlier { whose, key: &row.key, cells: Some(&row.cells), facts: &facts, run };
            undone.extend(undone_already(side, earlier).into_iter().map(|call| (call, ())));
        }
        (undone.into_keys().collect(), in_doubt)
    }
}
