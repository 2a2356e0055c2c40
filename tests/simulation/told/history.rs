//! What a run goes through, drawn by seed: trouble on the wire, deaths, stops, people who steer it, people who settle what is
//! unknown, and runs that are made from it.

use std::collections::HashSet;
use std::fmt;
use std::sync::Arc;

use runsheet::internals::engine::{PlanView, PriorRow, import_row, standing_effects, undo_facts};
use runsheet::internals::journal::{
    ContinuedIn, Fact, JournalEntry, RowState, RunSteering, ScopeShape, derive_outcome,
};
use runsheet::internals::model::{RowOutcome, RunId, StepScope};
use runsheet::internals::plan::{BoundList, undo_plan};
use runsheet::internals::provider::Registry;
use runsheet::internals::runner::LinkKind;

use super::family::{Family, ToldRun};
use crate::simulation::bounded::bounded;
use crate::simulation::random::RandomStream;
use crate::simulation::scenario::{SCENARIOS, Scenario};
use crate::simulation::steered::RandomSteering;
use crate::simulation::world::{Trouble, World};

/// The most that follows a run: settlements, resumes, retries and undos.
const MOST_ACTS: usize = 4;

const TROUBLES: [Trouble; 8] = [
    Trouble::None,
    Trouble::Wire,
    Trouble::Wire,
    Trouble::Crashes,
    Trouble::SlowDisk,
    Trouble::All,
    Trouble::All,
    Trouble::Mute,
];

/// A run with what it goes through.
pub(super) struct History {
    seed: u64,
    scenario: Scenario,
    trouble: Trouble,
    rng: RandomStream,
    /// `None` only while it changes.
    world: Option<World>,
    family: Family,
    /// What happened so far, for a failing test.
    told: Vec<String>,
}

impl History {
    /// A run that came to its end, was stopped, or died.
    pub(super) fn begin(seed: u64) -> Self {
        let mut rng = RandomStream::new(seed ^ 0x701d);
        let base = &SCENARIOS[pick(&mut rng, SCENARIOS.len())];
        let few = Scenario { rows: 3 + rng.below(4), ..*base };
        let scenario = if rng.chance(300) { bounded(&few, seed) } else { few };
        let trouble = TROUBLES[pick(&mut rng, TROUBLES.len())];
        let mut world = World::new(&scenario, trouble, seed);
        if rng.chance(500) {
            world = world.without_rates();
        }
        if rng.chance(400) {
            world.steering = Some(RandomSteering::new(seed));
        }
        let told = vec![format!("scenario `{}` of {} rows, {trouble:?}", scenario.name, scenario.rows)];
        let mut history = Self { seed, scenario, trouble, rng, world: Some(world), family: Family::default(), told };
        let id = RunId::from_text("20270115-080000-abcdef");
        let closed = history.run();
        history.family.runs.push(ToldRun::of(history.world(), &id, None, closed));
        history
    }

    pub(super) fn family(&self) -> &Family {
        &self.family
    }

    fn world(&self) -> &World {
        self.world.as_ref().unwrap()
    }

    /// Does the next thing; `false` if the history is over.
    pub(super) fn goes_on(&mut self) -> bool {
        if self.told.len() > MOST_ACTS {
            return false;
        }
        let doubts = self.world().doubts().len();
        match self.rng.below(8) {
            0 | 1 if doubts > 0 => self.settle(),
            2..=4 if self.is_left_alone() => return self.make(LinkKind::Retry),
            5 | 6 if self.is_left_alone() => return self.make(LinkKind::Undo),
            _ if !self.is_open() => return doubts > 0 && self.settle_and_tell(),
            _ => self.resume(),
        }
        true
    }

    /// Whether a process of the run may be started again: nobody closed it, and something of it is left.
    fn is_open(&self) -> bool {
        let world = self.world();
        let steering = RunSteering::fold(&world.facts(StepScope::Run));
        steering.cancelled.is_none() && !world.facts(StepScope::Run).iter().any(|(_, fact)| *fact == Fact::Finished)
    }

    /// Whether runs may be made from it: a retry and an undo begin where no call of the run is under way.
    fn is_left_alone(&self) -> bool {
        self.last().closed && self.last().frozen.link.as_ref().is_none_or(|link| link.kind != LinkKind::Undo)
    }

    fn last(&self) -> &ToldRun {
        self.family.runs.last().unwrap()
    }

    /// Runs to the end, to a stop or to a death. Gives whether the last process came to its end.
    fn run(&mut self) -> bool {
        let at = Some(5 + self.rng.below(40) * self.rng.below(12));
        let how = self.rng.below(6);
        let world = self.world.as_mut().unwrap();
        (world.interrupt_at, world.dies_at, world.cancel_at) = match how {
            0 => (at, None, None),
            1 | 2 => (None, at, None),
            3 if world.steering.is_some() => (None, None, at),
            _ => (None, None, None),
        };
        let before = world.died;
        world.stops.clear();
        world.run();
        let died = world.died > before;
        (world.interrupt_at, world.dies_at, world.cancel_at) = (None, None, None);
        let stops = world.stops.join("; ");
        self.told.push(if died { "it died".to_owned() } else { format!("it ran: {stops}") });
        !died
    }

    fn resume(&mut self) {
        let closed = self.run();
        self.tell_again(closed);
    }

    /// The last run as it stands now.
    fn tell_again(&mut self, closed: bool) {
        let last = self.last();
        let (id, link) = (last.id().clone(), last.frozen.link.clone());
        let told = ToldRun::of(self.world.as_ref().unwrap(), &id, link, closed);
        *self.family.runs.last_mut().unwrap() = told;
    }

    fn settle_and_tell(&mut self) -> bool {
        self.settle();
        true
    }

    /// A person looks at some of the unknown calls: lookups are made again, or the truth is stated.
    fn settle(&mut self) {
        let by_lookups = self.rng.chance(400);
        let world = self.world.as_mut().unwrap();
        if by_lookups {
            world.ask();
            self.told.push("unknown calls were looked up".to_owned());
        } else {
            let left: Vec<_> = world.doubts().into_iter().filter(|_| self.rng.chance(700)).collect();
            for (scope, call) in &left {
                let fact = Fact::Settled(world.truth(&self.scenario, *scope, *call));
                world.append(*scope, vec![fact]);
            }
            self.told.push(format!("{} unknown calls were settled", left.len()));
        }
        // `resolve` takes a run as it is, also one that broke off, and writes its row files.
        self.tell_again(true);
    }

    /// Makes a retry or an undo of the last run; `false` if it would have no rows.
    fn make(&mut self, kind: LinkKind) -> bool {
        let earlier = self.last();
        let name = self.family.runs.len();
        let id = RunId::from_text(format!("20270115-0{}0000-abcde{name}", 8 + name));
        let link = earlier.linked(kind);
        let from = earlier.id().clone();
        let mut world = self.world.take().unwrap();
        let plan = Arc::clone(&world.plan);
        if kind == LinkKind::Undo {
            world.plan = Arc::new(undo_plan((*plan).clone(), Registry::builtin(), from.clone()));
        }
        let old = PlanView::new(plan.clone(), None);
        let shape = ScopeShape::of(&plan, BoundList::Steps);
        let (mut rows, mut begins, mut handed) = (Vec::new(), Vec::new(), Vec::new());
        for row in &world.rows {
            let scope = StepScope::Row(row.position);
            let facts = world.facts(scope);
            let state = RowState::fold(facts.iter().map(|(at, fact)| (*at, fact)));
            let ended = state.ended.as_ref().map(|ended| ended.outcome);
            let outcome = ended.unwrap_or_else(|| derive_outcome(&state, &shape));
            let prior = PriorRow { scope, key: &row.key, cells: Some(&row.cells), facts: &facts, run: &from };
            if outcome == RowOutcome::Unknown || !state.doubts().is_empty() {
                continue;
            }
            let facts = match kind {
                LinkKind::Retry => {
                    let missing = matches!(outcome, RowOutcome::Failed | RowOutcome::Partial | RowOutcome::NotStarted);
                    missing.then(|| import_row(prior, &old, &old, Some(&row.cells), false).unwrap().facts)
                }
                LinkKind::Undo => {
                    let undo: HashSet<_> = standing_effects(&old, prior).into_iter().collect();
                    (!undo.is_empty()).then(|| undo_facts(prior, &undo, &id))
                }
            };
            if let Some(facts) = facts {
                rows.push(row.clone());
                begins.push((scope, facts));
                handed.push((scope, outcome));
            }
        }
        let any = !rows.is_empty();
        if any {
            self.hand_over(&world, handed, &id);
            world = world.linked(rows);
            begins
                .into_iter()
                .filter(|(_, facts)| !facts.is_empty())
                .for_each(|(scope, facts)| world.append(scope, facts));
            self.world = Some(world);
            let closed = self.run();
            self.told.push(format!("that was {kind:?} {id}"));
            let told = ToldRun::of(self.world(), &id, Some(link), closed);
            self.family.runs.push(told);
        } else {
            self.world = Some(world);
        }
        any
    }

    /// Writes into the journal of the earlier run which rows go on in a later one.
    fn hand_over(&mut self, world: &World, handed: Vec<(StepScope, RowOutcome)>, to: &RunId) {
        let earlier = self.family.runs.last_mut().unwrap();
        earlier.successors.push(to.clone());
        let first = earlier.disk.last().map_or(1, |entry| entry.seq + 1);
        let rows = handed.into_iter().chain([(StepScope::After, RowOutcome::NotStarted)]);
        let entries = (first..).zip(rows).map(|(seq, (scope, outcome))| {
            let facts = vec![Fact::ContinuedIn(ContinuedIn { to: to.clone(), outcome })];
            JournalEntry { seq, at: world.now, scope, facts }
        });
        earlier.disk.extend(entries);
    }
}

fn pick(rng: &mut RandomStream, of: usize) -> usize {
    usize::try_from(rng.below(of as u64)).unwrap()
}

impl fmt::Display for History {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "seed {}, {:?}: {}", self.seed, self.trouble, self.told.join("; "))
    }
}
