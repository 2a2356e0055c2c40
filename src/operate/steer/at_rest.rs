//! Commands to a run that no process drives: its pause can be ended, and it can be cancelled.

use std::sync::Arc;

use super::request::{CtlReport, CtlRequest};
use crate::io::journal::{Reader, Store};
use crate::io::{Clock, user_id, user_name};
use crate::journal::{Fact, JournalEntry, RunSteering, Steered};
use crate::model::StepScope;
use crate::operate::interface::{Context, OrRefuse, Refusal};
use crate::operate::state_folder::{
    KnownRun, later_runs, read_summary, refuse_lost, remove_summary, unreadable_run, write_summary,
};
use crate::operate::stored_run::{last_stop, lock_run, restore_for_reading};
use crate::policy::{SteerCommand, SteeredBy, StopReason};
use crate::runner::close_run;

/// Steers a run that no process drives. The command is in its journal when this returns.
pub(super) fn steer_at_rest(known: KnownRun, request: &CtlRequest, context: &Context) -> Result<CtlReport, Refusal> {
    let command = request.command;
    let lock = lock_run(&known.folder, &known.frozen)?;
    refuse_lost(&known)?;
    refuse_unfit(&known, command)?;
    let KnownRun { folder, reader, frozen } = &known;
    reader.verify(&folder.journal()).map_err(|error| unreadable_run(folder, frozen.run_id.as_str(), &error))?;
    let clock = Clock::start();
    let at = clock.now();
    let by = SteeredBy { name: user_name(), uid: user_id(), from: request.from };
    let mut facts = vec![Fact::Steered(Steered { what: command, by: by.clone() })];
    if command == SteerCommand::Cancel {
        facts.push(Fact::Stopped(StopReason::Cancelled { by, since: at }));
    }
    let mut store = Store::open(&folder.journal()).or_refuse("the run's journal")?;
    let seq = store.next_seq().or_refuse("the run's journal")?;
    let entry = JournalEntry { seq, at, scope: StepScope::Run, facts };
    store.append([entry]).and_then(|()| store.close()).or_refuse("the run's journal")?;
    let run = frozen.run_id.clone();
    close_again(&known, &clock, context)?;
    drop(lock);
    Ok(CtlReport { run, command, already: false, under_way: false })
}

/// Refuses what a run that no process drives does not take, with its state and what to type.
fn refuse_unfit(known: &KnownRun, command: SteerCommand) -> Result<(), Refusal> {
    let facts = known.reader.facts(StepScope::Run).or_refuse("the run's journal")?;
    let (steering, run) = (RunSteering::fold(&facts), &known.frozen.run_id);
    let refuse = |why: String| Err(Refusal::Conflict(why));
    if let Some((by, at)) = &steering.cancelled {
        return refuse(format!(
            "the run {run} was cancelled by {by} at {at}: it is closed. What is missing is done by `runsheet retry {run}`"
        ));
    }
    if is_finished(known)? {
        return refuse(format!(
            "the run {run} has finished, so there is nothing to steer: `runsheet runs show {run}` shows how"
        ));
    }
    match (command, &steering.paused) {
        (SteerCommand::Resume, Some(_)) | (SteerCommand::Cancel, _) => Ok(()),
        (SteerCommand::Resume, None) => {
            refuse(format!("the run {run} is not paused and not under way: `runsheet resume {run}` continues it"))
        }
        (SteerCommand::Pause | SteerCommand::Drain | SteerCommand::Rate(_) | SteerCommand::InFlight(_), paused) => {
            let how = match (command, paused) {
                (_, Some((by, since))) => {
                    format!("it was paused by {by} at {since}. `runsheet ctl {run} resume` ends the pause")
                }
                (SteerCommand::Rate(rate), None) => {
                    format!("`runsheet resume {run} --rate {rate}` continues it at that rate")
                }
                (SteerCommand::InFlight(calls), None) => {
                    format!("`runsheet resume {run} --in-flight {calls}` continues it like that")
                }
                (SteerCommand::Pause | SteerCommand::Drain | SteerCommand::Resume | SteerCommand::Cancel, None) => {
                    format!("`runsheet resume {run}` continues it, `runsheet cancel {run}` closes it")
                }
            };
            refuse(format!("the run {run} is not under way, so there is nothing to {}: {how}", infinitive(command)))
        }
    }
}

fn infinitive(command: SteerCommand) -> &'static str {
    match command {
        SteerCommand::Pause => "pause",
        SteerCommand::Resume => "resume",
        SteerCommand::Drain => "drain",
        SteerCommand::Cancel => "cancel",
        SteerCommand::Rate(_) | SteerCommand::InFlight(_) => "slow down or speed up",
    }
}

/// Whether nothing is left to do in a run: it finished, or all its rows went on in a later run.
fn is_finished(known: &KnownRun) -> Result<bool, Refusal> {
    let last = known.reader.facts(StepScope::Run).or_refuse("the run's journal")?.pop();
    let total = known.reader.row_count().or_refuse("the run's journal")?;
    let all_ended = known.reader.ended_count().or_refuse("the run's journal")? == total;
    let finished = matches!(last, Some((_, Fact::Finished)));
    Ok(all_ended && (finished || !later_runs(known).is_empty()))
}

/// Writes the summary and the row files of a run again, from its journal. A run that broke off has none.
fn close_again(known: &KnownRun, clock: &Clock, context: &Context) -> Result<(), Refusal> {
    let KnownRun { folder, frozen, .. } = known;
    let reader = Reader::open(&folder.journal()).or_refuse("the run's journal")?;
    let stop = last_stop(&reader.facts(StepScope::Run).or_refuse("the run's journal")?);
    let restored = restore_for_reading(frozen, context.unmask);
    let (Some(stop), Some(restored)) = (stop, restored) else {
        remove_summary(folder);
        return Ok(());
    };
    let plan = Arc::new(restored.plan);
    // The time of its end stays that of its last process.
    let end = close_run(frozen, &plan, &folder.journal(), folder.path(), Some(stop), clock.now())
        .or_refuse("the row files")?;
    let mut summary = end.summary;
    if let Some(before) = read_summary(folder).filter(|_| !summary.is_cancelled()) {
        (summary.finished_at, summary.duration_ms) = (before.finished_at, before.duration_ms);
    }
    write_summary(folder, &summary, frozen, &plan)?;
    Ok(())
}
