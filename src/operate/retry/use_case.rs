//! `retry`: does what is missing of a run, as a run of its own. Steps that are done stay done.

use std::collections::HashSet;

use super::choice::{ChosenRows, RowChooser, handed};
use super::conflicts::refuse_conflicts;
use super::corrected_rows::{CorrectedFiles, check_rows};
use super::next_run::{NextRun, RetryInProgress};
use super::request::{RetryOutcome, RetryReport, RetryRequest};
use crate::diagnostic::{Diagnostics, Source};
use crate::io::journal::{EffectHistory, Store};
use crate::io::marks::ListWriter;
use crate::operate::drive::{LinkedRunStart, begin_linked_run, kept_warnings, look_up};
use crate::operate::files::{check_out, read_text};
use crate::operate::interface::{Context, MachineFailure, Notice, OrRefuse, Refusal};
use crate::operate::preflight::{confirm_run, open_effect_history, repeats_message};
use crate::operate::state_folder::find_run;
use crate::operate::stored_run::OpenRun;
use crate::plan::Plan;
use crate::playbook::{self, Playbook};
use crate::report::Verb;
use crate::runner::{Intake, IntakeTally, Link, LinkKind, RowSource, RunFolder, Selection, freeze_rows};

/// Does what is missing of a run, as a run of its own.
///
/// # Examples
/// ```
/// use runsheet::operate::{Context, RetryReport, RetryRequest, RunRequest, Steering, retry, run};
///
/// let state = tempfile::tempdir()?;
/// let context = Context::new().state_folder(state.path());
///
/// // A run that is stopped as it begins: its rows are not started.
/// let steering = Steering::default();
/// steering.drain();
/// run(&RunRequest::new("playbooks/close-appointments.yaml"), &context.clone().steered_by(steering))?;
///
/// let RetryReport::Ran(report) = retry(&RetryRequest::new("latest"), &context)? else { panic!("nothing to do") };
/// assert_eq!(report.summary.rows.succeeded, report.summary.rows.total);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// A [`Refusal`]. Nothing was sent, except for [`Refusal::Broken`] once calls had begun: the new run can then be
/// resumed.
pub fn retry(request: &RetryRequest, context: &Context) -> Result<RetryReport, Refusal> {
    request.pace.check()?;
    let state = context.state()?;
    let earlier = OpenRun::open(find_run(state, &request.run)?, context)?;
    if let Some(Link { kind: LinkKind::Undo, of, .. }) = &earlier.frozen.link {
        let message = format!("the run {} takes back {of}: `runsheet undo {of}` tries again", earlier.frozen.run_id);
        return Err(Refusal::Usage(message));
    }
    if request.only.contains(&RetryOutcome::Unknown) {
        settle(&earlier, context)?;
    }
    let mut retrying = RetryInProgress { request, context, state, earlier: &earlier, diagnostics: Diagnostics::new() };
    let playbook = retrying.playbook()?;
    retrying.run(&playbook)
}

/// Looks up unknown calls, as `resolve` does.
fn settle(earlier: &OpenRun, context: &Context) -> Result<(), Refusal> {
    let calls = earlier.unknown_calls()?;
    if let Some(stop) = look_up(earlier, &calls, context)? {
        return Err(Refusal::Conflict(format!("the lookups stopped, and nothing was sent again: {stop}")));
    }
    if !calls.is_empty() {
        earlier.close(context)?;
    }
    Ok(())
}

impl RetryInProgress<'_> {
    /// Reads the corrected playbook, or takes the run's own.
    fn playbook(&mut self) -> Result<Playbook, Refusal> {
        let Some(path) = &self.request.playbook else { return Ok(self.earlier.playbook.clone()) };
        let text = read_text(path, "playbook")?;
        let source = Source::new(path.display().to_string(), text);
        let Some(mut playbook) = playbook::read(&source, &mut self.diagnostics) else {
            return Err(Refusal::Invalid(std::mem::take(&mut self.diagnostics)));
        };
        if let Some(rows) = &mut playbook.rows {
            rows.redact(&self.earlier.frozen.redacted_columns);
        }
        Ok(playbook)
    }

    /// Chooses the rows, makes the next run and drives it.
    fn run(&mut self, playbook: &Playbook) -> Result<RetryReport, Refusal> {
        let encoding = self.earlier.frozen.dialect.as_ref().map(|dialect| dialect.encoding).unwrap_or_default();
        let corrected = CorrectedFiles::new(playbook, &self.request.rows, encoding, self.context.unmask)?;
        let rows = corrected.rows(self.state, &mut self.diagnostics)?;
        let new_playbook = self.request.playbook.is_some();
        let choosing = RowChooser {
            run: self.earlier,
            state: self.state,
            only: &self.request.only,
            corrected: rows.as_ref().map(|(_, rows)| rows.keys().cloned().collect::<HashSet<_>>()),
            new_playbook,
        };
        let choice = choosing.choose()?;
        if let (Some((file, rows)), Some(decl)) = (&rows, &playbook.rows) {
            let key = decl.key.first().map(|key| key.value.as_str()).unwrap_or_default();
            check_rows(file, rows, &choice, key, &mut self.diagnostics);
        }
        let reread = match new_playbook || corrected.has_lists_alone() {
            true => corrected.old_rows(self.earlier, &choice, &mut self.diagnostics)?,
            false => None,
        };
        if self.diagnostics.has_errors() {
            return Err(Refusal::Invalid(std::mem::take(&mut self.diagnostics)));
        }
        self.notices(&choice);
        if choice.rows.is_empty() {
            let run = self.earlier.frozen.run_id.clone();
            return Ok(RetryReport::Nothing { run, unknown: choice.unknown > 0 });
        }
        let next = self.next_run(playbook, &choice, rows, reread)?;
        self.begin(next, &choice)
    }

    /// Sends a notice for each reason why rows are left out.
    fn notices(&self, choice: &ChosenRows) {
        for (rows, why) in choice.left_out(&self.earlier.frozen.run_id) {
            self.context.notice(Notice::LeftOut { rows, why });
        }
    }

    /// Starts the next run and drives it to its end or its stop.
    fn begin(&mut self, next: NextRun, choice: &ChosenRows) -> Result<RetryReport, Refusal> {
        let NextRun { mut frozen, plan, mut source } = next;
        let (state, earlier, context) = (self.state, self.earlier, self.context);
        let history = open_effect_history(&RunFolder::of(state, &frozen.run_id), &plan, frozen.lineage())?;
        let mut history = history.filter(|_| !frozen.again);
        let linked = begin_linked_run(earlier, state, &mut frozen, (&plan, context), |store, folder| {
            let mut list = folder.begin_list(&plan).or_refuse("the run's mark")?;
            let tally = self.take(&mut source, &plan, (history.as_mut(), list.as_mut()), store)?;
            let (rows, calls) = (tally.rows, tally.calls.clone());
            let RowSource::Earlier(kept) = source else {
                return Ok(LinkedRunStart { rows, calls, list, ..LinkedRunStart::default() });
            };
            let (facts, handed) = (kept.carryover.facts, handed(choice));
            Ok(LinkedRunStart { facts, handed, warnings: kept_warnings(&self.diagnostics), rows, calls, list })
        })?;
        Ok(RetryReport::Ran(Box::new(linked.drive(Verb::Retry, frozen, plan, history, context)?)))
    }

    /// Checks and freezes every row, then asks for the confirmations.
    fn take(
        &mut self,
        source: &mut RowSource,
        plan: &Plan,
        (history, list): (Option<&mut EffectHistory>, Option<&mut ListWriter>),
        store: &mut Store,
    ) -> Result<IntakeTally, Refusal> {
        let intake = Intake {
            plan,
            source,
            selection: &Selection::default(),
            skip_invalid: false,
            now: self.earlier.clock.now(),
            samples: 0,
            history,
            list,
        };
        let taken = freeze_rows(intake, &mut self.diagnostics, store);
        let tally = taken.map_err(|error| MachineFailure::during("the run's journal", error))?;
        if let RowSource::Earlier(rows) = source {
            if let Some(error) = rows.carryover.error.take() {
                return Err(MachineFailure::during("the earlier run's journal", error).into());
            }
            if self.diagnostics.has_errors() {
                return Err(Refusal::Invalid(std::mem::take(&mut self.diagnostics)));
            }
            refuse_conflicts(&rows.carryover, plan, &self.earlier.frozen.run_id)?;
            for (what, rows) in &rows.carryover.recreated {
                self.context.notice(Notice::RecreatedEffect { what, rows: *rows });
            }
        }
        if !self.diagnostics.is_empty() {
            self.context.notice(Notice::Messages(&self.diagnostics));
        }
        check_out(self.request.pace.out.as_deref(), self.earlier.frozen.dialect.as_ref())?;
        let advice = "Those runs do it already, or did: see `runsheet runs show`.";
        if let Some(refusal) = repeats_message(&tally.repeats, plan, advice) {
            return Err(Refusal::Conflict(refusal));
        }
        confirm_run(plan, &tally, self.request.confirmed, self.context)?;
        Ok(tally)
    }
}
