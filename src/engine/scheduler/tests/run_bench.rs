//! A run over the test vendor: its engine, a clock, rows to be read, and a disk that syncs at once unless a test says so.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use crate::engine::fixtures::{START, plan, row};
use crate::engine::scheduler::{Action, Engine, EngineSetup, SendOrder};
use crate::engine::{CallResult, CallTotals, FailureTally, Progress};
use crate::journal::{Fact, FrozenRow, JournalEntry, RunSteering};
use crate::model::{Limits, Rate, RowOutcome, StepScope, Time};
use crate::plan::Plan;
use crate::playbook::StopWhen;
use crate::policy::{Counts, EffectBudget, LeaseRequest, StopReason};

/// A run under test.
pub(super) struct RunBench {
    pub(super) engine: Engine,
    pub(super) plan: Arc<Plan>,
    pub(super) now: Time,
    /// Rows that were not read yet, each with the journal's facts about it.
    rows: VecDeque<(FrozenRow, Vec<(Time, Fact)>)>,
    all_rows: u64,
    /// Orders without a result.
    orders: Vec<SendOrder>,
    /// All entries, whether they are on the disk or not.
    pub(super) journal: Vec<JournalEntry>,
    /// Connections whose token was asked for, in order.
    pub(super) fetches: Vec<usize>,
    /// Rate leases that were asked for and not given.
    pub(super) leases: Vec<LeaseRequest>,
    /// How many rows were asked for each time.
    pub(super) rows_asked: Vec<usize>,
    /// When the engine asked to be woken last.
    pub(super) wake_at: Option<Time>,
    pub(super) done: bool,
    /// Whether entries are on the disk at once.
    pub(super) syncs: bool,
    /// Whether rows are brought as soon as they are asked for.
    pub(super) reads_rows: bool,
}

/// Steps of one write that may be repeated.
pub(super) const PUT: &str = "steps: [{ id: one, uses: probe.put, with: { name: '{{ row.name }}' } }]\n";

/// Steps of one write that must not be repeated, and that counts as a notice.
pub(super) const MAKE: &str = "steps: [{ id: one, uses: probe.make, with: { name: '{{ row.name }}' } }]\n";

/// Steps of one read.
pub(super) const GET: &str = "steps: [{ id: one, uses: probe.get, with: { id: '{{ row.id }}' } }]\n";

/// Steps of one write whose lost answer is looked up.
pub(super) const SIGN: &str = "steps: [{ id: one, uses: probe.sign, with: { id: '{{ row.id }}' } }]\n";

pub(super) fn rate(text: &str) -> Option<Rate> {
    Some(Rate::parse(text).unwrap_or_else(|error| panic!("{error}")))
}

/// The plan of these steps, where each operation has its own rate.
pub(super) fn rated(steps: &str, text: &str) -> Plan {
    let mut plan = plan(steps);
    plan.rate_buckets.iter_mut().for_each(|bucket| bucket.limits.rate = rate(text));
    plan
}

impl RunBench {
    /// Begins a run of this many rows.
    pub(super) fn new(steps: &str, rows: u64) -> Self {
        Self::with(plan(steps), rows, |_| ())
    }

    /// Begins a run whose engine is set up otherwise.
    pub(super) fn with(plan: Plan, rows: u64, change: impl FnOnce(&mut EngineSetup)) -> Self {
        Self::of_rows(plan, (0..rows).map(|position| (row(position), Vec::new())).collect(), change)
    }

    /// Begins a run whose rows have facts.
    pub(super) fn of_rows(
        plan: Plan,
        rows: Vec<(FrozenRow, Vec<(Time, Fact)>)>,
        change: impl FnOnce(&mut EngineSetup),
    ) -> Self {
        let mut bench = Self::unread(plan, rows, change);
        bench.go();
        bench
    }

    /// The same before its first round.
    pub(super) fn unread(
        plan: Plan,
        rows: Vec<(FrozenRow, Vec<(Time, Fact)>)>,
        change: impl FnOnce(&mut EngineSetup),
    ) -> Self {
        let plan = Arc::new(plan);
        let all_rows = rows.len() as u64;
        let mut setup = EngineSetup {
            plan: plan.clone(),
            seed: 1,
            limits: Limits::default(),
            ceiling: Limits::default(),
            steering: RunSteering::default(),
            stop_when: StopWhen::default(),
            waves: None,
            effect_budget: EffectBudget::default(),
            window: None,
            shared: false,
            needs_token: vec![false; plan.connections.len()],
            next_seq: 1,
            counts: Counts { total: all_rows, ..Counts::default() },
            calls: CallTotals::new(&plan, &BTreeMap::new()),
            failures: FailureTally::default(),
            before: Vec::new(),
            after: Vec::new(),
            process: 1,
            user: None,
            lookups_only: false,
        };
        change(&mut setup);
        Self {
            engine: Engine::new(setup, START),
            plan,
            now: START,
            rows: rows.into(),
            all_rows,
            orders: Vec::new(),
            journal: Vec::new(),
            fetches: Vec::new(),
            leases: Vec::new(),
            rows_asked: Vec::new(),
            wake_at: None,
            done: false,
            syncs: true,
            reads_rows: true,
        }
    }

    /// The process ends without a word, and another one goes on from the journal.
    pub(super) fn resume(&self, change: impl FnOnce(&mut EngineSetup)) -> Self {
        let mut facts: BTreeMap<StepScope, Vec<(Time, Fact)>> = BTreeMap::new();
        for entry in &self.journal {
            let known = facts.entry(entry.scope).or_default();
            known.extend(entry.facts.iter().map(|fact| (entry.at, fact.clone())));
        }
        let mut counts = Counts { total: self.all_rows, ..Counts::default() };
        self.ends().values().for_each(|outcome| counts.add(*outcome));
        let open = (0..self.all_rows).filter(|position| !self.ends().contains_key(position));
        let rows = open.map(|position| (row(position), facts.remove(&StepScope::Row(position)).unwrap_or_default()));
        let rows = rows.collect();
        let next_seq = self.journal.last().map_or(1, |entry| entry.seq + 1);
        let mut bench = Self::unread((*self.plan).clone(), rows, |setup| {
            setup.next_seq = next_seq;
            setup.counts = counts;
            setup.before = facts.remove(&StepScope::Before).unwrap_or_default();
            setup.after = facts.remove(&StepScope::After).unwrap_or_default();
            setup.steering = RunSteering::fold(&facts.remove(&StepScope::Run).unwrap_or_default());
            setup.process = 2;
            change(setup);
        });
        bench.all_rows = self.all_rows;
        bench.go();
        bench
    }

    /// Does what the engine asks for until it asks for nothing more.
    pub(super) fn go(&mut self) {
        loop {
            let actions = self.engine.take_actions(self.now);
            if actions.is_empty() {
                return;
            }
            assert!(!self.done, "after the end: {actions:?}");
            let entries = self.journal.len();
            for action in actions {
                self.act(action);
            }
            if self.syncs && self.journal.len() > entries {
                self.sync();
            }
        }
    }

    fn act(&mut self, action: Action) {
        match action {
            Action::Append(entry) => self.journal.push(entry),
            Action::Send(order) => {
                let intents =
                    self.journal.iter().filter(|entry| entry.facts.iter().any(|fact| matches!(fact, Fact::Intent(_))));
                assert!(!order.write || intents.count() > 0, "a write without an intent: {order:?}");
                self.orders.push(order);
            }
            Action::FetchToken(connection) => self.fetches.push(connection),
            Action::TakeLease { wanted, .. } => self.leases.push(wanted),
            Action::NeedRows(rows) => {
                self.rows_asked.push(rows);
                if self.reads_rows {
                    self.bring(rows);
                }
            }
            Action::WakeAt(at) => self.wake_at = Some(at),
            Action::Done => self.done = true,
        }
    }

    /// Brings rows that were asked for.
    pub(super) fn bring(&mut self, rows: usize) {
        let brought: Vec<_> = self.rows.drain(..rows.min(self.rows.len())).collect();
        self.engine.on_rows(brought, self.rows.is_empty(), self.now);
    }

    /// All entries are on the disk.
    pub(super) fn sync(&mut self) {
        if let Some(entry) = self.journal.last() {
            self.engine.on_durable(entry.seq, self.now);
        }
    }

    /// The clock comes to this many milliseconds after the beginning, woken in between as the engine asks.
    pub(super) fn at(&mut self, millis: u64) {
        let end = START.plus(Duration::from_millis(millis));
        for wakes in 0.. {
            let Some(at) = self.wake_at.filter(|at| *at <= end) else { break };
            assert!(wakes < 10_000, "woken without an end at {at}");
            self.wake_at = None;
            self.now = self.now.max(at);
            self.engine.on_time();
            self.go();
        }
        self.now = end;
        self.engine.on_time();
        self.go();
    }

    /// The clock jumps to this many milliseconds after the beginning.
    pub(super) fn jump(&mut self, millis: u64) {
        self.now = START.plus(Duration::from_millis(millis));
        self.engine.on_time();
        self.go();
    }

    /// The calls under way: operation, and the rows that asked; `before` and `after` for steps that run once.
    pub(super) fn under_way(&self) -> Vec<String> {
        self.orders.iter().map(|order| self.name(order)).collect()
    }

    fn name(&self, order: &SendOrder) -> String {
        let scope = |scope: StepScope| match scope {
            StepScope::Row(position) => position.to_string(),
            StepScope::Before => "before".to_owned(),
            StepScope::After => "after".to_owned(),
            StepScope::Run => "run".to_owned(),
        };
        let mut rows: Vec<String> = self.engine.asked_by(order.ticket).iter().map(|asked| scope(asked.whose)).collect();
        rows.sort();
        let operation = order.operation.full_name().trim_start_matches("probe.");
        format!("{operation} {}", rows.join("+"))
    }

    /// Takes the order of a call that is under way.
    pub(super) fn order(&mut self, name: &str) -> SendOrder {
        let place = self.orders.iter().position(|order| self.name(order) == name);
        let place = place.unwrap_or_else(|| panic!("`{name}` is not under way: {:?}", self.under_way()));
        self.orders.remove(place)
    }

    /// Gives a call that is under way its result.
    pub(super) fn answer(&mut self, name: &str, result: CallResult) {
        let order = self.order(name);
        self.engine.on_result(order.ticket, result, self.now);
        self.go();
    }

    /// Answers every call under way alike, also those that follow.
    pub(super) fn answer_all(&mut self, result: &CallResult) {
        while let Some(name) = self.under_way().first().cloned() {
            self.answer(&name, result.clone());
        }
    }

    pub(super) fn stop(&mut self, reason: StopReason) {
        self.engine.on_stop(reason, self.now);
        self.go();
    }

    pub(super) fn interrupt(&mut self) {
        self.stop(StopReason::Interrupted { signal: 2 });
    }

    pub(super) fn progress(&self) -> Progress {
        self.engine.progress(self.now)
    }

    /// How the rows ended, by position.
    pub(super) fn ends(&self) -> BTreeMap<u64, RowOutcome> {
        let ends = self.journal.iter().filter_map(|entry| match (entry.scope, entry.facts.last()) {
            (StepScope::Row(position), Some(Fact::RowEnded(ended))) => Some((position, ended.outcome)),
            _ => None,
        });
        ends.collect()
    }

    /// The facts about a scope, in order.
    pub(super) fn facts(&self, scope: StepScope) -> Vec<&Fact> {
        self.journal.iter().filter(|entry| entry.scope == scope).flat_map(|entry| &entry.facts).collect()
    }

    /// The last fact about the run: how it closed.
    pub(super) fn closed(&self) -> Option<&Fact> {
        self.facts(StepScope::Run).pop()
    }

    /// The word for why the run stopped.
    pub(super) fn stopped(&self) -> Option<&'static str> {
        self.engine.stop_reason().map(|reason| reason.kind().as_str())
    }
}
