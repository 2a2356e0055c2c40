//! The use case `ctl`: asks the process that drives the run, or writes into the journal where no process does.

use std::time::{Duration, Instant};

use super::at_rest::steer_at_rest;
use super::request::{CtlReport, CtlRequest};
use crate::io::control::{ControlAnswer, ControlAsk, ControlError, ask};
use crate::io::journal::RunLock;
use crate::journal::RunSteering;
use crate::model::StepScope;
use crate::operate::interface::{Context, Question, Refusal};
use crate::operate::state_folder::{KnownRun, find_run};
use crate::policy::{SteerCommand, SteerDone, SteerRefusal, SteerWish};

/// How long the run has to answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// Time between two looks at a run whose process does not listen yet, or no longer.
const LOOK_AGAIN: Duration = Duration::from_millis(50);

/// Steers a run. The command is on disk when this returns.
///
/// # Examples
/// A run that has ended takes no command any more:
/// ```
/// use runsheet::operate::{Context, CtlRequest, Refusal, RunRequest, SteerCommand, ctl, run};
///
/// let state = tempfile::tempdir()?;
/// let context = Context::new().state_folder(state.path());
/// run(&RunRequest::new("playbooks/close-appointments.yaml"), &context)?;
///
/// let request = CtlRequest::new("latest", SteerCommand::Pause);
/// assert!(matches!(ctl(&request, &context), Err(Refusal::Conflict(_))));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`Refusal::Usage`] where the word names no run or several; [`Refusal::Conflict`] where the run does not take the command,
/// with the reason and what to type; [`Refusal::Broken`] where its process gives no answer or its journal cannot be used.
pub fn ctl(request: &CtlRequest, context: &Context) -> Result<CtlReport, Refusal> {
    let known = find_run(context.state()?, &request.run)?;
    if request.command == SteerCommand::InFlight(0) {
        return Err(Refusal::Usage(SteerRefusal::NoneInFlight.to_string()));
    }
    if request.command == SteerCommand::Cancel && !request.confirmed {
        confirm_cancel(&known, context)?;
    }
    match ask_process(&known, request)? {
        Some(report) => Ok(report),
        None => steer_at_rest(known, request, context),
    }
}

/// Asks the person before a run is cancelled, unless it is cancelled already. Where nobody can be asked, the command itself is
/// the answer.
fn confirm_cancel(known: &KnownRun, context: &Context) -> Result<(), Refusal> {
    if RunSteering::fold(&known.reader.facts(StepScope::Run)?).cancelled.is_some() {
        return Ok(());
    }
    let total = known.reader.row_count()?;
    let open_rows = total.saturating_sub(known.reader.ended_count()?);
    let question = Question::Cancel { run: known.frozen.run_id.clone(), open_rows };
    match context.questions.answer(&question)? {
        Some(answer) if answer != question.expected() => {
            Err(Refusal::Conflict(format!("the run {} was not cancelled", known.frozen.run_id)))
        }
        Some(_) | None => Ok(()),
    }
}

/// Asks the process that drives the run; `None` where none does.
fn ask_process(known: &KnownRun, request: &CtlRequest) -> Result<Option<CtlReport>, Refusal> {
    let (folder, run) = (known.folder.path(), &known.frozen.run_id);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let began = Instant::now();
    let wish = ControlAsk::Steer(SteerWish::Do(request.command));
    while RunLock::is_held(folder) {
        match runtime.block_on(ask(folder, wish, request.from, PATIENCE)) {
            Ok(ControlAnswer::Done(SteerDone { command, already })) => {
                return Ok(Some(CtlReport { run: run.clone(), command, already, under_way: true }));
            }
            Ok(ControlAnswer::Refused(why)) => {
                return Err(Refusal::Conflict(format!("the run {run} did not take the command: {why}")));
            }
            Ok(ControlAnswer::Status(_)) => return Err(Refusal::broken(format!("the run {run} gave another answer"))),
            // It has just started, or writes its results.
            Err(ControlError::NotServed) if began.elapsed() < PATIENCE => std::thread::sleep(LOOK_AGAIN),
            Err(ControlError::NotServed) => {
                return Err(Refusal::Conflict(format!(
                    "a process holds the run {run} and takes no commands: it starts, writes its results, or settles calls. \
                     Try again, or look: runsheet runs show {run}"
                )));
            }
            Err(ControlError::NoAnswer(_)) => {
                return Err(Refusal::broken(format!(
                    "the run {run} did not answer within {} s. It may still obey; look: runsheet runs show {run}",
                    PATIENCE.as_secs()
                )));
            }
            Err(error @ (ControlError::Busy(_) | ControlError::Io(_) | ControlError::Unreadable(_))) => {
                return Err(Refusal::broken(format!("the run {run}: {error}")));
            }
        }
    }
    Ok(None)
}
