//! The run's scheduler: which rows are under way, whose call goes out when, and when the run stops.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap, HashMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use super::action::{Action, TokenResult};
use super::batching::Waiting;
use super::budgets::Gates;
use super::health::Health;
use super::hours::Hours;
use super::leaving::LeftRows;
use super::outgoing::Outgoing;
use super::progress::Progress;
use super::row_machine::{Next, RowMachine, Scene};
use super::tidings::{Tiding, Tidings};
use super::tokens::Tokens;
use crate::journal::{Fact, JournalEntry, ScopeShape};
use crate::model::{Disposition, Limits, Map, StepScope as Whose, Time, Value};
use crate::plan::{BoundList, Plan};
use crate::playbook::{Retry, StopWhen, Window};
use crate::policy::{Counts, EffectBudget, EffectCounts, SeededRng, StopReason, WaveProgress, wait_to_resend};
use crate::provider::Prepared;
use crate::template::Scope;

/// What an engine is made of.
pub struct Setup {
    /// The plan.
    pub plan: Arc<Plan>,
    /// The seed of all randomness, from the journal.
    pub seed: u64,
    /// The run's own limits.
    pub limits: Limits,
    /// When it stops by itself.
    pub stop_when: StopWhen,
    /// Where it stands in its waves; none where it has none.
    pub waves: Option<WaveProgress>,
    /// How much of its budget is spent.
    pub spending: EffectBudget,
    /// When it sends.
    pub window: Option<Window>,
    /// Whether other processes use the same budgets, so that turns are asked for: [`Action::TakeTurn`].
    pub shared: bool,
    /// Which connections need a token.
    pub needs_token: Vec<bool>,
    /// The number of the next entry.
    pub next_seq: u64,
    /// Rows in all, and those that ended before this process, by outcome.
    pub counts: Counts,
    /// What the journal says of the steps ahead of the rows.
    pub before: Vec<(Time, Fact)>,
    /// What the journal says of the steps after the rows.
    pub after: Vec<(Time, Fact)>,
    /// This process's number.
    pub process: u32,
    /// Whether it only asks what became of calls in doubt.
    pub settling: bool,
}

/// Where the run is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    Before,
    Rows,
    After,
    Closed,
}

/// A scope under way.
pub(super) struct Active {
    pub machine: RowMachine,
    /// The call that waits for its budget or is under way.
    pub outgoing: Option<Box<Outgoing>>,
    /// The entry that must be on the disk before the next call goes out.
    pub needs_seq: u64,
    /// When its last call was handed over.
    pub sent_at: Time,
    /// What it counts for in the run's budget.
    pub effects: EffectCounts,
}

/// A call that has its place and waits for the disk or its slot.
#[derive(Debug, Clone)]
pub(super) struct Granted {
    /// Whose; several where their lookups are asked together.
    pub members: Vec<Whose>,
    pub budget: usize,
    pub slot: Option<Time>,
    pub seq: u64,
    /// The request, where it is no member's own.
    pub prepared: Option<Arc<Prepared>>,
}

/// The scheduler.
pub struct Engine {
    pub(super) plan: Arc<Plan>,
    pub(super) shapes: [ScopeShape; 3],
    pub(super) dice: SeededRng,
    pub(super) stop_when: StopWhen,
    pub(super) waves: Option<WaveProgress>,
    pub(super) spending: EffectBudget,
    /// Whether a call waits for others to tell whether there is room in the run's budget for it: nothing new is sent then
    /// that changes something.
    pub(super) holding: bool,
    pub(super) hours: Hours,
    pub(super) gates: Gates,
    pub(super) tokens: Tokens,
    pub(super) token_fetched_at: Vec<Time>,
    pub(super) health: Vec<Health>,
    pub(super) stage: Stage,
    pub(super) settling: bool,
    /// Boxed: a scope is taken out and put back at every step it makes.
    pub(super) active: HashMap<Whose, Box<Active>>,
    pub(super) timers: BinaryHeap<Reverse<(Time, Whose)>>,
    pub(super) granted: VecDeque<Granted>,
    pub(super) on_the_wire: BTreeMap<u64, Vec<Whose>>,
    pub(super) next_seq: u64,
    pub(super) next_ticket: u64,
    pub(super) durable: u64,
    pub(super) rows_asked: usize,
    pub(super) rows_over: bool,
    pub(super) counts: Counts,
    pub(super) counts_here: Counts,
    pub(super) progress: Progress,
    pub(super) stop: Option<StopReason>,
    /// Rows that were left to other runs, and those runs.
    pub(super) left: LeftRows,
    /// Names that all rows share.
    pub(super) base: Arc<Scope>,
    pub(super) after: Vec<(Time, Fact)>,
    /// Scopes with facts that may not be written yet.
    pub(super) unwritten: Vec<Whose>,
    pub(super) actions: Vec<Action>,
    /// Whether anything was told since the last round.
    pub(super) news: bool,
    /// How long a sync takes, by the last ones.
    pub(super) sync_time: Duration,
    pub(super) appended_at: VecDeque<(u64, Time)>,
    /// What whoever listens has not been told yet.
    pub(super) tidings: Option<Box<Tidings>>,
}

impl Engine {
    /// An engine at the run's beginning, or where its journal says it was.
    #[must_use]
    pub fn new(setup: Setup, now: Time) -> Self {
        let plan = setup.plan;
        let shapes = [BoundList::Before, BoundList::Steps, BoundList::After].map(|list| ScopeShape::of(&plan, list));
        let counts_here = Counts { total: setup.counts.total, ..Counts::default() };
        let connections = plan.connections.len();
        let base = base_scope(&plan);
        let no_rows = setup.waves.as_ref().is_some_and(WaveProgress::is_over);
        let mut engine = Self {
            gates: Gates::new(&plan, setup.limits, setup.shared),
            tokens: Tokens::new(&setup.needs_token),
            token_fetched_at: vec![Time::default(); connections],
            health: vec![Health::default(); connections],
            shapes,
            dice: SeededRng::new(setup.seed),
            stop_when: setup.stop_when,
            waves: setup.waves,
            spending: setup.spending,
            holding: false,
            hours: Hours::new(setup.window),
            stage: Stage::Before,
            settling: setup.settling,
            active: HashMap::new(),
            timers: BinaryHeap::new(),
            granted: VecDeque::new(),
            on_the_wire: BTreeMap::new(),
            next_seq: setup.next_seq,
            next_ticket: 1,
            durable: setup.next_seq.saturating_sub(1),
            rows_asked: 0,
            rows_over: no_rows,
            counts: setup.counts,
            counts_here,
            progress: Progress::default(),
            stop: None,
            left: LeftRows::default(),
            base: Arc::new(base),
            after: setup.after,
            unwritten: Vec::new(),
            actions: Vec::new(),
            news: true,
            sync_time: Duration::from_millis(1),
            appended_at: VecDeque::new(),
            tidings: None,
            plan,
        };
        if !setup.settling {
            engine.append(now, Whose::Run, vec![Fact::Began { process: setup.process }]);
        }
        if let Some(reason) = engine.waves.as_ref().and_then(WaveProgress::due) {
            engine.stop_for(reason, now);
        }
        engine.open_once(Whose::Before, &setup.before, now);
        engine
    }

    /// The counts so far, at `now`.
    #[must_use]
    pub fn progress(&self, now: Time) -> Progress {
        Progress {
            rows: self.counts,
            in_flight: self.on_the_wire.len() as u64,
            active: self.active.len() as u64,
            draining: self.stop.is_some(),
            operations: self.progress.operations.clone(),
            wave: self.waves.as_ref().map(WaveProgress::place),
            closed_until: self.waits_for_the_hours(),
            asked_until: self.progress.asked_until.filter(|until| *until > now),
            troubled: self.progress.troubled,
            last_trouble: self.progress.last_trouble.clone(),
        }
    }

    /// Why the run stopped before its end, if it did.
    #[must_use]
    pub fn stop_reason(&self) -> Option<&StopReason> {
        self.stop.as_ref()
    }

    /// What is to be done now, in order. Everything told since it was last asked makes one round.
    pub fn take_actions(&mut self, now: Time) -> Vec<Action> {
        if std::mem::take(&mut self.news) {
            self.pump(now);
        }
        std::mem::take(&mut self.actions)
    }

    /// Time has come on: what is due by the next round goes on.
    pub fn on_time(&mut self) {
        self.news = true;
    }

    /// Nothing new is started from now on; calls under way end.
    pub fn on_stop(&mut self, reason: StopReason, now: Time) {
        self.stop_for(reason, now);
        self.news = true;
    }

    /// All entries up to `seq` are on the disk.
    pub fn on_durable(&mut self, seq: u64, now: Time) {
        self.durable = self.durable.max(seq);
        while let Some((appended, at)) = self.appended_at.front().copied().filter(|(appended, _)| *appended <= seq) {
            self.appended_at.pop_front();
            if appended == seq {
                self.sync_time = (self.sync_time * 3 + now.since(at)) / 4;
            }
        }
        self.news = true;
    }

    /// What became of a token's fetching.
    pub fn on_token(&mut self, connection: usize, result: TokenResult, now: Time) {
        match result {
            TokenResult::Ready { renew_at } => {
                self.token_fetched_at[connection] = now;
                self.tokens.ready(connection, renew_at);
            }
            TokenResult::Failed { disposition: Disposition::Refused, code, message, advice } => {
                let operation = format!("{} login", self.plan.connections[connection].name);
                self.stop_for(StopReason::Refused { code, message, operation, advice }, now);
            }
            TokenResult::Failed { code, message, .. } => self.token_failed(connection, code, message, now),
            TokenResult::Redirected { code, message } => {
                let operation = format!("{} login", self.plan.connections[connection].name);
                self.stop_for(StopReason::Redirected { code, message, operation }, now);
            }
            TokenResult::Untrusted { message } => self.stop_out_of_reach(connection, message, now),
        }
        self.news = true;
    }

    /// A login that may succeed later.
    fn token_failed(&mut self, connection: usize, code: String, message: String, now: Time) {
        let name = self.plan.connections[connection].name.clone();
        match self.tokens.failed(connection) {
            Some(failures) => {
                let fraction = self.dice.fraction(&[u64::MAX - 3, connection as u64, failures.into()]);
                let wait = wait_to_resend(&Retry::default(), failures, fraction, None);
                self.tokens.try_again_at(connection, now.plus(wait));
            }
            None => self.stop_for(StopReason::NoToken { connection: name, code, message }, now),
        }
    }

    /// One round: what is due goes on, whoever may send does, what became known is written.
    pub(super) fn pump(&mut self, now: Time) {
        self.look_at_the_hours(now);
        self.fire_timers(now);
        self.take_rows_in();
        self.grant(now);
        self.flush_all(now);
        self.send_granted(now);
        self.change_stage(now);
        self.schedule_wake(now);
    }

    fn fire_timers(&mut self, now: Time) {
        while let Some(Reverse((at, whose))) = self.timers.peek().copied() {
            if at > now {
                return;
            }
            self.timers.pop();
            // A scope with a call in hand has moved on since the timer was set.
            if let Some(active) = self.active.remove(&whose) {
                if active.outgoing.is_some() {
                    self.active.insert(whose, active);
                } else {
                    self.advance(whose, active, now);
                }
            }
        }
    }

    /// Asks a scope's machine what is next and files it accordingly.
    pub(super) fn advance(&mut self, whose: Whose, mut active: Box<Active>, now: Time) {
        if self.has_asked(&active) {
            self.park(whose, active, now);
            return;
        }
        let scene = Scene { plan: &self.plan, shape: &self.shapes[shape_of(whose)], dice: self.dice, now };
        let next = active.machine.next(scene);
        if active.machine.has_facts() {
            self.unwritten.push(whose);
        }
        match next {
            Next::Ended => self.close_scope(whose, active, now),
            // A run that stops starts nothing; the scope stands as it is until the run is resumed.
            _ if self.stop.is_some() => {
                self.active.insert(whose, active);
            }
            Next::Send(outgoing) if self.settling && !outgoing.lookup => self.park(whose, active, now),
            Next::Send(outgoing) => {
                self.gates.budgets[outgoing.budget].waiting.push_back(Waiting::One(whose));
                active.outgoing = Some(outgoing);
                self.active.insert(whose, active);
            }
            Next::Wait(until) => {
                self.hear(|| Tiding::Waits(whose, active.machine.waits_for(), until));
                self.timers.push(Reverse((until, whose)));
                self.active.insert(whose, active);
            }
        }
    }

    pub(super) fn append(&mut self, at: Time, scope: Whose, facts: Vec<Fact>) -> u64 {
        let seq = self.next_seq;
        self.next_seq += 1;
        self.appended_at.push_back((seq, at));
        self.actions.push(Action::Append(JournalEntry { seq, at, scope, facts }));
        seq
    }

    /// Writes what became known and has not gone out with an intent.
    pub(super) fn flush_all(&mut self, now: Time) {
        for whose in std::mem::take(&mut self.unwritten) {
            let waits = self.active.get(&whose).is_some_and(|active| active.machine.has_facts());
            if !waits {
                continue;
            }
            let Some(facts) = self.active.get_mut(&whose).map(|active| active.machine.take_facts()) else { continue };
            let seq = self.append(now, whose, facts);
            if let Some(active) = self.active.get_mut(&whose) {
                active.needs_seq = seq;
            }
        }
    }

    pub(super) fn run_value(&self) -> Value {
        let mut run = self.plan.run.clone();
        let mut counts = Map::new();
        counts.insert("total".into(), self.counts.total.into());
        for outcome in crate::model::RowOutcome::ALL {
            counts.insert(outcome.as_str().into(), self.counts.of(outcome).into());
        }
        run.insert("counts".into(), Value::Object(counts));
        Value::Object(run)
    }
}

/// The names that all rows of a plan share.
pub(super) fn base_scope(plan: &Plan) -> Scope {
    let mut base = Scope::new();
    base.set("vars", Value::Object(plan.vars.clone()));
    base.set("run", Value::Object(plan.run.clone()));
    base.set_identity(plan.identity.clone());
    base
}

/// Which of the shapes a scope has.
pub(super) fn shape_of(whose: Whose) -> usize {
    match whose {
        Whose::Before => 0,
        Whose::Row(_) | Whose::Run => 1,
        Whose::After => 2,
    }
}
