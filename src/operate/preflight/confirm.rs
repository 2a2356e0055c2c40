//! The questions before anything is sent: the environment's own, and the number of rows with dangerous effects.

use crate::operate::interface::{Confirmed, Context, Destination, Question, Refusal};
use crate::plan::Plan;
use crate::provider::{DangerKind, is_loopback};
use crate::runner::IntakeTally;

/// Asks what has to be asked before a run sends, unless the request answers already.
///
/// # Errors
/// [`Refusal::Conflict`] where the answer is no, or where nobody is there to give it.
pub(crate) fn confirm(
    plan: &Plan,
    tally: &IntakeTally,
    confirmed: Confirmed,
    context: &Context,
) -> Result<(), Refusal> {
    let calls: u64 = tally.calls.values().sum();
    let widened: String = tally.widened_words(plan).iter().map(|line| format!(", of them {line}")).collect();
    ask_environment(plan, &format!("{} rows, {calls} calls{widened}", tally.rows), confirmed, context)?;
    let rows = tally.dangerous_rows;
    if rows == 0 || stays_here(plan) {
        return Ok(());
    }
    let (effects, to) = (effects(tally, plan), Destination::of(plan));
    let rows_have = if rows == 1 { "1 row has".to_owned() } else { format!("{rows} rows have") };
    match confirmed.rows {
        Some(given) if given == rows => Ok(()),
        Some(given) => Err(Refusal::Conflict(format!(
            "`--confirm {given}` was given, and {rows_have} effects that need it: {effects}"
        ))),
        None => {
            let unattended = format!(
                "{rows_have} effects that cannot be taken back lightly ({effects}) in the {to}: add `--confirm {rows}` \
                 to go on"
            );
            ask(&Question::Effects { rows, effects, to }, unattended, context)
        }
    }
}

/// Whether every call stays on this machine: simulators, or servers on loopback addresses.
fn stays_here(plan: &Plan) -> bool {
    plan.environment.is_sandbox()
        || plan.rate_buckets.iter().all(|budget| {
            let connection = plan.connections.get(budget.connection);
            connection.is_some_and(|connection| connection.base_url.as_deref().is_some_and(is_loopback))
        })
}

/// `24 × bill (contract), 40 × notify (person)`, and the calls that an absent input widens.
fn effects(tally: &IntakeTally, plan: &Plan) -> String {
    let parts: Vec<String> = tally
        .dangers
        .iter()
        .filter(|((kind, _), _)| *kind != DangerKind::Irreversible)
        .map(|((kind, counts_as), count)| format!("{count} × {} ({counts_as})", kind.as_str()))
        .collect();
    let again = tally.repeats.calls;
    let again = (again > 0).then(|| format!("{again} × sent again"));
    parts.into_iter().chain(again).chain(tally.widened_words(plan)).collect::<Vec<_>>().join(", ")
}

/// Asks the environment's own question, where it has one; `what` says what would go out.
///
/// # Errors
/// [`Refusal::Conflict`] where the answer is no, or where nobody is there to give it.
pub(crate) fn ask_environment(plan: &Plan, what: &str, confirmed: Confirmed, context: &Context) -> Result<(), Refusal> {
    let name = plan.environment.name.clone();
    if !plan.environment.confirm || confirmed.environment {
        return Ok(());
    }
    let to = Destination::of(plan);
    let unattended = format!("the {to} asks before it sends: add `--yes` to answer");
    ask(&Question::Environment { name, what: what.to_owned(), to }, unattended, context)
}

/// Puts a question; `unattended` says what to do where nobody is there.
fn ask(question: &Question, unattended: String, context: &Context) -> Result<(), Refusal> {
    match context.questions.answer(question)? {
        None => Err(Refusal::Conflict(unattended)),
        Some(answer) if answer.trim() == question.expected() => Ok(()),
        Some(_) => Err(Refusal::Conflict("not confirmed; nothing was sent".to_owned())),
    }
}
