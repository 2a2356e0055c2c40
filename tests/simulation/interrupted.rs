//! Runs that are asked to stop at any moment: what may be repeated waits for `resume`, and is never called unknown.

use runsheet::internals::journal::{RowState, ScopeShape, derive_outcome};
use runsheet::internals::model::{RowOutcome, StepScope};
use runsheet::internals::plan::BoundList;

use super::scenario::SCENARIOS;
use super::truth;
use super::world::{Trouble, World};

/// How a row stood when the run stopped, and whether a call of it waits to be repeated.
fn stood(world: &World, position: u64) -> (RowOutcome, RowState) {
    let facts = world.facts(StepScope::Row(position));
    let state = RowState::fold(facts.iter().map(|(at, fact)| (*at, fact)));
    (derive_outcome(&state, &ScopeShape::of(&world.plan, BoundList::Steps)), state)
}

#[test]
fn a_stop_at_any_moment_leaves_what_may_be_repeated_to_resume_and_never_unknown() {
    let (mut waited, mut looked_up) = (0, 0);
    for scenario in SCENARIOS {
        for trouble in [Trouble::Wire, Trouble::Mute] {
            for seed in 0..60 {
                let mut world = World::new(scenario, trouble, seed).without_rates();
                world.interrupt_at = Some(10 + seed * 17);
                world.run();
                let told = format!("scenario `{}`, {trouble:?}, seed {seed}", scenario.name);
                for row in &world.rows {
                    let (outcome, state) = stood(&world, row.position);
                    let calls = || state.steps.iter().flat_map(|step| step.calls.iter().chain(&step.undone));
                    if calls().any(|call| call.waits_to_be_repeated()) {
                        assert_eq!(outcome, RowOutcome::Partial, "{told}, row {}", row.position);
                        waited += 1;
                    } else if state.ended.is_none() && outcome == RowOutcome::Unknown {
                        // Only what must not simply be sent again may be unknown while its run can go on.
                        assert!(calls().any(|call| call.to_look_up), "{told}, row {}", row.position);
                        assert!(matches!(scenario.name, "approve" | "reject"), "{told}, row {}", row.position);
                        looked_up += 1;
                    }
                }
                if trouble == Trouble::Wire {
                    world.interrupt_at = None;
                    world.stops.clear();
                    world.run();
                    let problems = truth::problems(&world, scenario);
                    assert!(problems.is_empty(), "{told}:\n{}", problems.join("\n"));
                }
            }
        }
    }
    assert!(waited > 100 && looked_up > 10, "{waited} rows waited to be repeated, {looked_up} to be looked up");
}
