//! The loop between engine, journal and vendors. It runs on one thread; the journal's writer has another.

use std::sync::{Arc, PoisonError};
use std::time::Duration;

use futures_util::future::{BoxFuture, FutureExt};
use futures_util::stream::{FuturesUnordered, StreamExt};
use tokio::sync::mpsc;

use super::acknowledgements::Acknowledgements;
use super::delay::delay;
use super::drive::{Control, Drive, DriveError};
use super::fake_vendors::FakeVendors;
use super::journal_progress::JournalProgress;
use super::other_runs::AwaitedEffects;
use super::shortages::Shortages;
use crate::engine::{Action, CallResult, Engine, ObserverEvent, SendOrder, TokenResult};
use crate::io::LedgerError;
use crate::io::control::SteerCall;
use crate::io::journal::{JournalError, Reader, WriteResult, Writer};
use crate::model::Time;
use crate::policy::{StopReason, WaitReason};
use crate::runner::events::EventReporter;

/// The shortest time between two updates of the screen's counts.
const PROGRESS_EVERY: Duration = Duration::from_millis(50);

/// The longest sleep of a rehearsal. Its time is paused, so that the sleep takes no real time.
const LONGEST_JUMP: Duration = Duration::from_secs(365 * 86_400);

/// The longest sleep otherwise, so that a machine that was suspended soon looks at its clock.
const LONGEST_SLEEP: Duration = Duration::from_secs(20);

/// An event that the driver waits for.
pub(super) enum DriverEvent {
    /// The call with this ticket has ended.
    Result(u64, CallResult),
    /// The token of the connection with this index in the plan was fetched, or could not be.
    Token(usize, TokenResult),
    /// A login could not be counted in the ledger, so it was not sent.
    LedgerFailed(LedgerError),
    /// A call that another run had under way may be free now.
    LookAgain(Box<SendOrder>),
    /// This machine had no connection for a call; the text says why.
    Shortage(Box<SendOrder>, String),
    /// A call has waited for a connection and takes a new slot.
    Postponed(Box<SendOrder>),
}

/// Waits for the next command of a person; for ever once nobody can give one any more.
async fn next_command(commands: &mut Option<mpsc::Receiver<SteerCall>>) -> SteerCall {
    if let Some(open) = commands {
        if let Some(call) = open.recv().await {
            return call;
        }
        *commands = None;
    }
    std::future::pending().await
}

/// A run under way.
pub(super) struct Driver {
    pub(super) drive: Drive,
    /// The fake vendors of a rehearsal; `None` if the calls are really sent.
    pub(super) fake_vendors: Option<Arc<dyn FakeVendors>>,
    pub(super) engine: Engine,
    /// Reports the run's events; `None` if no event file was requested.
    pub(super) reporter: Option<EventReporter>,
    pub(super) reader: Reader,
    pub(super) writer: Writer,
    pub(super) calls: FuturesUnordered<BoxFuture<'static, DriverEvent>>,
    /// When the engine wants to be woken.
    pub(super) wake_at: Option<Time>,
    /// The position of the first row that the engine has not received yet.
    pub(super) cursor: u64,
    /// The position of the last row that an earlier process began; `None` if there is none.
    pub(super) last_started: Option<u64>,
    pub(super) journal: JournalProgress,
    /// Whether the engine has nothing more to do.
    pub(super) done: bool,
    /// When the screen's counts were last updated.
    pub(super) progress_at: Time,
    pub(super) awaited: AwaitedEffects,
    pub(super) shortages: Shortages,
    /// Commands that are carried out and acknowledged once they are on disk.
    pub(super) acknowledgements: Acknowledgements,
    /// Why the run breaks off once no call is under way.
    pub(super) broken: Option<DriveError>,
}

impl Driver {
    /// Runs until the engine is done, the run breaks off, or an order to stop at once comes.
    pub(super) async fn run(
        &mut self,
        written: &mut mpsc::UnboundedReceiver<WriteResult>,
        control: &mut mpsc::UnboundedReceiver<Control>,
        mut commands: Option<mpsc::Receiver<SteerCall>>,
    ) -> Result<Option<StopReason>, DriveError> {
        let mut listening = true;
        loop {
            self.carry_out();
            let shown = self.show();
            if self.is_over() {
                return self.broken.take().map_or_else(|| Ok(self.engine.stop_reason().cloned()), Err);
            }
            // Counts that were not shown are shown soon, even if nothing happens.
            let longest = match (shown, &self.fake_vendors) {
                (false, _) => PROGRESS_EVERY,
                (true, Some(_)) => LONGEST_JUMP,
                (true, None) => LONGEST_SLEEP,
            };
            let wait = self.wake_at.map_or(longest, |at| self.drive.clock.until(at).min(longest));
            tokio::select! {
                // Orders from outside come first. The fixed order makes a rehearsal the same every time.
                biased;
                order = control.recv(), if listening => match order {
                    Some(Control::Drain { signal }) => {
                        self.engine.on_stop(StopReason::Interrupted { signal }, self.drive.clock.now());
                    }
                    Some(Control::Abort { signal }) => {
                        if let Some(reporter) = &self.reporter {
                            reporter.on_abort(signal, self.drive.clock.now());
                        }
                        return self.broken.take().map_or(Ok(Some(StopReason::Interrupted { signal })), Err);
                    }
                    None => listening = false,
                },
                call = next_command(&mut commands) => self.on_command(call),
                result = written.recv() => self.on_written(result)?,
                Some(event) = self.calls.next(), if !self.calls.is_empty() => self.on_event(event),
                () = delay(wait, &self.drive.clock) => {
                    self.wake_at = None;
                    self.engine.on_time();
                }
            }
            // What else has arrived by now shares the next entry's sync.
            while let Some(Some(event)) = self.calls.next().now_or_never() {
                self.on_event(event);
            }
            while let Ok(result) = written.try_recv() {
                self.on_written(Some(result))?;
            }
        }
    }

    /// Carries out a command of a person. It is acknowledged at once if nothing has to be written for it.
    fn on_command(&mut self, call: SteerCall) {
        let SteerCall { wish, by, reply } = call;
        let accepted = self.engine.on_steer(wish, by, self.drive.clock.now());
        self.acknowledgements.add(accepted, reply);
    }

    fn on_event(&mut self, event: DriverEvent) {
        let now = self.drive.clock.now();
        if let Some(reporter) = &mut self.reporter {
            match &event {
                DriverEvent::Result(ticket, result) => reporter.on_result(*ticket, result, now),
                DriverEvent::Token(connection, result) => reporter.on_token(*connection, result, now),
                DriverEvent::LedgerFailed(_)
                | DriverEvent::LookAgain(_)
                | DriverEvent::Shortage(..)
                | DriverEvent::Postponed(_) => {}
            }
        }
        match event {
            DriverEvent::Result(ticket, result) => {
                self.shortages.on_answer();
                self.engine.on_result(ticket, result, now);
            }
            DriverEvent::Token(connection, result) => self.engine.on_token(connection, result, now),
            DriverEvent::LedgerFailed(error) => self.break_off(error.into()),
            DriverEvent::LookAgain(order) => self.look_again(*order),
            DriverEvent::Shortage(order, why) => self.wait_out_shortage(*order, why),
            DriverEvent::Postponed(order) => self.postpone(*order, WaitReason::Shortage),
        }
    }

    fn on_written(&mut self, result: Option<WriteResult>) -> Result<(), DriveError> {
        match result {
            Some(Ok(seq)) => {
                self.journal.on_durable(seq);
                self.acknowledgements.on_durable(seq);
                if let Some(reporter) = &mut self.reporter {
                    reporter.on_durable(seq);
                }
                self.engine.on_durable(seq, self.drive.clock.now());
                Ok(())
            }
            // The writer keeps trying; calls under way are awaited.
            Some(Err(why)) if self.fake_vendors.is_none() => {
                self.journal.on_failure();
                self.break_off(DriveError::Unwritable(why));
                Ok(())
            }
            Some(Err(why)) => Err(DriveError::Unwritable(why)),
            None => Err(DriveError::Unwritable(JournalError::Damaged("the writing thread broke off".to_owned()))),
        }
    }

    /// Carries out the engine's actions until it has no more.
    fn carry_out(&mut self) {
        let mut entries = Vec::new();
        let mut refreshed = false;
        loop {
            let actions = self.engine.take_actions(self.drive.clock.now());
            let over = actions.is_empty();
            let events = self.take_observer_events();
            for action in actions {
                match action {
                    Action::Append(entry) => {
                        if let Some(reporter) = &mut self.reporter {
                            reporter.on_entry(&entry);
                        }
                        self.journal.on_append(entry.seq);
                        entries.push(entry);
                    }
                    Action::Send(order) if self.broken.is_some() => self.postpone(order, WaitReason::Journal),
                    Action::Send(order) => self.send_if_clear(order, &mut refreshed),
                    Action::FetchToken(connection) => self.fetch_token(connection),
                    Action::TakeLease { bucket, wanted } => self.take_lease(bucket, wanted),
                    Action::NeedRows(count) => {
                        if let Err(error) = self.bring_rows(count) {
                            self.break_off(error.into());
                        }
                    }
                    Action::WakeAt(at) => self.wake_at = Some(at),
                    Action::Done => self.done = true,
                }
            }
            if let Some(reporter) = &mut self.reporter {
                reporter.on_observer_events(events, self.drive.clock.now());
            }
            if over {
                break;
            }
        }
        if !entries.is_empty() {
            self.writer.append(entries);
        }
    }

    /// The engine's events besides its facts. Requests are kept until they are sent.
    fn take_observer_events(&mut self) -> Vec<ObserverEvent> {
        let Some(reporter) = &mut self.reporter else { return Vec::new() };
        reporter.expect(self.engine.take_observer_events(self.drive.clock.now()))
    }

    /// The journal or the ledger failed: the run stops as after a signal, and breaks off once no call is under way.
    pub(super) fn break_off(&mut self, error: DriveError) {
        let what = error.to_string();
        self.broken.get_or_insert(error);
        self.engine.on_stop(StopReason::BrokeOff { what }, self.drive.clock.now());
    }

    /// Whether nothing is left to wait for.
    fn is_over(&self) -> bool {
        self.done && self.journal.is_complete()
    }

    /// Updates the screen's counts, unless that was done a moment ago; true if it did.
    fn show(&mut self) -> bool {
        let now = self.drive.clock.now();
        let due = self.done || now.since(self.progress_at) >= PROGRESS_EVERY;
        if due {
            let over = self.is_over();
            self.progress_at = now;
            *self.drive.progress.lock().unwrap_or_else(PoisonError::into_inner) = self.engine.progress(now);
            if let Some(reporter) = &mut self.reporter {
                reporter.on_progress(|| self.engine.progress(now), over, now);
            }
        }
        due
    }
}
