//! Nothing twice across runs: what other runs made is read, told of, and not made again.

use std::fmt::Write;

use crate::diagnostic::one_line;
use crate::diagnostic::plural_of;
use crate::io::Clock;
use crate::io::journal::{Past, PastOf};
use crate::model::RunId;
use crate::operate::context::Context;
use crate::operate::observer::Notice;
use crate::plan::Plan;
use crate::report::EventKind;
use crate::runner::{Repeats, RunFolder};

/// Journals that cannot be read and are named; more are only counted.
const UNREADABLE_NAMED: usize = 5;

/// Reads what other runs made in the plan's environment; none for the sandbox, whose effects are no effects. Runs
/// whose facts this one carries on are `carried`. Journals that cannot be read are told of.
pub(crate) fn open_past(folder: &RunFolder, plan: &Plan, carried: &[RunId], context: &Context) -> Option<Past> {
    let operations = plan.effect_operations();
    if plan.environment.is_sandbox() || operations.is_empty() {
        return None;
    }
    let (runs, own) = (folder.path().parent()?, folder.path().file_name()?.to_string_lossy().into_owned());
    let (own, except) = (RunId::from_text(own), carried.to_vec());
    let environment = plan.environment.name.clone();
    let past = Past::open(runs, PastOf { environment, operations, own: own.clone(), except });
    for (run, why) in past.unreadable().iter().take(UNREADABLE_NAMED) {
        context.notice(Notice::UnreadableRun { run: run.clone(), why: why.to_string() });
        if let Some(events) = &context.events {
            let message = format!("what the run {run} has sent cannot be told: {why}");
            events.tell(Some(&own), Clock::start().now(), EventKind::Warning { message });
        }
    }
    let more = past.unreadable().len().saturating_sub(UNREADABLE_NAMED);
    if more > 0 {
        context.notice(Notice::MoreUnreadableRuns(more));
    }
    Some(past)
}

/// Why the run is refused, where other runs have made some of its calls; `advice` says what to do.
pub(crate) fn refuse_repeats(repeats: &Repeats, plan: &Plan, advice: &str) -> Option<String> {
    if repeats.calls == 0 {
        return None;
    }
    let calls = plural_of(repeats.calls, "call");
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
