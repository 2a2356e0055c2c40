//! Whole runs in virtual time: the real engine, plan and providers against the real simulators, with seeded
//! trouble on the wire, on the disk and in the process. A seed replays a run; `RUNSHEET_SEED=N` runs one alone.

mod dice;
mod network;
mod scenario;
mod truth;
mod world;

use scenario::{SCENARIOS, Scenario};
use world::{Trouble, World};

/// Seeds of each scenario and trouble in the ordinary test run, and in the soak.
const SEEDS: u64 = 60;
const SEEDS_OF_A_SOAK: u64 = 2_000;

fn seeds(unless_told: u64) -> Vec<u64> {
    match std::env::var("RUNSHEET_SEED").ok().and_then(|text| text.parse().ok()) {
        Some(seed) => vec![seed],
        None => {
            let count = std::env::var("RUNSHEET_SEEDS").ok().and_then(|text| text.parse().ok()).unwrap_or(unless_told);
            (0..count).collect()
        }
    }
}

fn simulate(scenario: &Scenario, trouble: Trouble) {
    simulate_all(scenario, trouble, &seeds(SEEDS));
}

fn simulate_all(scenario: &Scenario, trouble: Trouble, seeds: &[u64]) {
    for &seed in seeds {
        let mut world = World::new(scenario, trouble, seed);
        world.run();
        let problems = truth::problems(&world, scenario);
        assert!(
            problems.is_empty(),
            "scenario `{}`, {trouble:?}, seed {seed} (replay with RUNSHEET_SEED={seed}):\n{}",
            scenario.name,
            problems.join("\n")
        );
    }
}

#[test]
fn without_trouble_every_row_succeeds() {
    for scenario in SCENARIOS {
        let mut world = World::new(scenario, Trouble::None, 1);
        world.run();
        assert_eq!(truth::problems(&world, scenario), Vec::<String>::new(), "{}", scenario.name);
        assert_eq!(truth::succeeded(&world), scenario.rows, "{}", scenario.name);
    }
}

#[test]
fn trouble_on_the_wire_doubles_nothing() {
    SCENARIOS.iter().for_each(|scenario| simulate(scenario, Trouble::Wire));
}

#[test]
fn a_process_that_dies_again_and_again_doubles_nothing() {
    SCENARIOS.iter().for_each(|scenario| simulate(scenario, Trouble::Crashes));
}

#[test]
fn all_trouble_at_once_doubles_nothing() {
    SCENARIOS.iter().for_each(|scenario| simulate(scenario, Trouble::All));
}

#[test]
fn a_slow_disk_slows_and_breaks_nothing() {
    SCENARIOS.iter().for_each(|scenario| simulate(scenario, Trouble::SlowDisk));
}

#[test]
#[ignore = "takes long: every scenario and trouble with 2,000 seeds, or as many as RUNSHEET_SEEDS says"]
fn soak() {
    let seeds = seeds(SEEDS_OF_A_SOAK);
    let troubles = [Trouble::Wire, Trouble::Crashes, Trouble::SlowDisk, Trouble::All];
    std::thread::scope(|scope| {
        for trouble in troubles {
            let seeds = &seeds;
            scope.spawn(move || SCENARIOS.iter().for_each(|scenario| simulate_all(scenario, trouble, seeds)));
        }
    });
    println!("{} runs", SCENARIOS.len() * troubles.len() * seeds.len());
}
