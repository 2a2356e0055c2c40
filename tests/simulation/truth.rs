//! What really happened, by the simulators' log, against what the journal says.

use std::collections::BTreeMap;

use runsheet::journal::Books;
use runsheet::model::{RowOutcome, Scope};
use runsheet::plan::BoundList;

use super::scenario::Scenario;
use super::world::{World, outcome};

/// Everything that is not as promised.
pub fn problems(world: &World, scenario: &Scenario) -> Vec<String> {
    let mut problems = books(world);
    problems.extend(doubled(world));
    problems.extend(outcomes(world, scenario));
    problems
}

/// The books of the whole run.
fn books(world: &World) -> Vec<String> {
    let shape = world.plan.shape(BoundList::Steps);
    let mut books = Books::default();
    for row in &world.rows {
        let facts = world.facts(Scope::Row(row.position));
        let name = format!("row {}", row.position);
        let state = books.fold(&name, &facts, &shape);
        books.close_row(&name, &state, &shape);
    }
    books.close(world.rows.len() as u64);
    books.problems
}

/// Effects made more than once.
fn doubled(world: &World) -> Vec<String> {
    let mut seen: BTreeMap<&str, u32> = BTreeMap::new();
    for id in world.log.iter().filter(|entry| entry.effect).filter_map(|entry| entry.effect_id.as_deref()) {
        *seen.entry(id).or_default() += 1;
    }
    seen.into_iter().filter(|(_, count)| *count > 1).map(|(id, count)| format!("effect {id} was made {count} times")).collect()
}

/// Outcomes that the log contradicts.
fn outcomes(world: &World, scenario: &Scenario) -> Vec<String> {
    let mut problems = Vec::new();
    if !world.stops.is_empty() {
        problems.push(format!("the run stopped: {}", world.stops.join("; ")));
    }
    for row in &world.rows {
        let facts = world.facts(Scope::Row(row.position));
        let Some(outcome) = outcome(&facts) else {
            problems.push(format!("row {} never ended", row.position));
            continue;
        };
        let effects = effects_of(world, scenario, row.position);
        let expected = expected_effects(scenario, row.position);
        let lies = match outcome {
            RowOutcome::Succeeded => effects != expected,
            // Nothing of it stands: nothing was made, or all was taken back.
            RowOutcome::Failed => effects % 2 != 0 && scenario.name != "onboard" || effects > 0 && scenario.name != "onboard",
            RowOutcome::Unknown | RowOutcome::Partial => effects > expected + 1,
            _ => true,
        };
        if lies {
            let outcome = outcome.as_str();
            problems.push(format!("row {} is {outcome}, the log has {effects} effects of {expected}", row.position));
            problems.extend(facts.iter().map(|(at, fact)| format!("    {at} {fact:?}")));
        }
    }
    problems
}

fn expected_effects(scenario: &Scenario, position: u64) -> usize {
    match scenario.name {
        "onboard" if position == 1 => 4,
        "onboard" => 4,
        _ => 1,
    }
}

/// The effects in the log that name the row.
fn effects_of(world: &World, scenario: &Scenario, position: u64) -> usize {
    let row = scenario.row(position);
    let key = row.values().next().and_then(|value| value.as_str()).unwrap_or_default().to_owned();
    let mut names = vec![key.clone()];
    // Later calls of an appointment go by the number that its creation brought.
    for entry in world.log.iter().filter(|entry| entry.effect && entry.request.to_string().contains(&key)) {
        if let Some(id) = entry.effect_id.as_deref().and_then(|id| id.rsplit(['/', ':', ' ', '=']).next()) {
            names.push(id.to_owned());
        }
    }
    let made = world.log.iter().filter(|entry| entry.effect);
    made.filter(|entry| names.iter().any(|name| entry.request.to_string().contains(name.as_str()))).count()
}

/// Rows that succeeded.
pub fn succeeded(world: &World) -> u64 {
    let ended = world.rows.iter().filter_map(|row| outcome(&world.facts(Scope::Row(row.position))));
    ended.filter(|outcome| *outcome == RowOutcome::Succeeded).count() as u64
}
