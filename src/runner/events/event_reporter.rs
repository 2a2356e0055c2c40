//! Follows the driver and reports its run as events. Facts are reported once they are on disk, never before.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use super::event_kinds::{TransportFacts, of_fact, of_progress, of_stop, of_wait};
use super::known_rows::KnownRows;
use super::run_events::RunEvents;
use crate::engine::{CallResult, ObserverEvent, Progress, TokenResult};
use crate::journal::{CallRef, Fact, FrozenRow, JournalEntry};
use crate::model::{Disposition, Limits, StepScope, Time};
use crate::plan::Plan;
use crate::policy::{Counts, StopReason, WaitReason};
use crate::report::{Event, EventKind};

/// Time between two events of the counters.
const COUNTERS_EVERY: Duration = Duration::from_secs(5);

/// The facts of the run's own steps.
type Facts<'a> = &'a [(Time, Fact)];

/// A request in flight: when it was sent, and the calls that it is for.
struct SentRequest {
    at: Time,
    calls: Vec<(StepScope, CallRef, EventKind)>,
}

/// An event that waits for the disk.
enum Unreported {
    /// The facts of an entry, once it is on the disk.
    Entry(JournalEntry),
    /// An event that happened after the entry with this number.
    After(u64, Time, EventKind),
}

impl Unreported {
    fn seq(&self) -> u64 {
        match self {
            Self::Entry(entry) => entry.seq,
            Self::After(seq, ..) => *seq,
        }
    }
}

/// Reports one run as events.
pub(in crate::runner) struct EventReporter {
    events: RunEvents,
    plan: Arc<Plan>,
    known: KnownRows,
    /// Requests by ticket.
    sent: HashMap<u64, SentRequest>,
    /// What the transport knows of attempts whose end is not on the disk yet.
    transport: HashMap<(StepScope, CallRef), TransportFacts>,
    /// Events that wait for the disk, in order.
    unreported: VecDeque<Unreported>,
    /// The number of the last entry given to the writer.
    appended: u64,
    /// The number of the last entry on the disk.
    durable: u64,
    counted_at: Time,
}

impl EventReporter {
    /// Begins to report a run, with the facts of its steps before and after the rows.
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
            transport: HashMap::new(),
            unreported: VecDeque::new(),
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

    /// Records the rows that are passed to the engine.
    pub(in crate::runner) fn on_rows(&mut self, rows: &[(FrozenRow, Vec<(Time, Fact)>)]) {
        rows.iter().for_each(|(row, facts)| self.known.bring(row, facts));
    }

    /// Remembers the requests that are about to be sent, and returns the other events.
    pub(in crate::runner) fn expect(&mut self, events: Vec<ObserverEvent>) -> Vec<ObserverEvent> {
        let mut others = Vec::new();
        for event in events {
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
            } = event
            else {
                others.push(event);
                continue;
            };
            let natural_key = self.known.said(whose, natural_key.as_ref());
            let together = (together > 1).then_some(together);
            let place = self.known.call(whose, call);
            let kind = EventKind::Sent { call: place, lookup, attempt, write, repeat, natural_key, together };
            let sent = self.sent.entry(ticket).or_insert(SentRequest { at: Time::default(), calls: Vec::new() });
            sent.calls.push((whose, call, kind));
        }
        others
    }

    /// Records that a request is sent.
    pub(in crate::runner) fn on_sent(&mut self, ticket: u64, now: Time) {
        let Some(sent) = self.sent.get_mut(&ticket) else { return };
        sent.at = now;
        for (_, _, kind) in &sent.calls {
            self.events.tell(now, kind.clone());
        }
    }

    /// Records that a request is not sent for now. It is reported when it is sent.
    pub(in crate::runner) fn on_postponed(&mut self, ticket: u64) {
        self.sent.remove(&ticket);
    }

    /// Records that a request has ended.
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
            self.transport.insert((scope, call), TransportFacts { http_status, duration_ms });
        }
    }

    /// Records that a token was fetched, or could not be.
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

    /// Records that an entry is passed to the writer.
    pub(in crate::runner) fn on_entry(&mut self, entry: &JournalEntry) {
        self.known.learn(entry.scope, entry.at, &entry.facts);
        self.appended = entry.seq;
        self.unreported.push_back(Unreported::Entry(entry.clone()));
    }

    /// Records that every entry up to this number is on disk, and reports its events.
    pub(in crate::runner) fn on_durable(&mut self, seq: u64) {
        self.durable = seq;
        while self.unreported.front().is_some_and(|first| first.seq() <= seq) {
            match self.unreported.pop_front() {
                Some(Unreported::Entry(entry)) => self.tell_entry(&entry),
                Some(Unreported::After(_, at, kind)) => self.tell(at, kind),
                None => return,
            }
        }
    }

    fn tell_entry(&mut self, entry: &JournalEntry) {
        for fact in &entry.facts {
            let transport = match fact {
                Fact::Attempted(attempted) => self.transport.remove(&(entry.scope, attempted.call)).unwrap_or_default(),
                Fact::Intent(_)
                | Fact::StepEnded(_)
                | Fact::RollbackStarted
                | Fact::RowEnded(_)
                | Fact::Settled(_)
                | Fact::Reopened(_)
                | Fact::ImportedCall(_)
                | Fact::ContinuedIn(_)
                | Fact::Began { .. }
                | Fact::Steered(_)
                | Fact::Stopped(_)
                | Fact::Finished => TransportFacts::default(),
            };
            if let Some(kind) = of_fact(&mut self.known, entry.scope, fact, transport) {
                self.tell(entry.at, kind);
            }
            if matches!(fact, Fact::RowEnded(_)) {
                self.known.forget(entry.scope);
            }
        }
    }

    /// Reports an event once the entries before it are on disk.
    fn tell_after(&mut self, at: Time, kind: EventKind) {
        match self.durable >= self.appended {
            true => self.tell(at, kind),
            false => self.unreported.push_back(Unreported::After(self.appended, at, kind)),
        }
    }

    /// Reports what the engine observed besides its facts.
    pub(in crate::runner) fn on_observer_events(&mut self, events: Vec<ObserverEvent>, now: Time) {
        for event in events {
            let kind = match event {
                ObserverEvent::Begun(whose, resumed) => EventKind::RowStarted { of: self.known.row(whose), resumed },
                ObserverEvent::Waits(whose, wait, until) => of_wait(&self.known, whose, wait, until),
                ObserverEvent::WaitsForRate { bucket: budget, calls, until } => {
                    let operation = Some(self.plan.rate_buckets[budget].operation.clone());
                    waiting(WaitReason::Limit, until, operation, Some(calls))
                }
                ObserverEvent::WaitsForWindow(until) => waiting(WaitReason::Window, until, None, None),
                ObserverEvent::Pace { bucket: budget, share, paused_until } => self.pace(budget, share, paused_until),
                ObserverEvent::Wave(wave, waves) => EventKind::WaveStarted { wave, waves },
                ObserverEvent::Stopping(reason) => of_stop(&reason, self.known.stop_message(&reason)),
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

    /// Reports that the run stops at once. Calls under way are left as they are.
    pub(in crate::runner) fn on_abort(&self, signal: i32, now: Time) {
        let reason = StopReason::Interrupted { signal };
        self.tell(now, of_stop(&reason, format!("{reason} at once")));
    }

    /// Reports the counters every few seconds and at the end of the run.
    pub(in crate::runner) fn on_progress(&mut self, progress: impl FnOnce() -> Progress, last: bool, now: Time) {
        if last || now.since(self.counted_at) >= COUNTERS_EVERY {
            self.counted_at = now;
            self.tell_after(now, of_progress(&progress()));
        }
    }
}

fn waiting(reason: WaitReason, until: Time, operation: Option<String>, calls: Option<u64>) -> EventKind {
    EventKind::Waiting { reason, until: Event::instant(until), row: None, key: None, operation, calls }
}
