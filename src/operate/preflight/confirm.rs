//! The confirmations before anything is sent: of the environment, and of the number of rows with dangerous effects.

use crate::diagnostic::plural_of;
use crate::operate::interface::{Confirmed, Context, Destination, Question, Refusal};
use crate::plan::Plan;
use crate::provider::{DangerKind, is_loopback};
use crate::runner::IntakeTally;

/// Asks for the confirmations that a run needs, unless the request gives them.
///
/// # Errors
/// [`Refusal::Conflict`] where a confirmation is wrong, refused, or missing because no person can be asked;
/// [`Refusal::Broken`] where the answer cannot be read.
pub(crate) fn confirm_run(
    plan: &Plan,
    tally: &IntakeTally,
    confirmed: Confirmed,
    context: &Context,
) -> Result<(), Refusal> {
    let calls: u64 = tally.calls.values().sum();
    let widened: String = tally.widened_words(plan).iter().map(|line| format!(", of them {line}")).collect();
    let what = format!("{}, {}{widened}", plural_of(tally.rows, "row"), plural_of(calls, "call"));
    confirm_environment(plan, &what, confirmed, context)?;
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
                "{rows_have} effects that are hard to undo ({effects}) in the {to}: add `--confirm {rows}` \
                 to go on"
            );
            ask(&Question::Effects { rows, effects, to }, unattended, context)
        }
    }
}

/// Whether every call stays on this machine: in the sandbox, or on loopback addresses.
fn stays_here(plan: &Plan) -> bool {
    plan.environment.is_sandbox()
        || plan.rate_buckets.iter().all(|budget| {
            let connection = plan.connections.get(budget.connection);
            connection.is_some_and(|connection| connection.base_url.as_deref().is_some_and(is_loopback))
        })
}

/// Lists the dangerous effects, such as `24 × bill (contract), 40 × notify (person)`, and the calls that an absent input
/// widens.
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

/// Asks for the confirmation of the environment, where its settings want one; `what` says what would be sent.
///
/// # Errors
/// As [`confirm_run`].
pub(crate) fn confirm_environment(
    plan: &Plan,
    what: &str,
    confirmed: Confirmed,
    context: &Context,
) -> Result<(), Refusal> {
    let name = plan.environment.name.clone();
    if !plan.environment.confirm || confirmed.environment {
        return Ok(());
    }
    let to = Destination::of(plan);
    let unattended = format!("the {to} asks before it sends: add `--yes` to answer");
    ask(&Question::Environment { name, what: what.to_owned(), to }, unattended, context)
}

/// Asks a question; `unattended` is the message where no person can be asked.
fn ask(question: &Question, unattended: String, context: &Context) -> Result<(), Refusal> {
    match context.questions.answer(question)? {
        None => Err(Refusal::Conflict(unattended)),
        Some(answer) if answer.trim() == question.expected() => Ok(()),
        Some(_) => Err(Refusal::Conflict("not confirmed; nothing was sent".to_owned())),
    }
}
