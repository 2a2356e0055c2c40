//! The report of a run, on the screen and as an exit code.

use anyhow::Context as _;

use super::exit::Exit;
use super::failure::{Failure, VerbResult};
use super::github;
use super::screen::{Output, Screen};
use crate::diagnostic::one_line;
use crate::operate::{Destination, RunReport};
use crate::report::RunOutcome;

/// SIGINT, the signal of Ctrl-C.
const INTERRUPT: i32 = 2;

/// Writes the summary to standard output, shows what to do next, and returns the exit code.
///
/// # Errors
/// [`Failure::Broken`] where the summary cannot be written as JSON, which would be a fault of this program.
pub(in crate::cli) fn show_run(report: &RunReport, screen: Screen) -> VerbResult {
    let summary = &report.summary;
    if screen.json() {
        screen.data_or_warn(Output::Json(serde_json::to_string(summary).context("the summary")?));
    } else {
        screen.data_or_warn(summary.render_text().trim_end());
    }
    if let Some(stop) = &report.stopped {
        screen.say_always(&one_line(&format!("Stopped: {stop}")));
        if screen.json() && !summary.was_redirected() {
            screen.say(&format!("Go on: runsheet resume {}", summary.run_id));
        }
    }
    for problem in &report.problems {
        screen.say_always(&format!("error: the audit of the journal failed: {problem}"));
    }
    screen.say(&format!("Run {} finished, {}", summary.run_id, place(&report.destination)));
    github::annotate_failures(summary, screen);
    github::summarise_run(summary, screen);
    Ok::<_, Failure>(exit(report))
}

/// The destination of a run, for its last line.
fn place(destination: &Destination) -> String {
    let name = &destination.environment;
    match destination.sandbox {
        true => format!("environment `{name}`: nothing was sent to a vendor"),
        false => format!("environment `{name}`"),
    }
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
