//! What really happened, by the simulators' log, against what the journal says.

use std::collections::BTreeMap;

use runsheet::internals::journal::{Audit, Fact, ScopeShape};
use runsheet::internals::model::{RowOutcome, StepScope, Time, Value};
use runsheet::internals::plan::BoundList;

use super::scenario::Scenario;
use super::world::{World, outcome};

/// Everything that is not as promised.
pub(crate) fn problems(world: &World, scenario: &Scenario) -> Vec<String> {
    let mut problems = books(world);
    problems.extend(doubled(world));
    problems.extend(repeated(world));
    problems.extend(outcomes(world, scenario));
    problems
}

/// The same of a linked run: what it sends again was sent before and had no effect.
pub(crate) fn problems_of_a_retry(world: &World, scenario: &Scenario) -> Vec<String> {
    let mut problems = books(world);
    problems.extend(doubled(world));
    problems.extend(outcomes(world, scenario));
    problems
}

/// Rows of which nobody knows what became.
pub(crate) fn unknown(world: &World) -> usize {
    let ended = world.rows.iter().map(|row| outcome(&world.facts(StepScope::Row(row.position))));
    ended.filter(|outcome| *outcome == Some(RowOutcome::Unknown)).count()
}

/// The books of the whole run.
pub(crate) fn books(world: &World) -> Vec<String> {
    let shape = ScopeShape::of(&world.plan, BoundList::Steps);
    let mut books = Audit::default();
    for row in &world.rows {
        let facts = world.facts(StepScope::Row(row.position));
        let name = format!("row {}", row.position);
        let state = books.fold(&name, &facts, &shape);
        books.close_row(&name, &state, &shape);
    }
    books.close(world.rows.len() as u64);
    books.problems
}

/// Effects made more than once.
pub(crate) fn doubled(world: &World) -> Vec<String> {
    let mut seen: BTreeMap<&str, u32> = BTreeMap::new();
    for id in world.log.iter().filter(|entry| entry.effect).filter_map(|entry| entry.effect_id.as_deref()) {
        *seen.entry(id).or_default() += 1;
    }
    seen.into_iter()
        .filter(|(_, count)| *count > 1)
        .map(|(id, count)| format!("effect {id} was made {count} times"))
        .collect()
}

/// Outcomes that the log contradicts.
fn outcomes(world: &World, scenario: &Scenario) -> Vec<String> {
    let mut problems = Vec::new();
    if !world.stops.is_empty() {
        problems.push(format!("the run stopped: {}", world.stops.join("; ")));
    }
    for row in &world.rows {
        let facts = world.facts(StepScope::Row(row.position));
        let Some(outcome) = outcome(&facts) else {
            problems.push(format!("row {} never ended", row.position));
            continue;
        };
        let effects = effects_of(world, scenario, row.position, &facts);
        let expected = expected_effects(scenario);
        let canceled = effects.iter().any(|id| id.starts_with("update_status"));
        let true_to_log = match outcome {
            RowOutcome::Succeeded => effects.len() == expected && !canceled,
            // Nothing of it stands: nothing was made, or all was taken back.
            RowOutcome::Failed => effects.is_empty() || canceled,
            RowOutcome::Unknown => effects.len() <= expected + 1,
            RowOutcome::Partial => !effects.is_empty() && !canceled,
            RowOutcome::NotStarted | RowOutcome::Unchanged | RowOutcome::Skipped => false,
        };
        if !true_to_log {
            problems.push(format!("row {} is {}, the log has {effects:?}", row.position, outcome));
            problems.extend(facts.iter().map(|(at, fact)| format!("    {at} {fact:?}")));
        }
    }
    problems
}

fn expected_effects(scenario: &Scenario) -> usize {
    match scenario.name {
        "onboard" => 4,
        _ => 1,
    }
}

/// The effects in the log that are the row's: by its key, and by the number that its answer brought.
fn effects_of(world: &World, scenario: &Scenario, position: u64, facts: &[(Time, Fact)]) -> Vec<String> {
    let row = scenario.row(position);
    let key = row.values().next().and_then(Value::as_str).unwrap_or_default().to_owned();
    let number = facts.iter().find_map(|(_, fact)| match fact {
        Fact::Attempted(attempted) => attempted.outputs.get("task_num").and_then(Value::as_str),
        Fact::Settled(settled) => settled.outputs.get("task_num").and_then(Value::as_str),
        Fact::ImportedCall(carried) => carried.outputs.get("task_num").and_then(Value::as_str),
        _ => None,
    });
    let ids = world.log.iter().filter(|entry| entry.effect).filter_map(|entry| entry.effect_id.clone());
    let names: Vec<String> = [Some(key.as_str()), number].into_iter().flatten().map(str::to_owned).collect();
    ids.filter(|id| id.split(':').any(|part| names.iter().any(|name| name == part))).collect()
}

/// Calls that must not be repeated and reached their vendor more than once, refusals at the gate apart.
pub(crate) fn repeated(world: &World) -> Vec<String> {
    const NEVER: [&str; 4] = ["CreateReleaseFlow", "createBlankTask", "createTaskModerator", "createTaskPublisher"];
    let mut seen: BTreeMap<String, Vec<(bool, String)>> = BTreeMap::new();
    for entry in &world.log {
        let at_the_gate = entry.code.starts_with("RequestLimitExceeded")
            || matches!(entry.fault.as_deref(), Some("throttle" | "expire"))
            // The vendor says with one code that the token has run out and that a call has failed.
            || (entry.code == "0" && !entry.effect && entry.fault.is_none());
        if NEVER.contains(&entry.operation.as_str()) {
            let how = format!("{} {:?}", entry.code, entry.fault);
            seen.entry(format!("{} {}", entry.operation, entry.request)).or_default().push((at_the_gate, how));
        }
    }
    seen.into_iter()
        .filter(|(_, sends)| sends.iter().rev().skip(1).any(|(at_the_gate, _)| !at_the_gate))
        .map(|(call, sends)| format!("{call} was sent again: {sends:?}"))
        .collect()
}

/// Rows that succeeded.
pub(crate) fn succeeded(world: &World) -> u64 {
    let ended = world.rows.iter().filter_map(|row| outcome(&world.facts(StepScope::Row(row.position))));
    ended.filter(|outcome| *outcome == RowOutcome::Succeeded).count() as u64
}
