//! The entry of the program: reads the command line, runs the verb, exits with its code.

use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind, set_hook};
use std::process::ExitCode;

use clap::FromArgMatches;
use clap::error::ErrorKind;

use super::ctl::{cancel, ctl};
use super::man::man;
use super::report::report;
use super::resume::resume;
use super::retry::retry;
use super::run::run;
use super::sandbox::sandbox;
use super::ui::ui;
use super::undo::undo;
use super::why::why;
use crate::cli::args::{CommandLine, Verb, command_line, unused_option_message};
use crate::cli::check::check;
use crate::cli::completions::{answer_script, completions};
use crate::cli::explain::explain;
use crate::cli::fmt::fmt;
use crate::cli::new::new;
use crate::cli::operations::operations;
use crate::cli::output::{
    Exit, Screen, TraceWriter, VerbResult, close_events, open_events, print_panic, print_usage_error, write_failure,
};
use crate::cli::plan::plan;
use crate::cli::resolve::resolve;
use crate::cli::runs::runs;
use crate::cli::schema::schema;
use crate::cli::test::test;
use crate::io::{Descriptors, leave_key_mode};

/// Runs the command line and returns the process's exit code.
pub fn main() -> ExitCode {
    if answer_script(std::env::args_os()) {
        return Exit::Done.into();
    }
    set_hook(Box::new(|met| {
        leave_key_mode();
        print_panic(&place_of(met));
    }));
    let line = match read_line() {
        Ok(line) => line,
        Err(error) => {
            print_usage_error(&error);
            return if error.use_stderr() { Exit::Usage } else { Exit::Done }.into();
        }
    };
    Descriptors::raise();
    let screen = Screen::new(&line.common);
    trace(line.common.verbose, screen);
    let screen = match open_events(&line, screen) {
        Ok(screen) => screen,
        Err(failure) => return failure.report(screen).into(),
    };
    let ended = catch_unwind(AssertUnwindSafe(|| dispatch(&line, screen)));
    if let Ok(Err(failure)) = &ended {
        write_failure(failure, screen);
    }
    close_events(&line, screen);
    match ended {
        Ok(Ok(exit)) => exit,
        Ok(Err(failure)) => failure.report(screen),
        Err(_) => {
            screen.say_always("error: runsheet failed with an internal error; a run under way can be resumed");
            Exit::Broken
        }
    }
    .into()
}

/// Reads the command line.
///
/// # Errors
/// The error or the help of clap; a conflict where an option would have no effect.
fn read_line() -> Result<CommandLine, clap::Error> {
    let matches = command_line().try_get_matches()?;
    let line = CommandLine::from_arg_matches(&matches).map_err(|error| error.format(&mut command_line()))?;
    match unused_option_message(&line, &matches) {
        Some(message) => Err(command_line().error(ErrorKind::ArgumentConflict, message)),
        None => Ok(line),
    }
}

/// Describes a panic by its place. The message is shown only where it is a literal of the program; a formatted one may hold a
/// cell or a credential.
fn place_of(met: &PanicHookInfo<'_>) -> String {
    let place = met.location().map(|place| format!(" at {}:{}", place.file(), place.line())).unwrap_or_default();
    let said = met.payload().downcast_ref::<&'static str>().map(|said| format!(": {said}")).unwrap_or_default();
    format!("internal error{place}{said}")
}

/// Runs the verb.
fn dispatch(line: &CommandLine, screen: Screen) -> VerbResult {
    let common = &line.common;
    match &line.verb {
        Verb::New(args) => new(args, common, screen),
        Verb::Check(args) => check(args, common, screen),
        Verb::Plan(args) => plan(args, common, screen),
        Verb::Run(args) => run(args, common, screen),
        Verb::Resume(args) => resume(args, common, screen),
        Verb::Retry(args) => retry(args, common, screen),
        Verb::Undo(args) => undo(args, common, screen),
        Verb::Resolve(args) => resolve(args, common, screen),
        Verb::Ctl(args) => ctl(args, common, screen),
        Verb::Cancel(args) => cancel(args, common, screen),
        Verb::Runs(args) => runs(args, common, screen),
        Verb::Why(args) => why(args, common, screen),
        Verb::Report(args) => report(args, common, screen),
        Verb::Ui(args) => ui(args, common, screen),
        Verb::Operations(args) => operations(args, common, screen),
        Verb::Explain(args) => explain(args, common, screen),
        Verb::Schema(args) => schema(args, common, screen),
        Verb::Completions(args) => completions(args, screen),
        Verb::Man(args) => man(args, screen),
        Verb::Test(args) => test(args, common, screen),
        Verb::Fmt(args) => fmt(args, screen),
        Verb::Sandbox(args) => sandbox(args, common, screen),
    }
}

/// Starts the log with the events of this crate only: those of a library may show what it sends.
fn trace(verbose: u8, screen: Screen) {
    let level = match verbose {
        0 => return,
        1 => "info",
        2 => "debug",
        _ => "trace",
    };
    let filter = tracing_subscriber::EnvFilter::new(format!("off,runsheet={level}"));
    // A line that standard error does not take is lost; reporting that there would panic.
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_target(false).log_internal_errors(false);
    lines.with_ansi(screen.colored()).with_writer(|| TraceWriter).init();
}
