//! Nothing twice across runs: what other runs made is read, told of, and not made again.

use std::fmt::Write;

use crate::cli::events;
use crate::cli::failure::plural;
use crate::cli::screen::Screen;
use crate::diagnostic::one_line;
use crate::io::journal::{Past, PastOf};
use crate::model::RunId;
use crate::plan::Plan;
use crate::runner::{Repeats, RunFolder};

/// Journals that cannot be read and are named; more are only counted.
const UNREADABLE_NAMED: usize = 5;

/// Reads what other runs made in the plan's environment; none for the sandbox, whose effects are no effects. Runs
/// whose facts this one carries on are `carried`. Journals that cannot be read are told of.
pub(crate) fn open(folder: &RunFolder, plan: &Plan, carried: &[RunId], screen: Screen) -> Option<Past> {
    let operations = plan.effect_operations();
    if plan.environment.is_sandbox() || operations.is_empty() {
        return None;
    }
    let (runs, own) = (folder.path().parent()?, folder.path().file_name()?.to_string_lossy().into_owned());
    let except = carried.iter().cloned().chain([RunId::from_text(own.as_str())]).collect();
    let environment = plan.environment.name.clone();
    let past = Past::open(runs, PastOf { environment, operations, except });
    for (run, why) in past.unreadable().iter().take(UNREADABLE_NAMED) {
        let message = format!("what the run {run} has sent cannot be told: {why}");
        screen.insist(&format!("warning: {message}"));
        events::warn(Some(&RunId::from_text(own.as_str())), &message, screen);
    }
    let more = past.unreadable().len().saturating_sub(UNREADABLE_NAMED);
    if more > 0 {
        screen.insist(&format!("warning: … and {} more", plural(more, "journal")));
    }
    Some(past)
}

/// Why the run is refused, where other runs have made some of its calls; `advice` says what to do.
pub(crate) fn refusal(repeats: &Repeats, plan: &Plan, advice: &str) -> Option<String> {
    if repeats.calls == 0 {
        return None;
    }
    let calls = plural(usize::try_from(repeats.calls).unwrap_or(usize::MAX), "call");
    let mut text = format!("{calls} to `{}` would be sent a second time:\n", plan.environment.name);
    for call in &repeats.named {
        let row = match call.row {
            Some(number) => format!("row {number} (`{}`)", one_line(plan.shown_key(&call.key))),
            None => "a step that runs once".to_owned(),
        };
        let before = &call.before;
        // Writing to a text cannot fail.
        let _ = writeln!(text, "  {row}: `{}`, run {}: {}", call.operation, before.run, before.state.as_str());
    }
    let more = repeats.calls - repeats.named.len() as u64;
    if more > 0 {
        let _ = writeln!(text, "  … and {more} more");
    }
    text.push_str("Nothing was sent. ");
    text.push_str(advice);
    if repeats.unknown > 0 {
        text.push_str(" What is unknown is settled with `runsheet resolve RUN`.");
    }
    Some(text)
}
