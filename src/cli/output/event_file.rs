//! `--events FILE`: opened before the verb runs, closed after it.

use std::io;
use std::path::Path;
use std::sync::Arc;

use super::failure::Failure;
use super::screen::Screen;
use crate::cli::args::{CommandLine, drives_a_run};
use crate::io::{Clock, EventLog, Patience, open_target};
use crate::report::EventKind;

/// Opens the file of `--events`, for the verbs that drive a run. It stays open until the process ends.
///
/// # Errors
/// [`Failure::Usage`] where nothing can be written there.
pub(in crate::cli) fn open_events(line: &CommandLine, screen: Screen) -> Result<Screen, Failure> {
    let Some(path) = line.common.events.as_deref().filter(|_| drives_a_run(&line.verb)) else { return Ok(screen) };
    let name = name(path);
    let target = open_target(path).map_err(|error| {
        Failure::Usage(format!(
            "`--events {}`: nothing can be written there: {error}; nothing was sent",
            path.display()
        ))
    })?;
    let trouble = move |error: &io::Error| {
        screen.say_always(&format!("warning: events cannot be written to {name}: {error}; the run goes on"));
    };
    let log = Arc::new(EventLog::start(target, Patience::default(), trouble));
    Ok(screen.with_events(Box::leak(Box::new(log)), path.as_os_str() == "-"))
}

/// Writes the waiting events, and warns about missing ones.
pub(in crate::cli) fn close_events(line: &CommandLine, screen: Screen) {
    let (Some(log), Some(path)) = (screen.events(), line.common.events.as_deref()) else { return };
    let missing = log.close();
    if missing > 0 {
        let name = name(path);
        screen.say_always(&format!("warning: {missing} events are missing in {name}; the run's journal has them all"));
    }
}

/// Writes the event of a verb that failed before it had a summary.
pub(in crate::cli) fn write_failure(failure: &Failure, screen: Screen) {
    let Some(log) = screen.events() else { return };
    let (outcome, message, diagnostics) = failure.parts();
    let outcome = outcome.to_owned();
    log.tell(None, Clock::start().now(), EventKind::RunFailed { outcome, message, diagnostics });
}

fn name(path: &Path) -> String {
    match path.as_os_str() == "-" {
        true => "standard output".to_owned(),
        false => path.display().to_string(),
    }
}
