//! The state of a run: what is under way, what waits, what is on the disk, and why it stops.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use super::action::Action;
use super::admission::{Admission, DEFAULT_IN_FLIGHT, Reachability, SendWindowState, Tokens};
use super::call_wait::CallWait;
use crate::engine::observe::{CallTotals, FailureTally, LoginTrouble, ObserverEvents, Progress};
use crate::engine::row::{OutgoingCall, RowMachine, shared_scope};
use crate::journal::{Fact, JournalEntry, RunSteering, ScopeShape};
use crate::model::{Limits, RunId, StepScope, Time};
use crate::plan::{BoundList, Plan};
use crate::playbook::{SendWindow, StopWhen};
use crate::policy::{Counts, EffectBudget, EffectCounts, SeededRng, SteeredBy, StopReason, WaveProgress};
use crate::provider::PreparedRequest;
use crate::template::Scope;

/// What an engine begins with.
pub struct EngineSetup {
    /// The plan.
    pub plan: Arc<Plan>,
    /// The seed of all randomness, from the journal.
    pub seed: u64,
    /// The run's limits.
    pub limits: Limits,
    /// The highest limits that people may set while it is under way; `None` where its own limit has no bound of this kind.
    pub ceiling: Limits,
    /// How people steered it so far. The limits that they set stand in `limits`.
    pub steering: RunSteering,
    /// When the run stops by itself.
    pub stop_when: StopWhen,
    /// The run's progress through its waves; `None` if it has none.
    pub waves: Option<WaveProgress>,
    /// The effect budget, and how much of it is spent.
    pub effect_budget: EffectBudget,
    /// The send window; `None` if the run may send at any time.
    pub window: Option<SendWindow>,
    /// Whether other processes share the rates, so that the engine has to ask for its leases: [`Action::TakeLease`].
    pub shared: bool,
    /// By connection: whether it needs a token.
    pub needs_token: Vec<bool>,
    /// The number of the next journal entry.
    pub next_seq: u64,
    /// How many rows there are, and how many ended before this process, by outcome.
    pub counts: Counts,
    /// The calls that the run has, with those that ended before this process.
    pub calls: CallTotals,
    /// The kinds of failure of the rows that ended before this process.
    pub failures: FailureTally,
    /// The journal's facts about the steps before the rows.
    pub before: Vec<(Time, Fact)>,
    /// The journal's facts about the steps after the rows.
    pub after: Vec<(Time, Fact)>,
    /// The number of this process within the run.
    pub process: u32,
    /// The user who runs this process; `None` if unknown.
    pub user: Option<String>,
    /// Whether the engine only looks up calls in doubt and sends nothing else.
    pub lookups_only: bool,
}

/// The stage of a run.
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
    /// The call that waits in a queue or is under way; `None` while the scope waits for something else.
    pub outgoing: Option<Box<OutgoingCall>>,
    /// The number of the entry that must be on the disk before the scope's next call goes out.
    pub needs_seq: u64,
    /// When its last call was handed to the driver.
    pub sent_at: Time,
    /// Its effects as the effect budget last counted them.
    pub effects: EffectCounts,
    /// What its next call waits for.
    pub wait: CallWait,
    /// Its calls that have ended, by step, as the progress last counted them.
    pub calls_done: Vec<i64>,
}

/// The logins of a connection, for the progress display.
#[derive(Debug, Clone, Default)]
pub(super) struct LoginWatch {
    /// When the login under way began; `None` if none is under way.
    pub since: Option<Time>,
    /// The logins that failed one after another.
    pub failures: u32,
    /// Why the last of them failed.
    pub trouble: Option<LoginTrouble>,
}

/// A call that may go out and waits for the disk or for its slot.
#[derive(Debug, Clone)]
pub(super) struct Granted {
    /// The scopes whose call it is: one, or several that share a lookup.
    pub members: Vec<StepScope>,
    pub bucket: usize,
    pub slot: Option<Time>,
    pub seq: u64,
    /// The request of a shared lookup; `None` for the member's own.
    pub prepared: Option<Arc<PreparedRequest>>,
}

/// Rows that were left to other runs.
#[derive(Debug, Default)]
pub(super) struct LeftRows {
    pub rows: u64,
    pub runs: BTreeSet<RunId>,
}

/// The scheduler of a run.
pub struct Engine {
    pub(super) plan: Arc<Plan>,
    pub(super) shapes: [ScopeShape; 3],
    pub(super) rng: SeededRng,
    pub(super) stop_when: StopWhen,
    pub(super) waves: Option<WaveProgress>,
    pub(super) effect_budget: EffectBudget,
    /// Whether a call waits to learn if the effect budget has room for it. Until that is known, only reads, lookups and
    /// repeats are sent.
    pub(super) holds_writes: bool,
    pub(super) send_window: SendWindowState,
    pub(super) admission: Admission,
    pub(super) tokens: Tokens,
    pub(super) token_fetched_at: Vec<Time>,
    pub(super) reachability: Vec<Reachability>,
    pub(super) stage: Stage,
    pub(super) lookups_only: bool,
    pub(super) ceiling: Limits,
    /// Who paused it and when; nothing is sent until the pause ends.
    pub(super) paused: Option<(SteeredBy, Time)>,
    /// Whether a person closed it.
    pub(super) cancelled: bool,
    /// Boxed, as a scope is taken out and put back whenever something happens to it.
    pub(super) active: HashMap<StepScope, Box<Active>>,
    pub(super) timers: BinaryHeap<Reverse<(Time, StepScope)>>,
    pub(super) granted: VecDeque<Granted>,
    pub(super) in_flight: BTreeMap<u64, Vec<StepScope>>,
    pub(super) next_seq: u64,
    pub(super) next_ticket: u64,
    pub(super) durable: u64,
    pub(super) rows_asked: usize,
    pub(super) no_more_rows: bool,
    pub(super) counts: Counts,
    pub(super) counts_of_process: Counts,
    pub(super) progress: Progress,
    pub(super) calls: CallTotals,
    pub(super) failures: FailureTally,
    /// By connection.
    pub(super) logins: Vec<LoginWatch>,
    pub(super) stop: Option<StopReason>,
    /// Rows that were left to other runs, and those runs.
    pub(super) left_rows: LeftRows,
    /// The template names that all rows share.
    pub(super) base: Arc<Scope>,
    pub(super) after: Vec<(Time, Fact)>,
    /// Scopes that may have facts which are not written yet.
    pub(super) unwritten: Vec<StepScope>,
    pub(super) actions: Vec<Action>,
    /// Whether anything was reported since the last round.
    pub(super) news: bool,
    /// How long a sync of the journal takes, as a running average.
    pub(super) sync_time: Duration,
    pub(super) appended_at: VecDeque<(u64, Time)>,
    /// The events for observers; `None` where nothing collects them.
    pub(super) observer_events: Option<Box<ObserverEvents>>,
}

impl Engine {
    /// The engine of a run that begins, or that goes on from its journal.
    #[must_use]
    pub fn new(setup: EngineSetup, now: Time) -> Self {
        let plan = setup.plan;
        let shapes = [BoundList::Before, BoundList::Steps, BoundList::After].map(|list| ScopeShape::of(&plan, list));
        let counts_of_process = Counts { total: setup.counts.total, ..Counts::default() };
        let connections = plan.connections.len();
        let base = shared_scope(&plan);
        let no_rows = setup.waves.as_ref().is_some_and(WaveProgress::is_over);
        let own = setup.limits.in_flight.unwrap_or(DEFAULT_IN_FLIGHT);
        let most_in_flight = setup.ceiling.in_flight.unwrap_or(own).max(own);
        let mut engine = Self {
            admission: Admission::new(&plan, setup.limits, setup.shared),
            tokens: Tokens::new(&setup.needs_token),
            token_fetched_at: vec![Time::default(); connections],
            reachability: vec![Reachability::default(); connections],
            shapes,
            rng: SeededRng::new(setup.seed),
            stop_when: setup.stop_when,
            waves: setup.waves,
            effect_budget: setup.effect_budget,
            holds_writes: false,
            send_window: SendWindowState::new(setup.window),
            stage: Stage::Before,
            lookups_only: setup.lookups_only,
            ceiling: Limits { in_flight: Some(most_in_flight), ..setup.ceiling },
            paused: setup.steering.paused,
            cancelled: false,
            active: HashMap::new(),
            timers: BinaryHeap::new(),
            granted: VecDeque::new(),
            in_flight: BTreeMap::new(),
            next_seq: setup.next_seq,
            next_ticket: 1,
            durable: setup.next_seq.saturating_sub(1),
            rows_asked: 0,
            no_more_rows: no_rows,
            counts: setup.counts,
            counts_of_process,
            progress: Progress { rows_before: setup.counts.ended(), ..Progress::default() },
            calls: setup.calls,
            failures: setup.failures,
            logins: vec![LoginWatch::default(); connections],
            stop: None,
            left_rows: LeftRows::default(),
            base: Arc::new(base),
            after: setup.after,
            unwritten: Vec::new(),
            actions: Vec::new(),
            news: true,
            sync_time: Duration::from_millis(1),
            appended_at: VecDeque::new(),
            observer_events: None,
            plan,
        };
        if !setup.lookups_only {
            engine.append(now, StepScope::Run, vec![Fact::Began { process: setup.process, by: setup.user }]);
        }
        if let Some(reason) = engine.waves.as_ref().and_then(WaveProgress::due) {
            engine.stop_for(reason, now);
        }
        // A lookup of an unknown call may still be asked for after the run was closed.
        if let Some((by, since)) = setup.steering.cancelled.filter(|_| !setup.lookups_only) {
            engine.cancel(by, since);
        }
        engine.open_once(StepScope::Before, &setup.before, now);
        engine
    }

    /// Why the run stopped early; `None` if it did not.
    #[must_use]
    pub fn stop_reason(&self) -> Option<&StopReason> {
        self.stop.as_ref()
    }

    /// Stops the run: nothing new is started, and calls under way are awaited.
    pub fn on_stop(&mut self, reason: StopReason, now: Time) {
        self.stop_for(reason, now);
        self.news = true;
    }

    /// Records that all entries up to `seq` are on disk.
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

    pub(super) fn append(&mut self, at: Time, scope: StepScope, facts: Vec<Fact>) -> u64 {
        let seq = self.next_seq;
        self.next_seq += 1;
        self.appended_at.push_back((seq, at));
        self.actions.push(Action::Append(JournalEntry { seq, at, scope, facts }));
        seq
    }
}
