//! `retry`: what is missing of a run is done, as a run of its own; what is done stays done.

use std::collections::HashSet;

use super::choice::{Choice, Choosing, handed};
use super::conflicts::refuse_conflicts;
use super::corrected_rows::{Corrected, check_rows};
use super::next_run::{NextRun, Retrying};
use super::request::{RetryOutcome, RetryReport, RetryRequest};
use crate::diagnostic::{Diagnostics, Source};
use crate::io::journal::{EffectHistory, Store};
use crate::io::marks::ListWriter;
use crate::operate::drive::{Filled, Linked, RunJob, begin, conduct, kept_warnings, look_up};
use crate::operate::files::{check_out, read_text};
use crate::operate::interface::{Context, Destination, Doing, Failed, Notice, Refusal, RunStart};
use crate::operate::preflight::{confirm, open_past, refuse_repeats};
use crate::operate::state_folder;
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
    let state = context.state()?;
    let earlier = OpenRun::open(state_folder::find(state, &request.run)?, context)?;
    if let Some(Link { kind: LinkKind::Undo, of, .. }) = &earlier.frozen.link {
        let message = format!("the run {} takes back {of}: `runsheet undo {of}` tries again", earlier.frozen.run_id);
        return Err(Refusal::Usage(message));
    }
    if request.only.contains(&RetryOutcome::Unknown) {
        settle(&earlier, context)?;
    }
    let mut retrying = Retrying { request, context, state, earlier: &earlier, diagnostics: Diagnostics::new() };
    let playbook = retrying.playbook()?;
    retrying.run(&playbook)
}

/// Looks up what can be looked up, as `resolve` does.
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

impl Retrying<'_> {
    /// The playbook as it is now: a corrected one, or the run's own.
    fn playbook(&mut self) -> Result<Playbook, Refusal> {
        let Some(path) = &self.request.playbook else { return Ok(self.earlier.playbook.clone()) };
        let text = read_text(path, "playbook")?;
        let source = Source::new(path.display().to_string(), text);
        let Some(mut playbook) = playbook::read(&source, &mut self.diagnostics) else {
            return Err(Refusal::Invalid(std::mem::take(&mut self.diagnostics)));
        };
        if let Some(rows) = &mut playbook.rows {
            rows.redact(&self.earlier.frozen.veiled);
        }
        Ok(playbook)
    }

    fn run(&mut self, playbook: &Playbook) -> Result<RetryReport, Refusal> {
        let encoding = self.earlier.frozen.dialect.as_ref().map(|dialect| dialect.encoding).unwrap_or_default();
        let corrected = Corrected::new(playbook, &self.request.rows, encoding, self.context.unmask)?;
        let rows = corrected.rows(self.state, &mut self.diagnostics)?;
        let new_playbook = self.request.playbook.is_some();
        let choosing = Choosing {
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
        let again = match new_playbook || corrected.has_lists_alone() {
            true => corrected.again(self.earlier, &choice, &mut self.diagnostics)?,
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
        let next = self.next_run(playbook, &choice, rows, again)?;
        self.begin(next, &choice)
    }

    fn notices(&self, choice: &Choice) {
        for (rows, why) in choice.left_out(&self.earlier.frozen.run_id) {
            self.context.notice(Notice::LeftOut { rows, why });
        }
    }

    fn begin(&mut self, next: NextRun, choice: &Choice) -> Result<RetryReport, Refusal> {
        let NextRun { mut frozen, plan, mut source } = next;
        let (state, earlier, context) = (self.state, self.earlier, self.context);
        let mut tally = IntakeTally::default();
        let past = open_past(&RunFolder::of(state, &frozen.run_id), &plan, frozen.lineage())?;
        let mut past = past.filter(|_| !frozen.again);
        let linked = begin(earlier, state, &mut frozen, (&plan, context), |store, folder| {
            let mut list = folder.begin_list(&plan).doing("the run's mark")?;
            tally = self.take(&mut source, &plan, (past.as_mut(), list.as_mut()), store)?;
            let rows = tally.rows;
            let RowSource::Earlier(kept) = source else { return Ok(Filled { rows, list, ..Filled::default() }) };
            let (facts, handed) = (kept.carryover.facts, handed(choice));
            Ok(Filled { facts, handed, warnings: kept_warnings(&self.diagnostics), rows, list })
        })?;
        context.notice(Notice::Started(RunStart {
            verb: Verb::Retry,
            run: frozen.run_id.clone(),
            playbook: plan.name.clone(),
            destination: Destination::of(&plan),
            rows: tally.rows,
            ended: 0,
            rows_name: frozen.rows_name.clone(),
            of: Some(earlier.frozen.run_id.clone()),
        }));
        let Linked { folder, vendors, ledger, lock } = linked;
        let clock = earlier.clock;
        let job = RunJob { frozen, plan, folder, vendors, ledger, clock, past, recut_waves: false, verb: Verb::Retry };
        let report = conduct(job, context);
        drop(lock);
        Ok(RetryReport::Ran(Box::new(report?)))
    }

    /// Takes every row into the journal, everything checked, and asks what has to be asked.
    fn take(
        &mut self,
        source: &mut RowSource,
        plan: &Plan,
        (past, list): (Option<&mut EffectHistory>, Option<&mut ListWriter>),
        store: &mut Store,
    ) -> Result<IntakeTally, Refusal> {
        let intake = Intake {
            plan,
            source,
            selection: &Selection::default(),
            skip_invalid: false,
            now: self.earlier.clock.now(),
            samples: 0,
            history: past,
            list,
        };
        let taken = freeze_rows(intake, &mut self.diagnostics, store);
        let tally = taken.map_err(|error| Failed::during("the run's journal", error))?;
        if let RowSource::Earlier(rows) = source {
            if let Some(error) = rows.carryover.error.take() {
                return Err(Failed::during("the earlier run's journal", error).into());
            }
            if self.diagnostics.has_errors() {
                return Err(Refusal::Invalid(std::mem::take(&mut self.diagnostics)));
            }
            refuse_conflicts(&rows.carryover, plan, &self.earlier.frozen.run_id)?;
            for (what, rows) in &rows.carryover.made_again {
                self.context.notice(Notice::MadeAgain { what, rows: *rows });
            }
        }
        if !self.diagnostics.is_empty() {
            self.context.notice(Notice::Messages(&self.diagnostics));
        }
        check_out(self.request.pace.out.as_deref(), self.earlier.frozen.dialect.as_ref())?;
        let advice = "Those runs do it already, or did: see `runsheet runs show`.";
        if let Some(refusal) = refuse_repeats(&tally.repeats, plan, advice) {
            return Err(Refusal::Conflict(refusal));
        }
        confirm(plan, &tally, self.request.confirmed, self.context)?;
        Ok(tally)
    }
}
