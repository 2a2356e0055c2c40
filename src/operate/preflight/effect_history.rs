//! Nothing twice across runs: what other runs made is read, told of, and not made again. A run of which something is
//! lost stops every other one in its environment until somebody has said what became of it.

use std::fmt::Write;

use crate::diagnostic::{one_line, plural_of};
use crate::io::journal::{EffectHistory, HistoryFilter};
use crate::model::RunId;
use crate::operate::interface::{Context, Notice, Refusal};
use crate::operate::state_folder::{NAMED, told_to_others};
use crate::plan::Plan;
use crate::runner::{Repeats, RunFolder};

/// Reads what other runs made in the plan's environment; none for the sandbox, whose effects are no effects. Runs
/// whose facts this one carries on are `carried`.
///
/// # Errors
/// [`Refusal::Conflict`] where something of a run is lost that may have sent there, and nobody has said what.
pub(crate) fn open_past(folder: &RunFolder, plan: &Plan, carried: &[RunId]) -> Result<Option<EffectHistory>, Refusal> {
    let past = read_past(folder, plan, carried);
    match &past {
        Some(past) if !past.lost().is_empty() => {
            Err(Refusal::Conflict(told_to_others(past.lost(), &plan.environment.name)))
        }
        Some(_) | None => Ok(past),
    }
}

/// The same for a plan, which sends nothing: it tells of lost runs, and takes what they may have made for made.
pub(crate) fn look_at_past(folder: &RunFolder, plan: &Plan, context: &Context) -> Option<EffectHistory> {
    let past = read_past(folder, plan, &[])?;
    for lost in past.lost().iter().take(NAMED) {
        context.notice(Notice::UnreadableRun { run: lost.run.clone(), why: lost.why.to_string() });
    }
    let more = past.lost().len().saturating_sub(NAMED);
    if more > 0 {
        context.notice(Notice::MoreUnreadableRuns(more));
    }
    Some(past)
}

fn read_past(folder: &RunFolder, plan: &Plan, carried: &[RunId]) -> Option<EffectHistory> {
    let operations = plan.effect_operations();
    if plan.environment.is_sandbox() || operations.is_empty() {
        return None;
    }
    let (runs, own) = (folder.path().parent()?, folder.path().file_name()?.to_string_lossy().into_owned());
    let (own, except) = (RunId::from_text(own), carried.to_vec());
    let environment = plan.environment.name.clone();
    Some(EffectHistory::open(runs, HistoryFilter { environment, operations, own, except }))
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
