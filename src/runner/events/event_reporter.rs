//! Listens to the loop of a run and tells of it. Facts are told once they are on the disk, never before.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use super::event_kinds::{OnTheWire, of_fact, of_progress, of_stop, of_wait};
use super::known_rows::KnownRows;
use super::run_events::RunEvents;
use crate::engine::{CallResult, ObserverEvent, Progress, TokenResult};
use crate::journal::{CallRef, Fact, FrozenRow, JournalEntry};
use crate::model::{Disposition, Limits, StepScope, Time};
use crate::plan::Plan;
use crate::policy::{Counts, StopReason};
use crate::report::{Event, EventKind, WaitReason};

/// How often the counters are told.
const COUNTERS: Duration = Duration::from_secs(5);

/// What the journal says of the run's own steps.
type Facts<'a> = &'a [(Time, Fact)];

/// A request on the wire: when it was handed over, and whose calls it is for.
struct Sent {
    at: Time,
    calls: Vec<(StepScope, CallRef, EventKind)>,
}

/// Something that is not told ahead of the disk.
enum Unwritten {
    JournalEntry(JournalEntry),
    /// What became so after that entry.
    After(u64, Time, EventKind),
}

impl Unwritten {
    fn seq(&self) -> u64 {
        match self {
            Self::JournalEntry(entry) => entry.seq,
            Self::After(seq, ..) => *seq,
        }
    }
}

pub(in crate::runner) struct EventReporter {
    events: RunEvents,
    plan: Arc<Plan>,
    known: KnownRows,
    /// Requests by ticket.
    sent: HashMap<u64, Sent>,
    /// What the wire knows of attempts whose end is no fact yet.
    wire: HashMap<(StepScope, CallRef), OnTheWire>,
    /// What is told once the disk has caught up, in order.
    unwritten: VecDeque<Unwritten>,
    /// The last entry on its way to the disk, and the last one there.
    appended: u64,
    durable: u64,
    counted_at: Time,
}

impl EventReporter {
    /// Begins to tell: which run, by whom, how far it is.
    pub(in crate::runner) fn begin(
        events: RunEvents,
        plan: &Arc<Plan>,
        limits: Limits,
        counts: Counts,
        (before, after): (Facts<'_>, Facts<'_>),
        now: Time,
    ) -> Self {
        let known = KnownRows::new(plan, events.run.clone(), before, after);
        let reporter = Self {
            events,
            plan: plan.clone(),
            known,
            sent: HashMap::new(),
            wire: HashMap::new(),
            unwritten: VecDeque::new(),
            appended: 0,
            durable: 0,
            counted_at: now,
        };
        reporter.events.begin(plan, limits, counts, now);
        reporter
    }

    fn tell(&self, at: Time, kind: EventKind) {
        self.events.tell(at, kind);
    }

    /// Rows that are brought to the engine.
    pub(in crate::runner) fn on_rows(&mut self, rows: &[(FrozenRow, Vec<(Time, Fact)>)]) {
        rows.iter().for_each(|(row, facts)| self.known.bring(row, facts));
    }

    /// Requests about to be handed over are remembered; they are told once they are.
    pub(in crate::runner) fn expect(&mut self, tidings: Vec<ObserverEvent>) -> Vec<ObserverEvent> {
        let mut others = Vec::new();
        for tiding in tidings {
            let ObserverEvent::Sent {
                ticket,
                scope: whose,
                call,
                attempt,
                lookup,
                write,
                repeat,
                natural_key,
                together,
            } = tiding
            else {
                others.push(tiding);
                continue;
            };
            let natural_key = self.known.said(whose, natural_key.as_ref());
            let together = (together > 1).then_some(together);
            let place = self.known.call(whose, call);
            let kind = EventKind::Sent { call: place, lookup, attempt, write, repeat, natural_key, together };
            let sent = self.sent.entry(ticket).or_insert(Sent { at: Time::default(), calls: Vec::new() });
            sent.calls.push((whose, call, kind));
        }
        others
    }

    /// A request is handed over.
    pub(in crate::runner) fn on_sent(&mut self, ticket: u64, now: Time) {
        let Some(sent) = self.sent.get_mut(&ticket) else { return };
        sent.at = now;
        for (_, _, kind) in &sent.calls {
            self.events.tell(now, kind.clone());
        }
    }

    /// A request is not handed over for now; it is told when its turn comes again.
    pub(in crate::runner) fn on_postponed(&mut self, ticket: u64) {
        self.sent.remove(&ticket);
    }

    /// What became of a request.
    pub(in crate::runner) fn on_result(&mut self, ticket: u64, result: &CallResult, now: Time) {
        let Some(sent) = self.sent.remove(&ticket) else { return };
        let http_status = match result {
            CallResult::Answered(response) => Some(response.status),
            CallResult::Failed(_) => None,
            CallResult::Unauthenticated(_)
            | CallResult::DoneBefore { .. }
            | CallResult::LeftTo(_)
            | CallResult::QuotaUsedUp { .. } => return,
        };
        let duration_ms = u64::try_from(now.since(sent.at).as_millis()).ok();
        for (scope, call, _) in sent.calls {
            self.wire.insert((scope, call), OnTheWire { http_status, duration_ms });
        }
    }

    /// A token was fetched, or could not be.
    pub(in crate::runner) fn on_token(&self, connection: usize, result: &TokenResult, now: Time) {
        let connection = self.plan.connections[connection].name.clone();
        self.tell(
            now,
            match result {
                TokenResult::Ready { .. } => EventKind::LoggedIn { connection },
                TokenResult::Failed { disposition, code, message, advice: _ } => EventKind::LoginFailed {
                    connection,
                    disposition: *disposition,
                    code: code.clone(),
                    message: message.clone(),
                },
                TokenResult::Redirected { code, message } => EventKind::LoginFailed {
                    connection,
                    disposition: Disposition::Refused,
                    code: code.clone(),
                    message: message.clone(),
                },
                TokenResult::Untrusted { message } => EventKind::LoginFailed {
                    connection,
                    disposition: Disposition::Unavailable,
                    code: "not_sent".to_owned(),
                    message: message.clone(),
                },
            },
        );
    }

    /// An entry is on its way to the disk.
    pub(in crate::runner) fn on_entry(&mut self, entry: &JournalEntry) {
        self.known.learn(entry.scope, entry.at, &entry.facts);
        self.appended = entry.seq;
        self.unwritten.push_back(Unwritten::JournalEntry(entry.clone()));
    }

    /// Everything up to this entry is on the disk.
    pub(in crate::runner) fn on_durable(&mut self, seq: u64) {
        self.durable = seq;
        while self.unwritten.front().is_some_and(|first| first.seq() <= seq) {
            match self.unwritten.pop_front() {
                Some(Unwritten::JournalEntry(entry)) => self.tell_entry(&entry),
                Some(Unwritten::After(_, at, kind)) => self.tell(at, kind),
                None => return,
            }
        }
    }

    fn tell_entry(&mut self, entry: &JournalEntry) {
        for fact in &entry.facts {
            let wire = match fact {
                Fact::Attempted(attempted) => self.wire.remove(&(entry.scope, attempted.call)).unwrap_or_default(),
                Fact::Intent(_)
                | Fact::StepEnded(_)
                | Fact::RollbackStarted
                | Fact::RowEnded(_)
                | Fact::Settled(_)
                | Fact::Reopened(_)
                | Fact::ImportedCall(_)
                | Fact::ContinuedIn(_)
                | Fact::Began { .. }
                | Fact::Stopped(_)
                | Fact::Finished => OnTheWire::default(),
            };
            if let Some(kind) = of_fact(&mut self.known, entry.scope, fact, wire) {
                self.tell(entry.at, kind);
            }
            if matches!(fact, Fact::RowEnded(_)) {
                self.known.forget(entry.scope);
            }
        }
    }

    /// Tells it once what led to it is on the disk.
    fn tell_after(&mut self, at: Time, kind: EventKind) {
        match self.durable >= self.appended {
            true => self.tell(at, kind),
            false => self.unwritten.push_back(Unwritten::After(self.appended, at, kind)),
        }
    }

    /// What became so besides.
    pub(in crate::runner) fn on_tidings(&mut self, tidings: Vec<ObserverEvent>, now: Time) {
        for tiding in tidings {
            let kind = match tiding {
                ObserverEvent::Begun(whose, resumed) => EventKind::RowStarted { of: self.known.row(whose), resumed },
                ObserverEvent::Waits(whose, wait, until) => of_wait(&self.known, whose, wait, until),
                ObserverEvent::WaitsForRate { bucket: budget, calls, until } => {
                    let operation = Some(self.plan.rate_buckets[budget].operation.clone());
                    waiting(WaitReason::Limit, until, operation, Some(calls))
                }
                ObserverEvent::WaitsForWindow(until) => waiting(WaitReason::Window, until, None, None),
                ObserverEvent::Pace { bucket: budget, share, paused_until } => self.pace(budget, share, paused_until),
                ObserverEvent::Wave(wave, waves) => EventKind::WaveStarted { wave, waves },
                ObserverEvent::Stopping(reason) => of_stop(&reason, self.known.stop(&reason)),
                ObserverEvent::Sent { .. } => continue,
            };
            self.tell_after(now, kind);
        }
    }

    fn pace(&self, budget: usize, share: f64, paused_until: Option<Time>) -> EventKind {
        let own = &self.plan.rate_buckets[budget];
        EventKind::LimitChanged {
            connection: self.plan.connections[own.connection].name.clone(),
            operation: own.operation.clone(),
            rate: own.limits.rate.map(|rate| rate.to_string()).unwrap_or_default(),
            share: (share * 1_000.0).round() / 1_000.0,
            paused_until: paused_until.map(Event::instant),
        }
    }

    /// A second signal: whatever is under way is left as it is.
    pub(in crate::runner) fn on_abort(&self, signal: i32, now: Time) {
        let reason = StopReason::Interrupted { signal };
        self.tell(now, of_stop(&reason, format!("{reason} at once")));
    }

    /// Tells where the run is, now and then, and at its end.
    pub(in crate::runner) fn on_progress(&mut self, progress: impl FnOnce() -> Progress, last: bool, now: Time) {
        if last || now.since(self.counted_at) >= COUNTERS {
            self.counted_at = now;
            self.tell_after(now, of_progress(&progress()));
        }
    }
}

fn waiting(reason: WaitReason, until: Time, operation: Option<String>, calls: Option<u64>) -> EventKind {
    EventKind::Waiting { reason, until: Event::instant(until), row: None, key: None, operation, calls }
}
