//! `resolve`: settles unknown calls, by lookups or by the statement of a person.

use super::filled_file::{from_file, keep_copy};
use super::person::{Statement, settlement};
use super::request::{CallFilter, CallInDoubt, ResolveReport, ResolveRequest, SettleAs, SettledBy, SettledCall};
use crate::io::user_name;
use crate::journal::{CallRef, Fact, RowState, Settled};
use crate::model::{Phase, StepOutcome, StepScope};
use crate::operate::drive::look_up;
use crate::operate::interface::{Context, Refusal};
use crate::operate::state_folder::find_run;
use crate::operate::stored_run::{OpenRun, UnknownCall};
use crate::report::{CallPlace, EventKind, RowPlace};
use crate::runner::LinkKind;

/// A call, its outcome (`None` while unknown), and the lookup or the person that gave it.
type SettlementResult = (UnknownCall, Option<SettleAs>, String);

/// Settles unknown calls of a run, and writes its summary and its row files again.
///
/// # Examples
/// ```
/// use runsheet::operate::{
///     Context, ResolveRequest, RunRequest, Selection, SettleAs, SettledBy, CallFilter, resolve, run,
/// };
///
/// let state = tempfile::tempdir()?;
/// let context = Context::new().state_folder(state.path());
///
/// // The sandbox loses every answer, so that the outcome of the one row is unknown.
/// let mut request = RunRequest::new("playbooks/release-contracts.yaml");
/// request.selection = Selection { limit: Some(1), ..Selection::default() };
/// request.faults = Some("lose=100%".to_owned());
/// assert_eq!(run(&request, &context)?.summary.rows.unknown, 1);
///
/// // A person asked the vendor: the call did not take effect.
/// let word = SettledBy::Word {
///     call: CallFilter::default(),
///     settled: SettleAs::Failed,
///     outputs: Vec::new(),
///     note: Some("told by support".to_owned()),
/// };
/// let report = resolve(&ResolveRequest { run: "latest".to_owned(), by: word }, &context)?;
/// assert!(report.unknown.is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`Refusal::Usage`] where the request names no unknown call or several, or gives wrong outputs; [`Refusal::Invalid`] for
/// mistakes in a filled-in file; [`Refusal::Conflict`] where another process drives the run; [`Refusal::Broken`] where
/// the journal fails.
pub fn resolve(request: &ResolveRequest, context: &Context) -> Result<ResolveReport, Refusal> {
    let run = OpenRun::open(find_run(context.state()?, &request.run)?, context)?;
    let all = run.unknown_calls()?;
    let who = user_name();
    let folder = run.frozen.out.as_deref().unwrap_or(run.folder.path());
    let mut kept_copy = None;
    let (told, stopped) = match &request.by {
        SettledBy::File(path) => {
            let said = from_file(&run, &all, path, &who)?;
            // The result files are written anew below, and with them the words of the person would be gone.
            if !said.is_empty() {
                kept_copy = keep_copy(path, folder)?;
            }
            (write_statements(&run, said, &who, context)?, None)
        }
        SettledBy::Word { call, settled, outputs, note } => {
            let outputs = outputs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            let statement = Statement { settled_as: *settled, outputs, note: note.as_deref(), who: &who };
            (write_statements(&run, vec![one_call(&run, &all, call, &statement)?], &who, context)?, None)
        }
        SettledBy::Lookups(calls) => look_all_up(&run, &matching(&all, calls)?, context)?,
    };
    let unknown = run.unknown_calls()?;
    if !told.is_empty() {
        run.close(context)?;
    }
    let settled = run.settled_rows()?;
    let dialect = run.frozen.dialect.clone().unwrap_or_default();
    Ok(ResolveReport {
        run: run.frozen.run_id.clone(),
        settled: told
            .into_iter()
            .map(|(call, settled, by)| SettledCall { call: CallInDoubt::of(&run, &call), settled, by })
            .collect(),
        unknown: unknown.iter().map(|call| CallInDoubt::of(&run, call)).collect(),
        stopped,
        open_rows: run.open_rows()?,
        settled_rows: settled.total,
        failed_rows: settled.with_failed_call,
        takes_back: run.frozen.link.as_ref().is_some_and(|link| link.kind == LinkKind::Undo),
        unknown_file: folder.join(format!("unknown.{}", dialect.extension())),
        kept_copy,
    })
}

/// Selects the calls that the request names.
fn matching(all: &[UnknownCall], which: &CallFilter) -> Result<Vec<UnknownCall>, Refusal> {
    let key = |call: &&UnknownCall| which.key.as_ref().is_none_or(|key| call.key == *key);
    let step = |call: &&UnknownCall| which.step.as_ref().is_none_or(|step| call.doubt.step == *step);
    let meant: Vec<UnknownCall> = all.iter().filter(key).filter(step).cloned().collect();
    if !meant.is_empty() || (which.key.is_none() && which.step.is_none()) {
        return Ok(meant);
    }
    Err(Refusal::Usage(match (&which.key, &which.step) {
        (Some(key), Some(step)) => format!("step `{step}` of the row `{key}` is not unknown"),
        (Some(key), None) => format!("nothing of the row `{key}` is unknown"),
        (None, step) => format!("step `{}` is unknown for no row", step.as_deref().unwrap_or_default()),
    }))
}

/// The statement of a person about the one call that the request names.
fn one_call(
    run: &OpenRun,
    all: &[UnknownCall],
    which: &CallFilter,
    statement: &Statement<'_>,
) -> Result<(UnknownCall, Settled), Refusal> {
    let meant = matching(all, which)?;
    let call = match meant.as_slice() {
        [] => return Err(Refusal::Usage("nothing is unknown in this run".to_owned())),
        [call] => call,
        [first, ..] if which.key.is_none() && matches!(first.scope, StepScope::Row(_)) => {
            let message = "several calls are unknown: say which row with `--key`, or settle all with `--from`";
            return Err(Refusal::Usage(message.to_owned()));
        }
        several => {
            let steps: Vec<String> = several.iter().map(|call| format!("`{}`", call.doubt.step)).collect();
            let message = format!("several calls of it are unknown: say which with `--step`: {}", steps.join(", "));
            return Err(Refusal::Usage(message));
        }
    };
    Ok((call.clone(), settlement(call, &run.plan, statement).map_err(Refusal::Usage)?))
}

/// Writes the statements of a person to the journal.
fn write_statements(
    run: &OpenRun,
    said: Vec<(UnknownCall, Settled)>,
    who: &str,
    context: &Context,
) -> Result<Vec<SettlementResult>, Refusal> {
    let facts = said.iter().map(|(call, fact)| (call.scope, vec![Fact::Settled(fact.clone())])).collect();
    run.write(facts)?;
    write_events(run, &said, context)?;
    let word = |fact: &Settled| if fact.outcome == StepOutcome::Failed { SettleAs::Failed } else { SettleAs::Done };
    Ok(said.into_iter().map(|(call, fact)| (call, Some(word(&fact)), who.to_owned())).collect())
}

/// Writes the statements of a person as events.
fn write_events(run: &OpenRun, said: &[(UnknownCall, Settled)], context: &Context) -> Result<(), Refusal> {
    let Some(events) = run.events(context) else { return Ok(()) };
    events.begin(&run.plan, run.frozen.limits, run.counts()?, run.clock.now());
    for (call, fact) in said {
        let row = matches!(call.scope, StepScope::Row(_)).then_some(call.number);
        let key = if row.is_some() { run.plan.shown_key(&call.key) } else { &call.key };
        let rollback = call.doubt.call.phase == Phase::Rollback;
        let place = CallPlace {
            of: RowPlace { row, key: key.to_owned() },
            step: call.doubt.step.clone(),
            element: call.doubt.element,
            rollback,
            operation: call.doubt.operation.clone(),
        };
        let message = call.masks.text(&fact.message()).into_owned();
        events.tell(run.clock.now(), EventKind::Settled { call: place, outcome: fact.outcome, message });
    }
    Ok(())
}

/// Looks the calls up. Returns their outcomes, and why the lookups stopped before their end; `None` where they did not.
fn look_all_up(
    run: &OpenRun,
    calls: &[UnknownCall],
    context: &Context,
) -> Result<(Vec<SettlementResult>, Option<String>), Refusal> {
    let asked: Vec<UnknownCall> = calls.iter().filter(|call| call.can_be_looked_up()).cloned().collect();
    let stopped = look_up(run, &asked, context)?;
    let mut told = Vec::new();
    for call in asked {
        let facts = run.reader.facts(call.scope)?;
        let state = RowState::fold(facts.iter().map(|(at, fact)| (*at, fact)));
        let settled = outcome_of(&state, call.doubt.call);
        let by = call.doubt.lookup.clone().unwrap_or_default();
        told.push((call, settled, by));
    }
    Ok((told, stopped))
}

/// The outcome that the journal shows for a call; `None` while it is unknown.
fn outcome_of(state: &RowState, call: CallRef) -> Option<SettleAs> {
    let call = state.call(call)?;
    match &call.ended {
        _ if call.is_in_doubt() => None,
        Some(ended) if ended.outcome != StepOutcome::Failed => Some(SettleAs::Done),
        Some(_) | None => Some(SettleAs::Failed),
    }
}
