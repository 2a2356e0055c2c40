//! Prepares a run to resume from a copy of its folder. Its journal records that everything which may have been sent after the
//! copy is in doubt, as a crash would leave it; then its mark records how far the journal has come.

use crate::io::journal::{Reader, Store};
use crate::io::marks::{Mark, MarkFiles, ResumedCopy};
use crate::io::{Clock, user_name};
use crate::journal::{Fact, FactDetail, Intent, JournalEntry, RowState, ScopeShape, facts_for_copy_doubts};
use crate::model::{StepScope, Time};
use crate::operate::interface::{MachineFailure, OrRefuse, Refusal};
use crate::operate::state_folder::unreadable_run;
use crate::plan::{BoundList, Plan};
use crate::runner::{FrozenRun, RunFolder, rebuild_mark};

/// A scope in doubt, with the rollbacks that may have been sent.
type InDoubt = (StepScope, Vec<Fact>);

/// Puts in doubt what may have been sent after the copy, and returns the number of rows concerned. Everything is on the disk
/// when this returns; where it fails, the run is unchanged.
///
/// # Errors
/// [`Refusal::Broken`] for a damaged journal or a failing disk.
pub(crate) fn go_on_from_copy(
    folder: &RunFolder,
    frozen: &FrozenRun,
    plan: &Plan,
    clock: &Clock,
) -> Result<u64, Refusal> {
    let journal = folder.journal();
    let reader = Reader::open(&journal).or_refuse("the run's journal")?;
    let damaged = |error| unreadable_run(folder, frozen.run_id.as_str(), &error);
    let copy = ResumedCopy { last: reader.verify_content().map_err(damaged)?, who: user_name(), at: clock.now() };
    let in_doubt = in_doubt(&reader, plan)?;
    let rows = in_doubt.iter().filter(|(scope, _)| matches!(scope, StepScope::Row(_))).count() as u64;
    let files = folder.mark().ok_or_else(|| Refusal::broken("the run has no place"))?;
    // A journal short of its mark cannot be resumed, so the mark may record the copy before the journal does.
    let known = Mark::read(&files).ok().flatten().filter(|mark| !mark.only_a_decision);
    if let Some(mark) = &known {
        note(mark.clone(), copy.clone(), &files)?;
    }
    let mut store = Store::open_copy(&journal).or_refuse("the run's journal")?;
    store.set_marked(&frozen.run_id).or_refuse("the run's journal")?;
    let first = store.next_seq().or_refuse("the run's journal")?;
    store.append(entries(in_doubt, first, frozen.started_at, clock.now())).or_refuse("the run's journal")?;
    if known.is_none() {
        let keys = keys(&reader)?;
        let decisions = Mark::read(&files).ok().flatten().map(|mark| mark.decisions).unwrap_or_default();
        let mark = rebuild_mark(folder, frozen, plan, keys).or_refuse("the run's mark")?;
        store.rewrite_watermark().or_refuse("the run's mark")?;
        note(Mark { decisions, ..mark }, copy, &files)?;
    }
    store.close().or_refuse("the run's journal")?;
    Ok(rows)
}

fn note(mut mark: Mark, copy: ResumedCopy, files: &MarkFiles) -> Result<(), Refusal> {
    mark.copies.push(copy);
    mark.write(files).or_refuse("the run's mark")
}

/// Every scope that may have continued after the copy.
fn in_doubt(reader: &Reader, plan: &Plan) -> Result<Vec<InDoubt>, Refusal> {
    let mut found = Vec::new();
    for (scope, list) in [(StepScope::Before, BoundList::Before), (StepScope::After, BoundList::After)] {
        let facts = reader.facts(scope).or_refuse("the run's journal")?;
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
        .map_err(|error| MachineFailure::during("the run's journal", error))?;
    Ok(found)
}

/// The entries of each scope. The first is dated to the start of the run, the earliest time at which it can have been sent.
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
        .or_refuse("the run's journal")?;
    Ok(keys)
}
