//! The questions before anything is sent: the environment's own, and the number of rows with dangerous effects.

use std::io::{self, BufRead, IsTerminal};

use crate::cli::args::PaceArgs;
use crate::cli::failure::Failure;
use crate::cli::screen::Screen;
use crate::plan::Plan;
use crate::provider::{DangerKind, is_loopback};
use crate::runner::Tally;

/// Asks what has to be asked, unless the command line answers already.
///
/// # Errors
/// [`Failure::Conflict`] where the answer is no, or where nobody is there to give it.
pub(crate) fn confirm(plan: &Plan, tally: &Tally, pace: &PaceArgs, screen: Screen) -> Result<(), Failure> {
    let calls: u64 = tally.calls.values().sum();
    ask_environment(plan, &format!("{} rows, {calls} calls", tally.rows), pace, screen)?;
    let rows = tally.dangerous_rows;
    if rows == 0 || stays_here(plan) {
        return Ok(());
    }
    let effects = effects(tally);
    let rows_have = if rows == 1 { "1 row has".to_owned() } else { format!("{rows} rows have") };
    match pace.confirm {
        Some(given) if given == rows => Ok(()),
        Some(given) => Err(Failure::Conflict(format!(
            "`--confirm {given}` was given, and {rows_have} effects that need it: {effects}"
        ))),
        None if !is_attended() => Err(Failure::Conflict(format!(
            "{rows_have} effects that cannot be taken back lightly ({effects}): add `--confirm {rows}` to go on"
        ))),
        None => {
            screen.insist(&format!("{effects}. Type the number of rows ({rows}) to go on:"));
            match answer()? == rows.to_string() {
                true => Ok(()),
                false => Err(Failure::Conflict("not confirmed; nothing was sent".to_owned())),
            }
        }
    }
}

/// Whether every call stays on this machine: simulators, or servers on loopback addresses.
fn stays_here(plan: &Plan) -> bool {
    plan.environment.is_sandbox()
        || plan.budgets.iter().all(|budget| {
            let connection = plan.connections.get(budget.connection);
            connection.is_some_and(|connection| connection.base_url.as_deref().is_some_and(is_loopback))
        })
}

/// `24 calls bill (contract), 40 calls notify`.
pub(crate) fn effects(tally: &Tally) -> String {
    let parts: Vec<String> = tally
        .dangers
        .iter()
        .filter(|((kind, _), _)| *kind != DangerKind::Irreversible)
        .map(|((kind, counts_as), count)| format!("{count} × {} ({counts_as})", kind.as_str()))
        .collect();
    let again = tally.repeats.calls;
    let again = (again > 0).then(|| format!("{again} × sent again"));
    parts.into_iter().chain(again).collect::<Vec<_>>().join(", ")
}

/// Asks the environment's own question, where it has one; `what` says what would go out.
///
/// # Errors
/// [`Failure::Conflict`] where the answer is no, or where nobody is there to give it.
pub(super) fn ask_environment(plan: &Plan, what: &str, pace: &PaceArgs, screen: Screen) -> Result<(), Failure> {
    let name = &plan.environment.name;
    if !plan.environment.confirm || pace.yes {
        return Ok(());
    }
    if !is_attended() {
        return Err(Failure::Conflict(format!("the environment `{name}` asks before it sends: add `--yes` to answer")));
    }
    screen.insist(&format!("{what} to `{name}`. Type the environment's name to go on:"));
    match answer()? == *name {
        true => Ok(()),
        false => Err(Failure::Conflict("not confirmed; nothing was sent".to_owned())),
    }
}

/// Whether somebody is there to answer.
fn is_attended() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

fn answer() -> Result<String, Failure> {
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line)?;
    Ok(line.trim().to_owned())
}
