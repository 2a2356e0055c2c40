//! A world in virtual time: engine, disk, wire and simulators, driven event by event.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use runsheet::internals::diagnostic::{Diagnostics, Source};
use runsheet::internals::engine::{
    Action, CallResult, CallTotals, Engine, EngineSetup, FailureTally, SendOrder, TokenResult,
};
use runsheet::internals::journal::{CallRef, Fact, FrozenRow, JournalEntry, RowState, RunSteering};
use runsheet::internals::model::{Limits, Map, RowOutcome, SendError, StepScope, Time, Value};
use runsheet::internals::plan::{Binding, Plan, bind};
use runsheet::internals::playbook::StopWhen;
use runsheet::internals::policy::{
    Counts, EffectBudget, EffectCounts, FailureSignature, SteerCommand, SteerWish, StopReason, WaitReason,
    WaveProgress, WaveRowEnd,
};
use runsheet::internals::provider::Registry;
use runsheet::internals::sandbox::{Faults, LogEntry, Sandbox, SimulatorSettings, environment};
use runsheet::internals::settings::Environment;

use super::network::Vendors;
use super::random::RandomStream;
use super::scenario::Scenario;
use super::steered::{RandomSteering, SteeredLimits, person};

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trouble {
    None,
    Wire,
    Crashes,
    SlowDisk,
    All,
    /// Every write arrives and no answer to one comes back.
    Mute,
    /// No connection can be made.
    Unreachable,
}

impl Trouble {
    fn wire(self) -> bool {
        matches!(self, Self::Wire | Self::All)
    }

    fn crashes(self) -> bool {
        matches!(self, Self::Crashes | Self::All)
    }

    fn slow_disk(self) -> bool {
        matches!(self, Self::SlowDisk | Self::All)
    }
}

/// Calls that may be under way at once.
pub(crate) const IN_FLIGHT: u32 = 8;

/// A run that takes more events than this does not end by itself.
const MOST_EVENTS: u64 = 200_000;

/// Processes that may die in one run.
const MOST_CRASHES: u32 = 6;

enum Event {
    /// Entries up to this one are on the disk; of which process.
    Durable(u64, u32),
    /// An order reaches its vendor, whoever sent it and whether or not he still lives.
    Arrives(SendOrder, u32),
    /// An answer, or its absence, reaches the process.
    Comes(u64, CallResult, u32),
    /// An order that could not be handed over at once, for want of a descriptor or for another run.
    Postponed(SendOrder, u32),
    /// A token, or its absence, reaches the process.
    Token(usize, TokenResult, u32),
    /// A time the engine asked for.
    Wake(u32),
    /// A person ends the pause.
    Resume(u32),
}

pub(crate) struct World {
    pub plan: Arc<Plan>,
    pub rows: Vec<FrozenRow>,
    /// What is on the disk.
    pub disk: Vec<JournalEntry>,
    /// What the simulators log.
    pub log: Vec<LogEntry>,
    pub crashes: u32,
    pub stops: Vec<String>,
    /// Writes that were sent outside the window.
    pub late: Vec<String>,
    /// The most calls that were on the wire at once, and the most writes whose intent stood without an answer.
    pub most_on_wire: usize,
    pub most_intended: usize,
    pub(super) now: Time,
    /// Whether no read is answered.
    pub blind: bool,
    /// After how many events the first process is asked to stop.
    pub interrupt_at: Option<u64>,
    /// The commands of people, drawn at random; `None` where nobody steers.
    pub(super) steering: Option<RandomSteering>,
    /// After how many events the first process is cancelled.
    pub(super) cancel_at: Option<u64>,
    /// After how many events the process dies and no other follows it.
    pub(super) dies_at: Option<u64>,
    /// How often that happened.
    pub(super) died: u32,
    sandbox: Sandbox,
    trouble: Trouble,
    rng: RandomStream,
    queue: BinaryHeap<Reverse<(Time, u64)>>,
    events: BTreeMap<u64, Event>,
    next_event: u64,
    next_process: u32,
    seed: u64,
}

/// One process of the run.
struct Process {
    number: u32,
    engine: Engine,
    vendors: Vendors,
    waiting: Vec<JournalEntry>,
    syncing: Vec<JournalEntry>,
    cursor: u64,
    done: bool,
    on_wire: BTreeSet<u64>,
    intended: BTreeSet<(StepScope, CallRef)>,
    /// What people set last, by which what it sends is judged.
    steered: SteeredLimits,
}

impl Process {
    fn append(&mut self, entry: JournalEntry) {
        for fact in &entry.facts {
            match fact {
                Fact::Intent(intent) => drop(self.intended.insert((entry.scope, intent.call))),
                Fact::Attempted(attempted) => drop(self.intended.remove(&(entry.scope, attempted.call))),
                _ => {}
            }
        }
        self.waiting.push(entry);
    }
}

impl World {
    pub(crate) fn new(scenario: &Scenario, trouble: Trouble, seed: u64) -> Self {
        let rows = (0..scenario.rows).map(|position| FrozenRow {
            position,
            number: position + 2,
            key: scenario.key(position),
            raw: Bytes::new(),
            cells: scenario.row(position),
            invalid: None,
        });
        Self {
            plan: Arc::new(plan(scenario)),
            rows: rows.collect(),
            disk: Vec::new(),
            log: Vec::new(),
            crashes: 0,
            stops: Vec::new(),
            late: Vec::new(),
            most_on_wire: 0,
            most_intended: 0,
            blind: false,
            interrupt_at: None,
            steering: None,
            cancel_at: None,
            dies_at: None,
            died: 0,
            sandbox: sandbox(SimulatorSettings::default(), trouble, seed),
            trouble,
            rng: RandomStream::new(seed),
            now: Time::from_secs(1_800_000_000),
            queue: BinaryHeap::new(),
            events: BTreeMap::new(),
            next_event: 0,
            next_process: 0,
            seed,
        }
    }

    /// A later run over some of the rows, with the same vendors and the same trouble.
    pub(super) fn linked(self, rows: Vec<FrozenRow>) -> Self {
        Self {
            rows,
            disk: Vec::new(),
            crashes: 0,
            stops: Vec::new(),
            queue: BinaryHeap::new(),
            events: BTreeMap::new(),
            ..self
        }
    }

    /// Runs to the end, process after process.
    pub(crate) fn run(&mut self) {
        self.run_as(false);
    }

    /// The same; `lookups_only` only looks up calls in doubt.
    pub(super) fn run_as(&mut self, lookups_only: bool) {
        let mut events = 0_u64;
        loop {
            let mut process = self.start(self.next_process, lookups_only);
            self.next_process += 1;
            loop {
                self.carry_out(&mut process);
                if process.done && process.waiting.is_empty() && process.syncing.is_empty() {
                    if let Some(reason) = process.engine.stop_reason() {
                        self.stops.push(reason.to_string());
                    }
                    self.deliver_all(&mut process);
                    return;
                }
                events += 1;
                assert!(events < MOST_EVENTS, "the run does not end (seed {})", self.seed);
                if self.interrupt_at == Some(events) {
                    process.engine.on_stop(StopReason::Interrupted { signal: 2 }, self.now);
                }
                self.steer(&mut process);
                if self.cancel_at == Some(events) {
                    let cancelled = process.engine.on_steer(SteerWish::Do(SteerCommand::Cancel), person(), self.now);
                    assert!(cancelled.is_ok(), "{cancelled:?}");
                }
                if self.dies_at == Some(events) {
                    self.died += 1;
                    return self.crash(process);
                }
                if self.dies() {
                    self.crash(process);
                    break;
                }
                self.step(&mut process);
            }
        }
    }

    /// What is still on its way to a vendor arrives, whoever sent it.
    fn deliver_all(&mut self, process: &mut Process) {
        while let Some(Reverse((time, number))) = self.queue.pop() {
            self.now = self.now.max(time);
            if let Some(Event::Arrives(order, _)) = self.events.remove(&number) {
                let random = u128::from(self.rng.next());
                process.vendors.deliver(&order, &mut self.sandbox, &mut self.log, self.now, random);
            }
        }
    }

    /// The rows that have ended and not been opened again, with their outcomes.
    pub(super) fn ended(&self) -> BTreeMap<u64, RowOutcome> {
        let mut ended = BTreeMap::new();
        for entry in &self.disk {
            let StepScope::Row(position) = entry.scope else { continue };
            for fact in &entry.facts {
                match fact {
                    Fact::RowEnded(end) => ended.insert(position, end.outcome),
                    Fact::Settled(_) | Fact::Reopened(_) => ended.remove(&position),
                    _ => None,
                };
            }
        }
        ended
    }

    fn start(&mut self, number: u32, lookups_only: bool) -> Process {
        let vendors = Vendors::new(self.plan.clone());
        let mut counts = Counts { total: self.rows.len() as u64, ..Counts::default() };
        self.ended().into_values().for_each(|outcome| counts.by_outcome[outcome as usize] += 1);
        let steering = RunSteering::fold(&self.facts(StepScope::Run));
        let steered = SteeredLimits::of(&steering);
        if steered.paused {
            let later = self.now.plus(self.rng.micros(100_000, 60_000_000));
            self.at(later, Event::Resume(number));
        }
        let setup = EngineSetup {
            plan: self.plan.clone(),
            seed: self.seed,
            limits: Limits { in_flight: Some(steered.in_flight), rate: steered.rate },
            ceiling: Limits { in_flight: Some(IN_FLIGHT), rate: None },
            steering,
            stop_when: StopWhen::default(),
            waves: self.course().filter(|_| !lookups_only),
            effect_budget: self.effect_budget(),
            window: self.plan.bounds.window.clone(),
            shared: false,
            needs_token: vendors.needs_token(),
            next_seq: self.disk.last().map_or(1, |entry| entry.seq + 1),
            counts,
            calls: CallTotals::new(&self.plan, &BTreeMap::new()),
            failures: FailureTally::default(),
            before: self.facts(StepScope::Before),
            after: self.facts(StepScope::After),
            process: number,
            user: None,
            lookups_only,
        };
        let engine = Engine::new(setup, self.now);
        Process {
            number,
            engine,
            vendors,
            waiting: Vec::new(),
            syncing: Vec::new(),
            cursor: 0,
            done: false,
            on_wire: BTreeSet::new(),
            intended: BTreeSet::new(),
            steered,
        }
    }

    /// People steer the run, where anybody does.
    fn steer(&mut self, process: &mut Process) {
        let Some(wish) = self.steering.as_mut().and_then(RandomSteering::next) else { return };
        let Ok(accepted) = process.engine.on_steer(wish, person(), self.now) else { return };
        process.steered.apply(accepted.done.command, self.now);
        if accepted.done.command == SteerCommand::Pause {
            let later = self.now.plus(self.rng.micros(100_000, 60_000_000));
            self.at(later, Event::Resume(process.number));
        }
    }

    /// The same world where no vendor limits its rate, so that places are what calls wait for.
    pub(crate) fn without_rates(mut self) -> Self {
        let plan = Arc::make_mut(&mut self.plan);
        plan.rate_buckets.iter_mut().for_each(|budget| budget.limits.rate = None);
        self.sandbox = sandbox(SimulatorSettings::unlimited(), self.trouble, self.seed);
        self
    }

    /// Where the run stands in its waves, by the disk.
    fn course(&self) -> Option<WaveProgress> {
        let bounds = &self.plan.bounds;
        let waves = bounds.waves.as_ref()?;
        let mut course = WaveProgress::cut(waves, self.rows.len() as u64, bounds.stop_when.new_kind);
        for (at, fact) in self.facts(StepScope::Run) {
            if let Fact::Stopped(reason) = fact {
                course.stopped(at, &reason);
            }
        }
        for row in &self.rows {
            let ended = self.facts(StepScope::Row(row.position)).into_iter().rev().find_map(|(at, fact)| match fact {
                Fact::RowEnded(ended) => {
                    let kind = FailureSignature { step: ended.step, code: ended.code };
                    Some((WaveRowEnd { outcome: ended.outcome, refused: false, kind }, at))
                }
                _ => None,
            });
            course.row(row.position, ended.as_ref().map(|(end, at)| (end, *at)));
        }
        Some(course)
    }

    fn effect_budget(&self) -> EffectBudget {
        let mut spent = EffectCounts::new();
        for row in &self.rows {
            let facts = self.facts(StepScope::Row(row.position));
            for (word, count) in RowState::fold(facts.iter().map(|(at, fact)| (*at, fact))).effects() {
                *spent.entry(word).or_default() += count;
            }
        }
        EffectBudget::new(&self.plan.bounds.budget, &spent)
    }

    /// Whether the run waited for its window from one day to the next.
    pub(super) fn closed_for_a_day(&self) -> bool {
        let times = self.disk.iter().map(|entry| entry.at);
        times.clone().zip(times.skip(1)).any(|(one, next)| next.since(one) > Duration::from_secs(12 * 3_600))
    }

    pub(crate) fn facts(&self, scope: StepScope) -> Vec<(Time, Fact)> {
        let entries = self.disk.iter().filter(|entry| entry.scope == scope);
        entries.flat_map(|entry| entry.facts.iter().map(|fact| (entry.at, fact.clone()))).collect()
    }

    fn dies(&mut self) -> bool {
        self.trouble.crashes() && self.crashes < MOST_CRASHES && self.rng.chance(12)
    }

    /// The process is gone: what was not synced may be there in part, what it sent goes on its way.
    fn crash(&mut self, process: Process) {
        self.crashes += 1;
        let unsynced: Vec<_> = process.syncing.into_iter().collect();
        // A transaction is on the disk whole or not at all.
        if self.rng.chance(500) {
            self.disk.extend(unsynced);
        }
        self.now = self.now.plus(self.rng.micros(1_000, 30_000_000));
    }

    fn at(&mut self, time: Time, event: Event) {
        let number = self.next_event;
        self.next_event += 1;
        self.events.insert(number, event);
        self.queue.push(Reverse((time, number)));
    }

    fn carry_out(&mut self, process: &mut Process) {
        loop {
            let actions = process.engine.take_actions(self.now);
            if actions.is_empty() {
                break;
            }
            for action in actions {
                self.carry_out_one(process, action);
            }
        }
        if process.syncing.is_empty() && !process.waiting.is_empty() {
            process.syncing = std::mem::take(&mut process.waiting);
            let last = process.syncing.last().map_or(0, |entry| entry.seq);
            let sync =
                if self.trouble.slow_disk() { self.rng.micros(20_000, 80_000) } else { self.rng.micros(200, 2_000) };
            self.at(self.now.plus(sync), Event::Durable(last, process.number));
        }
    }

    fn carry_out_one(&mut self, process: &mut Process, action: Action) {
        match action {
            Action::Append(entry) => {
                process.append(entry);
                self.most_intended = self.most_intended.max(process.intended.len());
            }
            Action::Send(order) => self.send(process, order),
            Action::FetchToken(place) => {
                let result = process.vendors.fetch(place, &mut self.sandbox, &mut self.log, self.now);
                let later = self.now.plus(self.rng.micros(1_000, 20_000));
                self.at(later, Event::Token(place, result, process.number));
            }
            Action::TakeLease { .. } => panic!("no other process uses the budgets of a simulation"),
            Action::NeedRows(count) => self.bring_rows(process, count),
            Action::WakeAt(at) => self.at(at, Event::Wake(process.number)),
            Action::Done => process.done = true,
        }
    }

    fn bring_rows(&mut self, process: &mut Process, count: usize) {
        let ended = self.ended();
        let fresh = self.rows.iter().filter(|row| row.position >= process.cursor && !ended.contains_key(&row.position));
        let rows: Vec<FrozenRow> = fresh.take(count).cloned().collect();
        let over = rows.len() < count;
        if let Some(last) = rows.last() {
            process.cursor = last.position + 1;
        }
        let rows = rows.into_iter().map(|row| {
            let facts = self.facts(StepScope::Row(row.position));
            (row, facts)
        });
        let rows = rows.collect();
        process.engine.on_rows(rows, over, self.now);
    }

    fn send(&mut self, process: &mut Process, order: SendOrder) {
        let (ticket, number) = (order.ticket, process.number);
        if self.trouble.wire() && self.rng.chance(30) {
            let later = self.now.plus(self.rng.micros(100, 200_000));
            self.at(later, Event::Postponed(order, number));
            return;
        }
        process.on_wire.insert(ticket);
        self.late.extend(process.steered.judge(self.now, process.on_wire.len()));
        self.most_on_wire = self.most_on_wire.max(process.on_wire.len());
        if order.write && self.plan.bounds.window.as_ref().is_some_and(|window| !window.is_open(self.now)) {
            self.late.push(format!("`{}` was sent at {}, outside the window", order.operation.full_name(), self.now));
        }
        if self.trouble == Trouble::Unreachable || self.trouble.wire() && self.rng.chance(20) {
            let later = self.now.plus(self.rng.micros(100, 10_000_000));
            let why = "connection refused".to_owned();
            self.at(later, Event::Comes(ticket, CallResult::Failed(SendError::NotSent(why)), number));
        } else if (self.blind && !order.write) || (self.trouble.wire() && self.rng.chance(10)) {
            let later = self.now.plus(Duration::from_secs(30));
            let why = "the request was lost on its way".to_owned();
            self.at(later, Event::Comes(ticket, CallResult::Failed(SendError::NoAnswer(why)), number));
        } else {
            if self.trouble == Trouble::Mute && order.write {
                let later = self.now.plus(Duration::from_secs(30));
                let why = "the answer was lost on its way".to_owned();
                self.at(later, Event::Comes(ticket, CallResult::Failed(SendError::NoAnswer(why)), number));
            }
            let arrives = self.now.plus(self.rng.micros(200, 2_000));
            self.at(arrives, Event::Arrives(order, number));
        }
    }

    fn step(&mut self, process: &mut Process) {
        let Some(Reverse((time, number))) = self.queue.pop() else {
            panic!("the run stands still (seed {})", self.seed);
        };
        self.now = self.now.max(time);
        let Some(event) = self.events.remove(&number) else { return };
        let mine = process.number;
        match event {
            Event::Durable(seq, of) if of == mine => {
                self.disk.append(&mut process.syncing);
                process.engine.on_durable(seq, self.now);
            }
            Event::Postponed(order, of) if of == mine => {
                process.engine.on_postponed(order, WaitReason::Shortage, self.now);
            }
            Event::Arrives(order, of) => {
                let random = u128::from(self.rng.next());
                let result = process.vendors.deliver(&order, &mut self.sandbox, &mut self.log, self.now, random);
                if of == mine && !(self.trouble == Trouble::Mute && order.write) {
                    let back = self.now.plus(self.rng.micros(200, 30_000));
                    self.at(back, Event::Comes(order.ticket, result, of));
                }
            }
            Event::Comes(ticket, result, of) if of == mine => {
                process.on_wire.remove(&ticket);
                process.engine.on_result(ticket, result, self.now);
            }
            Event::Token(place, result, of) if of == mine => process.engine.on_token(place, result, self.now),
            Event::Wake(of) if of == mine => process.engine.on_time(),
            Event::Resume(of) if of == mine => {
                let resume = SteerWish::Do(SteerCommand::Resume);
                if process.engine.on_steer(resume, person(), self.now).is_ok() {
                    process.steered.apply(SteerCommand::Resume, self.now);
                }
            }
            _ => {}
        }
    }
}

/// The simulators, with faults where there is trouble on the wire.
fn sandbox(settings: SimulatorSettings, trouble: Trouble, seed: u64) -> Sandbox {
    let faults = trouble.wire().then(|| Faults::parse(&format!("all=2%,seed={seed}")).expect("a spec"));
    Sandbox::new(settings, faults)
}

fn plan(scenario: &Scenario) -> Plan {
    let mut diagnostics = Diagnostics::default();
    let source = Source::new("playbook.yaml", scenario.playbook);
    let playbook = runsheet::internals::playbook::read(&source, &mut diagnostics);
    let playbook = playbook.unwrap_or_else(|| panic!("{}", diagnostics.render(false, 120)));
    let environment = Environment { name: "sandbox".into(), connections: environment(), ..Environment::default() };
    let mut run = Map::new();
    run.insert("id".into(), Value::from("20270115-080000-abcdef"));
    run.insert("started_at".into(), Value::from("2027-01-15T08:00:00Z"));
    run.insert("environment".into(), Value::from("sandbox"));
    let columns: Vec<String> = scenario.row(0).keys().cloned().collect();
    let binding = Binding {
        playbook: &playbook,
        registry: Registry::builtin(),
        environment,
        vars: Map::new(),
        columns: Some(&columns),
        run,
    };
    let bound = bind(binding, &mut diagnostics);
    bound.unwrap_or_else(|| panic!("{}", diagnostics.render(false, 120)))
}

/// A row's outcome by the disk.
pub(crate) fn outcome(facts: &[(Time, Fact)]) -> Option<RowOutcome> {
    facts.iter().rev().find_map(|(_, fact)| match fact {
        Fact::RowEnded(ended) => Some(ended.outcome),
        _ => None,
    })
}
