//! An existing run, locked and loaded: its plan, its journal, and its calls in doubt.

use std::sync::Arc;

use super::{Revived, lock, revive};
use crate::diagnostic::one_line;
use crate::engine::{Doubt, Earlier, Side, doubts, row_masks};
use crate::io::Clock;
use crate::io::journal::{JournalError, Reader, RunLock, Store};
use crate::journal::{Fact, FrozenRow, JournalEntry, RowState};
use crate::model::{Map, Masks, StepScope, Time};
use crate::operate::interface::{Context, Doing, Refusal};
use crate::operate::state_folder::{Known, refuse_lost, unreadable, write_summary};
use crate::plan::Plan;
use crate::playbook::Playbook;
use crate::policy::{Counts, StopReason};
use crate::provider::Registry;
use crate::report::{EventKind, Verb};
use crate::runner::{FrozenRun, RunEnd, RunEvents, RunFolder, close_run, restore_counts};

/// An existing run, locked and loaded.
pub(crate) struct OpenRun {
    /// Its folder.
    pub(crate) folder: RunFolder,
    /// What it is.
    pub(crate) frozen: FrozenRun,
    /// Its journal.
    pub(crate) reader: Reader,
    /// Its providers.
    pub(crate) registry: Registry,
    /// Its playbook.
    pub(crate) playbook: Playbook,
    /// Its plan.
    pub(crate) plan: Arc<Plan>,
    /// The plan with the names that its rows share.
    pub(crate) side: Side,
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
    pub(crate) fn open(known: Known, context: &Context) -> Result<Self, Refusal> {
        let _lock = lock(&known.folder, &known.frozen)?;
        refuse_lost(&known)?;
        let Known { folder, mut frozen, reader } = known;
        // Nothing is built on a journal that lost or changed what it once held.
        reader.verify(&folder.journal()).map_err(|error| unreadable(&folder, frozen.run_id.as_str(), &error))?;
        let Revived { registry, playbook, plan } = revive(&mut frozen, context.unmask)?;
        let plan = Arc::new(plan);
        let before = reader.facts(StepScope::Before).doing("the journal")?;
        let steps = Side::new(plan.clone(), None).known_steps(StepScope::Before, &before);
        let side = Side::new(plan.clone(), Some(steps));
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
        read.doing("the journal")
    }

    /// Every call in doubt, in the order of the rows.
    ///
    /// # Errors
    /// [`Refusal::Broken`] where the journal cannot be read or written.
    pub(crate) fn unknown_calls(&self) -> Result<Vec<UnknownCall>, Refusal> {
        let mut calls = Vec::new();
        for (scope, name) in [(StepScope::Before, "before"), (StepScope::After, "after")] {
            let facts = self.reader.facts(scope).doing("the journal")?;
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
        // Most rows have nothing that could be in doubt; they are not worth a closer look.
        let gone = facts.iter().any(|(_, fact)| matches!(fact, Fact::ContinuedIn(_)));
        if facts.is_empty() || gone {
            return;
        }
        if RowState::fold(facts.iter().map(|(at, fact)| (*at, fact))).doubts().is_empty() {
            return;
        }
        let earlier = Earlier { whose: scope, key, cells, facts, run: &self.frozen.run_id };
        let masks = row_masks(&self.side, earlier);
        for mut doubt in doubts(&self.side, earlier) {
            doubt.message = doubt.message.map(|message| masks.text(&message).into_owned());
            calls.push(UnknownCall { scope, key: shown.to_owned(), number, doubt, masks: masks.clone() });
        }
    }

    /// How a case's row is shown.
    pub(crate) fn shown(&self, case: &UnknownCall) -> String {
        match case.scope {
            StepScope::Row(_) if self.plan.masks_keys() => format!("row {}", case.number),
            StepScope::Row(_) if case.key.is_empty() => "the run".to_owned(),
            StepScope::Before | StepScope::Row(_) | StepScope::After | StepScope::Run => {
                one_line(&case.key).into_owned()
            }
        }
    }

    /// Writes facts, each scope's in one entry, all or none.
    ///
    /// # Errors
    /// [`Refusal::Broken`] where the journal cannot be read or written.
    pub(crate) fn write(&self, facts: Vec<(StepScope, Vec<Fact>)>) -> Result<(), Refusal> {
        if facts.is_empty() {
            return Ok(());
        }
        let mut store = Store::open(&self.folder.journal()).doing("the run's journal")?;
        let (at, first) = (self.clock.now(), store.next_seq().doing("the run's journal")?);
        let entries = (first..).zip(facts).map(|(seq, (scope, facts))| JournalEntry { seq, at, scope, facts });
        store.append(entries).and_then(|()| store.close()).doing("the run's journal")?;
        Ok(())
    }

    /// Where what is settled is told as events, if anywhere.
    pub(crate) fn telling(&self, context: &Context) -> Option<RunEvents> {
        let (log, run) = (Arc::clone(context.events.as_ref()?), self.frozen.run_id.clone());
        Some(RunEvents { log, run, verb: Verb::Resolve, retry_of: self.frozen.retry_of(), warnings: Vec::new() })
    }

    /// How many rows there are, and how many ended how.
    ///
    /// # Errors
    /// [`Refusal::Broken`] where the journal cannot be read or written.
    pub(crate) fn counts(&self) -> Result<Counts, Refusal> {
        restore_counts(&self.reader).doing("the journal")
    }

    /// Rows that have not ended.
    ///
    /// # Errors
    /// [`Refusal::Broken`] where the journal cannot be read or written.
    pub(crate) fn open_rows(&self) -> Result<u64, Refusal> {
        let total = self.reader.row_count().doing("the journal")?;
        let ended = self.reader.ended_count().doing("the journal")?;
        Ok(total.saturating_sub(ended))
    }

    /// Draws up summary and row files anew, as the run stands now.
    ///
    /// # Errors
    /// [`Refusal::Broken`] where the journal cannot be read or a file cannot be written.
    pub(crate) fn close(&self, context: &Context) -> Result<RunEnd, Refusal> {
        let facts = self.reader.facts(StepScope::Run).doing("the journal")?;
        let last = facts.iter().rev().find_map(|(_, fact)| match fact {
            Fact::Stopped(reason) => Some(Some(reason.clone())),
            Fact::Finished | Fact::Began { .. } => Some(None),
            Fact::Intent(_)
            | Fact::Attempted(_)
            | Fact::StepEnded(_)
            | Fact::RollbackStarted
            | Fact::RowEnded(_)
            | Fact::Settled(_)
            | Fact::Reopened(_)
            | Fact::ImportedCall(_)
            | Fact::ContinuedIn(_) => None,
        });
        let stop = match last.flatten() {
            None if self.open_rows()? > 0 => Some(StopReason::Settled),
            stop => stop,
        };
        let Self { frozen, plan, folder, clock, .. } = self;
        let end =
            close_run(frozen, plan, &folder.journal(), folder.path(), stop, clock.now()).doing("the row files")?;
        write_summary(folder, &end.summary, plan)?;
        if let Some(log) = &context.events {
            let summary = Box::new(end.summary.clone());
            log.tell(Some(&frozen.run_id), clock.now(), EventKind::RunEnded { summary });
        }
        Ok(end)
    }
}

/// A call in doubt with its row.
#[derive(Debug, Clone)]
pub(crate) struct UnknownCall {
    /// Whose call it is.
    pub(crate) scope: StepScope,
    /// The row's key; of the run's own steps the list's name.
    pub(crate) key: String,
    /// The row's number, as a spreadsheet counts.
    pub(crate) number: u64,
    /// The call.
    pub(crate) doubt: Doubt,
    /// What of its row people must not see.
    pub(crate) masks: Masks,
}

impl UnknownCall {
    /// Whether a read can tell what became of it.
    pub(crate) fn can_be_looked_up(&self) -> bool {
        self.doubt.lookup.is_some() && self.doubt.ended
    }

    /// What a person has to write to say that it is done; empty where nothing of the answer is used.
    pub(crate) fn wanted(&self) -> Vec<String> {
        let wanted = &self.doubt.wanted;
        let body = wanted.body.then(|| "body".to_owned());
        wanted.outputs.iter().cloned().chain(body).collect()
    }
}
