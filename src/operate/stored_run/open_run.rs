//! An existing run, locked and loaded, with its unknown calls.

use std::sync::Arc;

use super::{RestoredRun, lock_run, restore};
use crate::diagnostic::one_line;
use crate::engine::{CallInDoubt, PlanView, PriorRow, calls_in_doubt, row_masks};
use crate::io::Clock;
use crate::io::journal::{JournalError, Reader, RunLock, Store};
use crate::journal::{Fact, FrozenRow, JournalEntry, RowState};
use crate::model::{Map, Masks, StepOutcome, StepScope, Time};
use crate::operate::interface::{Context, OrRefuse, Refusal};
use crate::operate::state_folder::{KnownRun, refuse_lost, unreadable_run, write_summary};
use crate::plan::Plan;
use crate::playbook::Playbook;
use crate::policy::{Counts, StopReason};
use crate::provider::Registry;
use crate::report::{EventKind, RecordedState, Verb};
use crate::runner::{FrozenRun, LeftAt, RunEvents, RunFolder, close_run, restore_counts};

/// An existing run, locked and loaded.
pub(crate) struct OpenRun {
    /// Its folder.
    pub(crate) folder: RunFolder,
    /// The frozen run.
    pub(crate) frozen: FrozenRun,
    /// Its journal.
    pub(crate) reader: Reader,
    /// Its providers.
    pub(crate) registry: Registry,
    /// Its playbook.
    pub(crate) playbook: Playbook,
    /// Its plan.
    pub(crate) plan: Arc<Plan>,
    /// The plan with the outputs of the steps that run once, for its rows.
    pub(crate) side: PlanView,
    /// The clock.
    pub(crate) clock: Clock,
    _lock: RunLock,
}

impl OpenRun {
    /// Locks a run for this process and loads it.
    ///
    /// # Errors
    /// [`Refusal::Conflict`] where another process drives it; [`Refusal::Broken`] for a damaged journal;
    /// [`Refusal::Invalid`] and [`Refusal::Usage`] where files that it needs are wrong or gone.
    pub(crate) fn open(known: KnownRun, context: &Context) -> Result<Self, Refusal> {
        let _lock = lock_run(&known.folder, &known.frozen)?;
        refuse_lost(&known)?;
        let KnownRun { folder, mut frozen, reader } = known;
        // A journal that lost or changed entries must not be extended.
        reader.verify(&folder.journal()).map_err(|error| unreadable_run(&folder, frozen.run_id.as_str(), &error))?;
        let RestoredRun { registry, playbook, plan } = restore(&mut frozen, context.unmask)?;
        let plan = Arc::new(plan);
        let before = reader.facts(StepScope::Before).or_refuse("the journal")?;
        let steps = PlanView::new(plan.clone(), None).step_values(StepScope::Before, &before);
        let side = PlanView::new(plan.clone(), Some(steps));
        let clock = Clock::start();
        Ok(Self { folder, frozen, reader, registry, playbook, plan, side, clock, _lock })
    }

    /// Calls `each` with every row that has begun, and its facts.
    ///
    /// # Errors
    /// [`Refusal::Broken`] where the journal cannot be read or written.
    pub(crate) fn each_row(&self, mut each: impl FnMut(FrozenRow, &[(Time, Fact)])) -> Result<(), Refusal> {
        let read = self.reader.each_row(|row, facts| {
            each(row, facts);
            Ok::<(), JournalError>(())
        });
        read.or_refuse("the journal")
    }

    /// Lists the unknown calls: those of steps that run once, then those of the rows in order.
    ///
    /// # Errors
    /// [`Refusal::Broken`] where the journal cannot be read or written.
    pub(crate) fn unknown_calls(&self) -> Result<Vec<UnknownCall>, Refusal> {
        let mut calls = Vec::new();
        for (scope, name) in [(StepScope::Before, "before"), (StepScope::After, "after")] {
            let facts = self.reader.facts(scope).or_refuse("the journal")?;
            self.unknown_of(scope, (name, "", 0), None, &facts, &mut calls);
        }
        self.each_row(|row, facts| {
            let names = (row.key.as_str(), row.key.as_str(), row.number);
            self.unknown_of(StepScope::Row(row.position), names, Some(&row.cells), facts, &mut calls);
        })?;
        Ok(calls)
    }

    fn unknown_of(
        &self,
        scope: StepScope,
        (shown, key, number): (&str, &str, u64),
        cells: Option<&Map>,
        facts: &[(Time, Fact)],
        calls: &mut Vec<UnknownCall>,
    ) {
        // Most rows have no unknown call, and folding the facts is cheaper than the full look.
        let gone = facts.iter().any(|(_, fact)| matches!(fact, Fact::ContinuedIn(_)));
        if facts.is_empty() || gone {
            return;
        }
        if RowState::fold(facts.iter().map(|(at, fact)| (*at, fact))).doubts().is_empty() {
            return;
        }
        let earlier = PriorRow { scope, key, cells, facts, run: &self.frozen.run_id };
        let masks = row_masks(&self.side, earlier);
        for mut doubt in calls_in_doubt(&self.side, earlier) {
            doubt.message = doubt.message.map(|message| masks.text(&message).into_owned());
            calls.push(UnknownCall { scope, key: shown.to_owned(), number, doubt, masks: masks.clone() });
        }
    }

    /// How messages name the row of a call: by its key, or by its number where keys are sensitive.
    pub(crate) fn shown(&self, call: &UnknownCall) -> String {
        match call.scope {
            StepScope::Row(_) if self.plan.masks_keys() => format!("row {}", call.number),
            StepScope::Row(_) if call.key.is_empty() => "the run".to_owned(),
            StepScope::Before | StepScope::Row(_) | StepScope::After | StepScope::Run => {
                one_line(&call.key).into_owned()
            }
        }
    }

    /// Appends facts to the journal, one entry for each scope, all or none.
    ///
    /// # Errors
    /// [`Refusal::Broken`] where the journal cannot be read or written.
    pub(crate) fn write(&self, facts: Vec<(StepScope, Vec<Fact>)>) -> Result<(), Refusal> {
        if facts.is_empty() {
            return Ok(());
        }
        let mut store = Store::open(&self.folder.journal()).or_refuse("the run's journal")?;
        let (at, first) = (self.clock.now(), store.next_seq().or_refuse("the run's journal")?);
        let entries = (first..).zip(facts).map(|(seq, (scope, facts))| JournalEntry { seq, at, scope, facts });
        store.append(entries).and_then(|()| store.close()).or_refuse("the run's journal")?;
        Ok(())
    }

    /// The reporter for events about settled calls; `None` where no events are written.
    pub(crate) fn events(&self, context: &Context) -> Option<RunEvents> {
        let (log, run) = (Arc::clone(context.events.as_ref()?), self.frozen.run_id.clone());
        Some(RunEvents { log, run, verb: Verb::Resolve, retry_of: self.frozen.retry_of(), warnings: Vec::new() })
    }

    /// Counts the rows by outcome.
    ///
    /// # Errors
    /// [`Refusal::Broken`] where the journal cannot be read or written.
    pub(crate) fn counts(&self) -> Result<Counts, Refusal> {
        restore_counts(&self.reader).or_refuse("the journal")
    }

    /// Counts the rows that have not ended.
    ///
    /// # Errors
    /// [`Refusal::Broken`] where the journal cannot be read or written.
    pub(crate) fn open_rows(&self) -> Result<u64, Refusal> {
        let total = self.reader.row_count().or_refuse("the journal")?;
        let ended = self.reader.ended_count().or_refuse("the journal")?;
        Ok(total.saturating_sub(ended))
    }

    /// Counts the rows that were settled and have not gone on since.
    ///
    /// # Errors
    /// [`Refusal::Broken`] where the journal cannot be read.
    pub(crate) fn settled_rows(&self) -> Result<SettledRows, Refusal> {
        let mut rows = SettledRows::default();
        self.each_row(|_, facts| {
            if !was_settled(facts) {
                return;
            }
            let state = RowState::fold(facts.iter().map(|(at, fact)| (*at, fact)));
            if state.ended.is_none() && state.continued_in.is_none() && state.doubts().is_empty() {
                rows.total += 1;
                rows.with_failed_call += u64::from(settlements(facts).any(is_failed));
            }
        })?;
        Ok(rows)
    }

    /// Writes the summary and the row files again, from the current state of the run. A run that broke off gets no summary:
    /// it has neither ended nor stopped.
    ///
    /// # Errors
    /// [`Refusal::Broken`] where the journal cannot be read or a file cannot be written.
    pub(crate) fn close(&self, context: &Context) -> Result<(), Refusal> {
        let left = LeftAt::of(&self.reader.facts(StepScope::Run).or_refuse("the journal")?);
        let left = left.with_open_rows(self.open_rows()? > 0);
        let Self { frozen, plan, folder, clock, .. } = self;
        let end = close_run(frozen, plan, &folder.journal(), folder.path(), left.stop, clock.now());
        let end = end.or_refuse("the row files")?;
        if left.state == RecordedState::BrokenOff {
            return Ok(());
        }
        write_summary(folder, &end.summary, frozen, plan)?;
        if let Some(log) = &context.events {
            let summary = Box::new(end.summary.clone());
            log.tell(Some(&frozen.run_id), clock.now(), EventKind::RunEnded { summary });
        }
        Ok(())
    }
}

/// Why a run stopped, by the facts about it; `None` where it finished or broke off.
pub(crate) fn last_stop(facts: &[(Time, Fact)]) -> Option<StopReason> {
    LeftAt::of(facts).stop
}

/// The number of rows that were settled and have not gone on since.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct SettledRows {
    /// All of them.
    pub(crate) total: u64,
    /// Those with a call that a person settled as failed.
    pub(crate) with_failed_call: u64,
}

/// Whether an unknown row was settled and has not ended since.
pub(crate) fn was_settled(facts: &[(Time, Fact)]) -> bool {
    settlements(facts).next().is_some()
}

/// The facts that settle calls of a row, from the last back to the row's end.
fn settlements(facts: &[(Time, Fact)]) -> impl Iterator<Item = &Fact> {
    let since_end = facts.iter().rev().map(|(_, fact)| fact).take_while(|fact| !matches!(fact, Fact::RowEnded(_)));
    since_end.filter(|fact| matches!(fact, Fact::Settled(_) | Fact::Reopened(_)))
}

/// Whether a person said that a call had no effect.
fn is_failed(fact: &Fact) -> bool {
    matches!(fact, Fact::Settled(settled) if settled.outcome == StepOutcome::Failed)
}

/// A call whose outcome is unknown, with its row.
#[derive(Debug, Clone)]
pub(crate) struct UnknownCall {
    /// The row, or the list of steps that run once.
    pub(crate) scope: StepScope,
    /// The key of the row; the name of the list (`before`, `after`) for a step that runs once.
    pub(crate) key: String,
    /// The number of the row as a spreadsheet counts; 0 for a step that runs once.
    pub(crate) number: u64,
    /// The call.
    pub(crate) doubt: CallInDoubt,
    /// The masks of the sensitive values of its row.
    pub(crate) masks: Masks,
}

impl UnknownCall {
    /// Whether a lookup can find out its outcome.
    pub(crate) fn can_be_looked_up(&self) -> bool {
        self.doubt.lookup.is_some() && self.doubt.ended
    }

    /// The outputs that a person must give to settle it as done; empty where later steps use nothing of the answer.
    pub(crate) fn wanted(&self) -> Vec<String> {
        let wanted = &self.doubt.wanted;
        let body = wanted.body.then(|| "body".to_owned());
        wanted.outputs.iter().cloned().chain(body).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::{CallRef, RowEnded};
    use crate::model::RowOutcome;

    fn ended() -> Fact {
        Fact::RowEnded(RowEnded {
            outcome: RowOutcome::Unknown,
            step: None,
            code: None,
            message: None,
            request_id: None,
            results: Map::new(),
        })
    }

    fn at_any_time(facts: Vec<Fact>) -> Vec<(Time, Fact)> {
        facts.into_iter().map(|fact| (Time::default(), fact)).collect()
    }

    #[test]
    fn a_row_counts_as_settled_only_until_it_ends_again() {
        let looked_up = Fact::Reopened(CallRef::default());
        assert!(was_settled(&at_any_time(vec![ended(), looked_up.clone()])));
        assert!(!was_settled(&at_any_time(vec![ended(), looked_up, ended()])));
        assert!(!was_settled(&at_any_time(vec![ended()])));
        assert!(!was_settled(&[]));
    }
}
