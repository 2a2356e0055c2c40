//! What other runs did with a row: the runs that this one continues, and those that were made from it or from them.

use std::collections::BTreeSet;
use std::path::Path;

use crate::io::journal::JournalError;
use crate::journal::{Fact, RowState};
use crate::model::{Masks, RunId, StepScope};
use crate::operate::state_folder::{KnownRun, read_run};
use crate::report::{Event, RunKind, StoryElsewhere};
use crate::runner::{FrozenRun, LinkKind};

/// The most other runs that are looked at.
const MOST_RUNS: usize = 200;

/// Lists what other runs did with the row of a key, the earliest run first.
pub(super) fn elsewhere(state: &Path, known: &KnownRun, key: &str, masks: &Masks) -> Vec<StoryElsewhere> {
    let own = &known.frozen.run_id;
    let mut seen: BTreeSet<RunId> = BTreeSet::from([own.clone()]);
    let mut found = Vec::new();
    for run in known.frozen.lineage() {
        if seen.insert(run.clone()) {
            found.extend(in_run(state, run, key, masks, false));
        }
    }
    let mut waiting = FrozenRun::successors(&known.reader).unwrap_or_default();
    while let Some(run) = waiting.pop().filter(|_| seen.len() < MOST_RUNS) {
        if !seen.insert(run.clone()) {
            continue;
        }
        found.extend(in_run(state, &run, key, masks, true));
        if let Ok(Some(later)) = read_run(state, run.as_str()) {
            waiting.extend(FrozenRun::successors(&later.reader).unwrap_or_default());
        }
    }
    found.sort_by(|one, other| one.run_id.cmp(&other.run_id));
    found
}

/// The kind of a run, and the run that it retries or undoes.
pub(super) fn kind_of(frozen: &FrozenRun) -> (RunKind, Option<RunId>) {
    match &frozen.link {
        None => (RunKind::Run, None),
        Some(link) if link.kind == LinkKind::Undo => (RunKind::Undo, Some(link.of.clone())),
        Some(link) => (RunKind::Retry, Some(link.of.clone())),
    }
}

/// What one run did with the row; `None` if the run never began or does not have the row.
fn in_run(state: &Path, run: &RunId, key: &str, masks: &Masks, later: bool) -> Option<StoryElsewhere> {
    let mut told = StoryElsewhere {
        run_id: run.clone(),
        kind: RunKind::Run,
        of: None,
        later,
        started_at: None,
        from: None,
        to: None,
        outcome: None,
        step: None,
        code: None,
        problem: None,
    };
    match read_run(state, run.as_str()) {
        Ok(Some(known)) => {
            (told.kind, told.of) = kind_of(&known.frozen);
            told.started_at = Some(known.frozen.started_at.to_string());
            match tell_row(&mut told, &known, key, masks) {
                Ok(true) => Some(told),
                Ok(false) => None,
                Err(error) => Some(StoryElsewhere { problem: Some(error.to_string()), ..told }),
            }
        }
        Ok(None) => None,
        Err(error) => Some(StoryElsewhere { problem: Some(error.to_string()), ..told }),
    }
}

/// Adds what a run's journal holds of the row; `false` if it does not have the row.
fn tell_row(told: &mut StoryElsewhere, known: &KnownRun, key: &str, masks: &Masks) -> Result<bool, JournalError> {
    let Some(position) = known.reader.positions_of(key)?.first().copied() else { return Ok(false) };
    let facts = known.reader.facts(StepScope::Row(position))?;
    let state = RowState::fold(facts.iter().map(|(at, fact)| (*at, fact)));
    told.from = facts.first().map(|(at, _)| Event::instant(*at));
    told.to = facts.last().map(|(at, _)| Event::instant(*at));
    if let Some(ended) = state.ended {
        told.outcome = Some(ended.outcome);
        told.step = ended.step;
        told.code = ended.code.map(|code| masks.text(&code).into_owned());
    } else if let Some((_, Fact::ContinuedIn(handed))) = facts.last() {
        told.outcome = Some(handed.outcome);
    }
    Ok(true)
}
