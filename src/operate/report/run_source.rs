//! A run as its reports read it: the rows in their current state, and the record of the whole. Everything comes from the
//! journal, also while another process writes it.

use std::sync::Arc;

use crate::io::Clock;
use crate::io::journal::RunLock;
use crate::model::{RunId, StepScope};
use crate::operate::interface::{Context, OrRefuse, Refusal};
use crate::operate::state_folder::{KnownRun, find_run, known_run, later_runs};
use crate::operate::stored_run::restore_for_reading_or_refuse;
use crate::plan::Plan;
use crate::playbook::Playbook;
use crate::report::{RecordedState, RunRecord, row_files_of_run};
use crate::runner::{CloseError, LeftAt, RecordedRow, RunStanding, summarize_run};

/// A run that can be read.
pub(crate) struct RunSource {
    /// Its folder, its journal and its description.
    pub(crate) known: KnownRun,
    /// Its plan.
    pub(crate) plan: Arc<Plan>,
    /// Its playbook.
    pub(crate) playbook: Playbook,
}

impl RunSource {
    /// Opens the run that a word names.
    ///
    /// # Errors
    /// [`Refusal::Usage`] where the word names no run or several; [`Refusal::Conflict`] where something of the run is
    /// lost; [`Refusal::Broken`] where its journal or its playbook cannot be read.
    pub(crate) fn open(run: &str, context: &Context) -> Result<Self, Refusal> {
        Self::restored(find_run(context.state()?, run)?, context)
    }

    /// Opens the run with this whole id.
    ///
    /// # Errors
    /// As [`RunSource::open`].
    pub(crate) fn open_whole(run: &RunId, context: &Context) -> Result<Self, Refusal> {
        Self::restored(known_run(context.state()?, run)?, context)
    }

    fn restored(known: KnownRun, context: &Context) -> Result<Self, Refusal> {
        let restored = restore_for_reading_or_refuse(&known.frozen, context.unmask)?;
        Ok(Self { known, plan: Arc::new(restored.plan), playbook: restored.playbook })
    }

    /// Whether a process drives the run at this moment.
    pub(super) fn is_driven(&self) -> bool {
        RunLock::is_held(self.known.folder.path())
    }

    /// Calls `each` with every row in its current state, in the input's order. Returns the record of the run.
    ///
    /// # Errors
    /// [`Refusal::Broken`] where the journal cannot be read; the error of `each`.
    pub(crate) fn read(
        &self,
        each: &mut dyn FnMut(RecordedRow<'_>) -> Result<(), CloseError>,
    ) -> Result<RunRecord, Refusal> {
        let KnownRun { folder, reader, frozen } = &self.known;
        // Asked first: a run that ends while it is read counts as under way.
        let running = self.is_driven();
        let left = LeftAt::of(&reader.facts(StepScope::Run).or_refuse("the journal")?);
        let left = left.with_open_rows(self.open_rows()? > 0);
        let now = Clock::start().now();
        let ended_at = left.at.unwrap_or(now);
        let standing = RunStanding { stop: left.stop.clone(), at: ended_at, driven: running };
        let end = summarize_run(frozen, &self.plan, reader, standing, each)
            .map_err(|error| Refusal::broken(error.to_string()))?;
        let (mut summary, mut record) = (end.summary, end.record);
        let out = frozen.out.clone().unwrap_or_else(|| folder.path().to_owned());
        record.files = row_files_of_run(&out, &frozen.dialect.clone().unwrap_or_default());
        summary.files.clone_from(&record.files);
        // The commands name files.
        record.next = summary.next_steps();
        record.recorded_at = now.to_string();
        record.later_runs = later_runs(&self.known);
        record.set_state(if running { RecordedState::Running } else { record.state });
        Ok(record)
    }

    fn open_rows(&self) -> Result<u64, Refusal> {
        let reader = &self.known.reader;
        let (total, ended) = (reader.row_count(), reader.ended_count());
        Ok(total.or_refuse("the journal")?.saturating_sub(ended.or_refuse("the journal")?))
    }
}
