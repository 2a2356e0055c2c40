//! The run's scheduler: which rows are under way, whose call goes out when, and when the run stops.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use super::action::Action;
use super::admission::{Gates, Health, Hours, Tokens};
use crate::engine::observe::{Progress, Tidings};
use crate::engine::row::{Outgoing, RowMachine, base_scope};
use crate::journal::{Fact, JournalEntry, ScopeShape};
use crate::model::{Limits, RunId, StepScope as Whose, Time};
use crate::plan::{BoundList, Plan};
use crate::playbook::{SendWindow, StopWhen};
use crate::policy::{Counts, EffectBudget, EffectCounts, SeededRng, StopReason, WaveProgress};
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
    pub window: Option<SendWindow>,
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

/// Rows that were left to other runs.
#[derive(Debug, Default)]
pub(super) struct LeftRows {
    pub rows: u64,
    pub runs: BTreeSet<RunId>,
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

    /// Why the run stopped before its end, if it did.
    #[must_use]
    pub fn stop_reason(&self) -> Option<&StopReason> {
        self.stop.as_ref()
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

    pub(super) fn append(&mut self, at: Time, scope: Whose, facts: Vec<Fact>) -> u64 {
        let seq = self.next_seq;
        self.next_seq += 1;
        self.appended_at.push_back((seq, at));
        self.actions.push(Action::Append(JournalEntry { seq, at, scope, facts }));
        seq
    }
}
