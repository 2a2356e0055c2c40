//! The report of a run, on the screen and as an exit code.

use anyhow::Context as _;

use super::exit::Exit;
use super::failure::{Failure, VerbResult};
use super::github;
use super::screen::{Output, Screen};
use crate::diagnostic::one_line;
use crate::operate::RunReport;
use crate::report::RunOutcome;

/// SIGINT, the signal of Ctrl-C.
const INTERRUPT: i32 = 2;

/// Writes why the run stopped to standard error and its summary, which ends with what to do next, to standard output. Returns
/// the exit code.
///
/// # Errors
/// [`Failure::Broken`] where the summary cannot be written as JSON, which would be a fault of this program.
pub(in crate::cli) fn show_run(report: &RunReport, screen: Screen) -> VerbResult {
    let summary = &report.summary;
    if let Some(stop) = &report.stopped {
        screen.say_always(&one_line(&format!("Stopped: {stop}")));
    }
    if screen.json() {
        screen.data_or_warn(Output::Json(serde_json::to_string(summary).context("the summary")?));
    } else {
        screen.data_or_warn(summary.render_text().trim_end());
    }
    for problem in &report.problems {
        screen.say_always(&format!("error: the audit of the journal failed: {problem}"));
    }
    if screen.json() {
        // Standard output is for a program, so a person reads here how the run came out and what comes next.
        screen.say(&format!("{}: {}", summary.headline(), summary.balance()));
        summary.next_steps().iter().for_each(|step| screen.say(&step.to_string()));
    }
    if report.destination.sandbox {
        screen.say(&format!("Environment `{}`: nothing was sent to a vendor", report.destination.environment));
    }
    github::annotate_failures(summary, screen);
    github::summarise_run(&report.record, screen);
    Ok::<_, Failure>(exit(report))
}

/// The first code that applies, in the order 1, 7, 5, 130/143, 6, 4, 0.
fn exit(report: &RunReport) -> Exit {
    match report.summary.outcome {
        RunOutcome::Broken => Exit::Broken,
        RunOutcome::Refused => Exit::Refused,
        RunOutcome::Unknown => Exit::Unknown,
        RunOutcome::Interrupted if report.signal.is_some_and(|signal| signal != INTERRUPT) => Exit::Terminated,
        RunOutcome::Interrupted => Exit::Interrupted,
        RunOutcome::Stopped => Exit::Stopped,
        RunOutcome::Failed => Exit::Failed,
        RunOutcome::Succeeded => Exit::Done,
    }
}
