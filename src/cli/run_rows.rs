//! The rows of an earlier run as the rows of another one: by how they ended, from that run's own journal.

use std::collections::{BTreeSet, VecDeque};

use anyhow::Context;

use super::args::Common;
use super::failure::Failure;
use super::state;
use crate::io::journal::{JournalError, Reader};
use crate::journal::{Fact, RowState};
use crate::model::{RowOutcome, Time};
use crate::rows::{FedBack, Input};
use crate::runner::KeptText;

/// The run that a word means where a file could stand: `run:latest`, `run:ID`.
pub(crate) fn run_of(word: &str) -> Option<&str> {
    word.strip_prefix("run:")
}

/// The rows of a run. Without `outcomes` all of them, where none has effects that a new run could make twice.
///
/// # Errors
/// No such run, one without rows or still under way, rows that are refused, or the journal's trouble.
pub(crate) fn open(run: &str, outcomes: &[RowOutcome], common: &Common) -> Result<Input, Failure> {
    let known = state::find(&state::folder(common)?, run)?;
    let id = known.frozen.run_id.clone();
    let Some(dialect) = known.frozen.dialect.clone() else {
        return Err(Failure::Usage(format!("the run {id} has no rows of its own, so none can be taken from it")));
    };
    let (mut chosen, mut fed_back, mut open) = (VecDeque::new(), FedBack::default(), 0_usize);
    let read = known.reader.each_row(|row, facts| {
        match outcome(&facts) {
            Some(outcome) if outcomes.is_empty() || outcomes.contains(&outcome) => {
                fed_back.add(id.as_str(), outcome);
                chosen.push_back(row.position);
            }
            Some(_) => {}
            None => open += 1,
        }
        Ok::<(), JournalError>(())
    });
    read.context("the run's journal")?;
    if open > 0 {
        let message =
            format!("the run {id} has {open} rows under way: `runsheet resume {id}` brings them to their end");
        return Err(Failure::Conflict(message));
    }
    if let Some(refusal) = fed_back.refusal().filter(|_| outcomes.is_empty()) {
        let help = "To take them all the same, name them under `rows`, such as `outcomes: [succeeded]`";
        return Err(Failure::Conflict(format!("{refusal}. {help}")));
    }
    if chosen.is_empty() {
        let words: BTreeSet<&str> = outcomes.iter().map(|outcome| outcome.as_str()).collect();
        let words: Vec<&str> = words.into_iter().collect();
        return Err(Failure::Usage(format!("the run {id} has no rows that are {}", words.join(" or "))));
    }
    let reader = Reader::open(&known.folder.journal()).context("the run's journal")?;
    let text = KeptText::new(reader, chosen, &dialect);
    Ok(Input::new(format!("rows of run {id}"), text).written_as(dialect))
}

/// How a row ended; none where it is under way.
fn outcome(facts: &[(Time, Fact)]) -> Option<RowOutcome> {
    let state = RowState::fold(facts.iter().map(|(at, fact)| (*at, fact)));
    match state.ended {
        Some(ended) => Some(ended.outcome),
        None => facts.is_empty().then_some(RowOutcome::NotStarted),
    }
}
