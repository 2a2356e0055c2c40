//! Runs that people pause, slow down, speed up and drain at random moments: what they set binds at once, and nothing is lost
//! or doubled.

use std::collections::BTreeMap;
use std::time::Duration;

use runsheet::internals::journal::{Fact, RunSteering};
use runsheet::internals::model::{Rate, StepScope, Time, Word};
use runsheet::internals::policy::{SteerCommand, SteerOrigin, SteerWish, SteerWord, SteeredBy};

use super::random::RandomStream;
use super::scenario::SCENARIOS;
use super::truth;
use super::world::{IN_FLIGHT, Trouble, World};

/// Commands in one run, after which nobody steers it any more.
const MOST_COMMANDS: u32 = 40;

/// Drains after which something is wrong.
const MOST_DRAINS: u32 = 60;

/// The commands of people, drawn at random.
pub(crate) struct RandomSteering {
    rng: RandomStream,
    given: u32,
}

impl RandomSteering {
    pub(super) fn new(seed: u64) -> Self {
        Self { rng: RandomStream::new(seed ^ 0x57ee), given: 0 }
    }

    /// The next command of a person; mostly none.
    pub(super) fn next(&mut self) -> Option<SteerWish> {
        if self.given >= MOST_COMMANDS || !self.rng.chance(60) {
            return None;
        }
        self.given += 1;
        let calls = 1 + u32::try_from(self.rng.below(u64::from(IN_FLIGHT))).unwrap();
        Some(match self.rng.below(10) {
            0..=2 => SteerWish::TogglePause,
            3 => SteerWish::Do(SteerCommand::Pause),
            4 => SteerWish::Do(SteerCommand::Resume),
            5 => SteerWish::Do(SteerCommand::Drain),
            6 | 7 => SteerWish::Do(SteerCommand::InFlight(calls)),
            _ => SteerWish::Do(SteerCommand::Rate(Rate::new(calls, Duration::from_secs(1)).unwrap())),
        })
    }
}

pub(super) fn person() -> SteeredBy {
    SteeredBy { name: "mei".to_owned(), uid: 1_000, from: SteerOrigin::Ctl }
}

/// What people set last, and what was sent since.
pub(super) struct SteeredLimits {
    pub(super) paused: bool,
    pub(super) rate: Option<Rate>,
    pub(super) in_flight: u32,
    /// When calls were sent since the rate was set.
    sent: Vec<Time>,
}

impl SteeredLimits {
    pub(super) fn of(steering: &RunSteering) -> Self {
        Self {
            paused: steering.paused.is_some(),
            rate: steering.rate.as_ref().map(|(rate, ..)| *rate),
            in_flight: steering.in_flight.as_ref().map_or(IN_FLIGHT, |(calls, ..)| *calls),
            sent: Vec::new(),
        }
    }

    pub(super) fn apply(&mut self, command: SteerCommand, _: Time) {
        match command {
            SteerCommand::Pause => self.paused = true,
            SteerCommand::Resume => self.paused = false,
            SteerCommand::Drain | SteerCommand::Cancel => {}
            SteerCommand::InFlight(calls) => self.in_flight = calls,
            SteerCommand::Rate(rate) => {
                self.rate = Some(rate);
                self.sent.clear();
            }
        }
    }

    /// What is wrong with a call that is sent now, as one of so many under way.
    pub(super) fn judge(&mut self, now: Time, under_way: usize) -> Vec<String> {
        let mut problems = Vec::new();
        if self.paused {
            problems.push(format!("a call was sent at {now} while the run was paused"));
        }
        if under_way > self.in_flight as usize {
            problems.push(format!("{under_way} calls were under way at {now}, and {} may be", self.in_flight));
        }
        self.sent.push(now);
        if let Some(rate) = self.rate {
            let before = self.sent.len().checked_sub(1 + rate.calls() as usize).map(|place| self.sent[place]);
            if before.is_some_and(|before| now.since(before) < rate.per()) {
                problems.push(format!("more than {rate} were sent at {now}"));
            }
        }
        problems
    }
}

/// Runs, and again after every drain.
fn run_on(world: &mut World) {
    for _ in 0..MOST_DRAINS {
        world.run();
        if world.stops.iter().all(|stop| !stop.starts_with("drained by")) {
            return;
        }
        world.stops.clear();
    }
    panic!("it is drained again and again");
}

#[test]
fn what_people_set_binds_at_once_and_nothing_is_lost_or_doubled() {
    let mut given: BTreeMap<String, u32> = BTreeMap::new();
    for scenario in SCENARIOS {
        for trouble in [Trouble::None, Trouble::Wire, Trouble::All] {
            for seed in super::seeds(super::SEEDS / 4) {
                let mut world = super::drawn(scenario, trouble, seed);
                world.steering = Some(RandomSteering::new(seed));
                run_on(&mut world);
                let mut problems = truth::problems(&world, scenario);
                problems.append(&mut world.late);
                assert!(
                    problems.is_empty(),
                    "scenario `{}`, {trouble:?}, seed {seed} (replay with RUNSHEET_SEED={seed}):\n{}",
                    scenario.name,
                    problems.join("\n")
                );
                for (_, fact) in world.facts(StepScope::Run) {
                    if let Fact::Steered(steered) = fact {
                        *given
                            .entry(steered.what.to_string().split(" set to ").next().unwrap().to_owned())
                            .or_default() += 1;
                    }
                }
            }
        }
    }
    println!("commands given: {given:?}");
    let alone = std::env::var_os("RUNSHEET_SEED").is_some();
    assert!(alone || given.len() == SteerWord::TABLE.len() - 1, "{given:?}");
}

#[test]
fn a_cancelled_run_sends_nothing_more_and_stays_closed() {
    for scenario in SCENARIOS {
        let mut world = World::new(scenario, Trouble::Wire, 3);
        world.steering = Some(RandomSteering::new(3));
        world.cancel_at = Some(60);
        world.run();
        assert!(world.stops.iter().any(|stop| stop.starts_with("cancelled by mei")), "{:?}", world.stops);
        let sent = world.log.len();
        world.steering = None;
        world.cancel_at = None;
        world.run();
        assert_eq!(world.log.len(), sent, "{}: a closed run sent something", scenario.name);
        assert_eq!(truth::doubled(&world), Vec::<String>::new());
    }
}
