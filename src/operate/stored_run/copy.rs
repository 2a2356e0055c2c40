//! A run goes on from a copy of its folder: whatever may have been sent after the copy is put in doubt, in its journal, as
//! a crash would have left it; then its mark says anew how far it has come.

use crate::io::journal::{Reader, Store};
use crate::io::marks::{Mark, MarkFiles, ResumedCopy};
use crate::io::{Clock, user_name};
use crate::journal::{Fact, FactDetail, Intent, JournalEntry, RowState, ScopeShape, facts_for_copy_doubts};
use crate::model::{StepScope, Time};
use crate::operate::interface::{Doing, Failed, Refusal};
use crate::operate::state_folder::unreadable;
use crate::plan::{BoundList, Plan};
use crate::runner::{FrozenRun, RunFolder, rebuild_mark};

/// A scope in doubt, with the rollbacks that may have been sent.
type InDoubt = (StepScope, Vec<Fact>);

/// Puts in doubt what a copy does not show. Gives how many rows that concerns. It is all on the disk when this returns;
/// where it fails, the run is as it was.
///
/// # Errors
/// [`Refusal::Broken`] for a journal that is damaged besides, or a failing disk.
pub(crate) fn go_on_from_copy(
    folder: &RunFolder,
    frozen: &FrozenRun,
    plan: &Plan,
    clock: &Clock,
) -> Result<u64, Refusal> {
    let journal = folder.journal();
    let reader = Reader::open(&journal).doing("the run's journal")?;
    let damaged = |error| unreadable(folder, frozen.run_id.as_str(), &error);
    let copy = ResumedCopy { last: reader.verify_content().map_err(damaged)?, who: user_name(), at: clock.now() };
    let in_doubt = in_doubt(&reader, plan)?;
    let rows = in_doubt.iter().filter(|(scope, _)| matches!(scope, StepScope::Row(_))).count() as u64;
    let files = folder.mark().ok_or_else(|| Refusal::broken("the run has no place"))?;
    // While the journal is short of its mark nothing goes on; so it may say of the copy before the journal does.
    let known = Mark::read(&files).ok().flatten().filter(|mark| !mark.only_a_decision);
    if let Some(mark) = &known {
        note(mark.clone(), copy.clone(), &files)?;
    }
    let mut store = Store::open_copy(&journal).doing("the run's journal")?;
    store.set_marked(&frozen.run_id).doing("the run's journal")?;
    let first = store.next_seq().doing("the run's journal")?;
    store.append(entries(in_doubt, first, frozen.started_at, clock.now())).doing("the run's journal")?;
    if known.is_none() {
        let keys = keys(&reader)?;
        let decisions = Mark::read(&files).ok().flatten().map(|mark| mark.decisions).unwrap_or_default();
        let mark = rebuild_mark(folder, frozen, plan, keys).doing("the run's mark")?;
        store.rewrite_watermark().doing("the run's mark")?;
        note(Mark { decisions, ..mark }, copy, &files)?;
    }
    store.close().doing("the run's journal")?;
    Ok(rows)
}

fn note(mut mark: Mark, copy: ResumedCopy, files: &MarkFiles) -> Result<(), Refusal> {
    mark.copies.push(copy);
    mark.write(files).doing("the run's mark")
}

/// All that may have gone on after the copy.
fn in_doubt(reader: &Reader, plan: &Plan) -> Result<Vec<InDoubt>, Refusal> {
    let mut found = Vec::new();
    for (scope, list) in [(StepScope::Before, BoundList::Before), (StepScope::After, BoundList::After)] {
        let facts = reader.facts(scope).doing("the run's journal")?;
        let state = RowState::fold(facts.iter().map(|(at, fact)| (*at, fact)));
        if !plan.list(list).is_empty() {
            found.extend(facts_for_copy_doubts(&state, &ScopeShape::of(plan, list)).map(|facts| (scope, facts)));
        }
    }
    let shape = ScopeShape::of(plan, BoundList::Steps);
    reader
        .each_stored_row(FactDetail::Summary, |row, facts| {
            let state = RowState::fold(facts.iter().map(|(at, fact)| (*at, fact)));
            if row.invalid.is_none() {
                found.extend(facts_for_copy_doubts(&state, &shape).map(|facts| (StepScope::Row(row.position), facts)));
            }
            Ok::<(), crate::io::journal::JournalError>(())
        })
        .map_err(|error| Failed::during("the run's journal", error))?;
    Ok(found)
}

/// What is written of each: as early as anything of the run can have been sent, that it may have been.
fn entries(in_doubt: Vec<InDoubt>, first: u64, began: Time, now: Time) -> impl Iterator<Item = JournalEntry> {
    let each = in_doubt.into_iter().flat_map(move |(scope, facts)| {
        let marker = (began, scope, vec![Fact::Intent(Intent::of_a_copy())]);
        let rest = (!facts.is_empty()).then_some((now, scope, facts));
        std::iter::once(marker).chain(rest)
    });
    (first..).zip(each).map(|(seq, (at, scope, facts))| JournalEntry { seq, at, scope, facts })
}

fn keys(reader: &Reader) -> Result<Vec<String>, Refusal> {
    let mut keys = Vec::new();
    reader
        .each_stored_row(FactDetail::Summary, |row, _| {
            keys.push(row.key.to_owned());
            Ok::<(), crate::io::journal::JournalError>(())
        })
        .doing("the run's journal")?;
    Ok(keys)
}
