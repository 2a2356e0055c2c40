//! The loop between engine, journal and vendors, on one thread; the journal's writer is the other.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use futures_util::future::{BoxFuture, FutureExt};
use futures_util::stream::{FuturesUnordered, StreamExt};
use tokio::sync::mpsc;

use super::driving::{Control, Drive, DriveError};
use super::others::{Awaited, Standing};
use super::pause::pause;
use super::so_far::{counts_so_far, spending_so_far, waves_so_far};
use super::stage::Stage;
use super::telling::Teller;
use crate::engine::{
    Action, CallResult, DEFAULT_IN_FLIGHT, Engine, EngineSetup, ObserverEvent, SendOrder, TokenResult,
};
use crate::io::LedgerError;
use crate::io::journal::{JournalError, Reader, Reserve, Store, WriteResult, Writer};
use crate::model::{Scope, SendError, Time};
use crate::plan::QuotaPlan;
use crate::policy::{StopReason, TurnWanted};

/// How often the screen's counts are renewed at most.
const PROGRESS_EVERY: Duration = Duration::from_millis(50);

/// The longest sleep of a rehearsal, whose time stands still until everybody waits.
const LONGEST_JUMP: Duration = Duration::from_secs(365 * 86_400);

/// The longest sleep: a machine that was suspended meanwhile wakes up late.
const LONGEST_SLEEP: Duration = Duration::from_secs(20);

/// Something that became known while the loop waited.
pub(super) enum Event {
    Result(u64, CallResult),
    Token(usize, TokenResult),
    Unledgered(LedgerError),
    /// An order that another run had in hand may be free by now.
    LookAgain(Box<SendOrder>),
    /// This machine had no connection for an order.
    Shortage(Box<SendOrder>, String),
    /// An order has waited for a connection.
    Postponed(Box<SendOrder>),
}

/// Drives a run from where its journal says it is. Gives why it stopped before its end, if it did.
///
/// # Errors
/// The journal failed. What was sent and not answered then is unknown; the run can be resumed.
pub async fn drive(
    drive: Drive,
    journal: &Path,
    control: mpsc::UnboundedReceiver<Control>,
) -> Result<Option<StopReason>, DriveError> {
    Reserve::take_in(journal).map_err(DriveError::Unwritable)?;
    let store = Store::open(journal)?;
    if !store.is_untouched()? {
        // Nothing is built on a journal that lost or changed what it once held.
        Reader::open(journal)?.verify_to_go_on(journal)?;
    }
    go(drive, journal, store, control, None).await
}

/// Drives a run whose vendors are played: whoever stands on the stage answers, in the time of a paused runtime, and the
/// journal is one that [`Store::create_scratch`] made. Everything else is as in [`drive`].
///
/// # Errors
/// The journal failed.
pub async fn rehearse(
    drive: Drive,
    journal: &Path,
    control: mpsc::UnboundedReceiver<Control>,
    stage: Arc<dyn Stage>,
) -> Result<Option<StopReason>, DriveError> {
    go(drive, journal, Store::open_scratch(journal)?, control, Some(stage)).await
}

async fn go(
    drive: Drive,
    journal: &Path,
    store: Store,
    mut control: mpsc::UnboundedReceiver<Control>,
    stage: Option<Arc<dyn Stage>>,
) -> Result<Option<StopReason>, DriveError> {
    let reader = Reader::open(journal)?;
    let counts = counts_so_far(&reader)?;
    let waves = waves_so_far(&reader, &drive, counts)?;
    let spending = spending_so_far(&reader, &drive.bounds)?;
    let setup = EngineSetup {
        plan: drive.plan.clone(),
        seed: drive.seed,
        limits: drive.limits,
        stop_when: drive.bounds.stop_when,
        waves,
        spending,
        window: drive.bounds.window.clone(),
        shared: drive.ledger.is_some(),
        needs_token: drive.vendors.iter().map(|vendor| vendor.needs_token()).collect(),
        next_seq: store.next_seq()?,
        counts,
        before: reader.facts(Scope::Before)?,
        after: reader.facts(Scope::After)?,
        process: std::process::id(),
        settling: drive.settling,
    };
    let (tell, mut written) = mpsc::unbounded_channel::<WriteResult>();
    let tell = move |news| {
        // The loop is gone only where the run has broken off already.
        let _ = tell.send(news);
    };
    let writer = match stage {
        Some(_) => Writer::here(store, tell),
        None => {
            let in_flight = drive.limits.in_flight.unwrap_or(DEFAULT_IN_FLIGHT);
            let rest = Reserve::set_aside(journal, in_flight).map_err(DriveError::Unwritable)?;
            Writer::start(store, rest, tell)
        }
    };
    let cursor = reader.first_unfinished()?;
    let now = drive.clock.now();
    let told_so_far = (setup.before.as_slice(), setup.after.as_slice());
    let begin = |telling| Teller::begin(telling, &drive.plan, drive.limits, counts, told_so_far, now);
    let teller = drive.telling.clone().map(begin);
    let mut engine = Engine::new(setup, now);
    if teller.is_some() {
        engine.collect_events();
    }
    let mut driver = Loop {
        engine,
        teller,
        last_started: reader.last_started_row()?,
        reader,
        writer,
        calls: FuturesUnordered::new(),
        wake_at: None,
        cursor,
        last_appended: 0,
        durable: 0,
        done: false,
        progress_at: Time::default(),
        awaited: Awaited::new(),
        short: HashMap::new(),
        broken: None,
        unwritable: false,
        drive,
        stage,
    };
    match driver.run(&mut written, &mut control).await {
        Ok(stop) => {
            driver.writer.finish()?;
            Ok(stop)
        }
        Err(error) => {
            driver.writer.break_off()?;
            Err(match error {
                // The state folder is gone with everything in it, of which the journal matters.
                DriveError::Ledger(_) if !journal.exists() => {
                    DriveError::Unwritable(JournalError::Gone(journal.display().to_string()))
                }
                DriveError::Journal(_) | DriveError::Unwritable(_) | DriveError::Ledger(_) => error,
            })
        }
    }
}

pub(super) struct Loop {
    pub(super) drive: Drive,
    /// Who answers in place of the vendors, in a rehearsal.
    pub(super) stage: Option<Arc<dyn Stage>>,
    pub(super) engine: Engine,
    pub(super) teller: Option<Teller>,
    pub(super) reader: Reader,
    pub(super) writer: Writer,
    pub(super) calls: FuturesUnordered<BoxFuture<'static, Event>>,
    pub(super) wake_at: Option<Time>,
    /// The first row not brought yet.
    pub(super) cursor: u64,
    pub(super) last_started: Option<u64>,
    pub(super) last_appended: u64,
    pub(super) durable: u64,
    pub(super) done: bool,
    pub(super) progress_at: Time,
    /// What other runs have in hand and this one waits for.
    pub(super) awaited: Awaited,
    /// How often a request was tried for which this machine had no connection, by its hash.
    pub(super) short: HashMap<String, u32>,
    /// Why the run breaks off once no call is under way.
    pub(super) broken: Option<DriveError>,
    /// Whether the journal took something not.
    pub(super) unwritable: bool,
}

impl Loop {
    async fn run(
        &mut self,
        written: &mut mpsc::UnboundedReceiver<WriteResult>,
        control: &mut mpsc::UnboundedReceiver<Control>,
    ) -> Result<Option<StopReason>, DriveError> {
        let mut listening = true;
        loop {
            self.carry_out();
            let shown = self.show();
            if self.is_over() {
                return self.broken.take().map_or_else(|| Ok(self.engine.stop_reason().cloned()), Err);
            }
            // What was not shown is shown soon, also where nothing happens for long.
            let longest = match self.stage {
                Some(_) => LONGEST_JUMP,
                None if shown => LONGEST_SLEEP,
                None => PROGRESS_EVERY,
            };
            let wait = self.wake_at.map_or(longest, |at| self.drive.clock.until(at).min(longest));
            tokio::select! {
                // Orders from outside ahead of all else; in this order a rehearsal takes the same course every time.
                biased;
                order = control.recv(), if listening => match order {
                    Some(Control::Drain { signal }) => {
                        self.engine.on_stop(StopReason::Interrupted { signal }, self.drive.clock.now());
                    }
                    Some(Control::Abort { signal }) => {
                        if let Some(teller) = &self.teller {
                            teller.on_abort(signal, self.drive.clock.now());
                        }
                        return self.broken.take().map_or(Ok(Some(StopReason::Interrupted { signal })), Err);
                    }
                    None => listening = false,
                },
                news = written.recv() => self.on_written(news)?,
                Some(event) = self.calls.next(), if !self.calls.is_empty() => self.take_in(event),
                () = pause(wait, &self.drive.clock) => {
                    self.wake_at = None;
                    self.engine.on_time();
                }
            }
            // Whatever else has come by now shares the next entry's sync.
            while let Some(Some(event)) = self.calls.next().now_or_never() {
                self.take_in(event);
            }
            while let Ok(news) = written.try_recv() {
                self.on_written(Some(news))?;
            }
        }
    }

    fn take_in(&mut self, event: Event) {
        let now = self.drive.clock.now();
        if let Some(teller) = &mut self.teller {
            match &event {
                Event::Result(ticket, result) => teller.on_result(*ticket, result, now),
                Event::Token(connection, result) => teller.on_token(*connection, result, now),
                Event::Unledgered(_) | Event::LookAgain(_) | Event::Shortage(..) | Event::Postponed(_) => {}
            }
        }
        match event {
            Event::Result(ticket, result) => {
                // There are connections again.
                self.short.clear();
                self.engine.on_result(ticket, result, now);
            }
            Event::Token(connection, result) => self.engine.on_token(connection, result, now),
            Event::Unledgered(error) => self.break_off(error.into()),
            Event::LookAgain(order) => self.look_again(*order),
            Event::Shortage(order, why) => self.wait_out_shortage(*order, why),
            Event::Postponed(order) => self.postpone(*order),
        }
    }

    fn on_written(&mut self, news: Option<WriteResult>) -> Result<(), DriveError> {
        match news {
            Some(Ok(seq)) => {
                self.durable = seq;
                if let Some(teller) = &mut self.teller {
                    teller.on_durable(seq);
                }
                self.engine.on_durable(seq, self.drive.clock.now());
                Ok(())
            }
            // The writer goes on trying; what came before it is waited for.
            Some(Err(why)) if self.stage.is_none() => {
                self.unwritable = true;
                self.break_off(DriveError::Unwritable(why));
                Ok(())
            }
            Some(Err(why)) => Err(DriveError::Unwritable(why)),
            None => Err(DriveError::Unwritable(JournalError::Damaged("the writing thread broke off".to_owned()))),
        }
    }

    /// Carries out what the engine asks, until it asks nothing more.
    fn carry_out(&mut self) {
        let mut entries = Vec::new();
        let mut asked = false;
        loop {
            let actions = self.engine.take_actions(self.drive.clock.now());
            let over = actions.is_empty();
            let tidings = self.hear();
            for action in actions {
                match action {
                    Action::Append(entry) => {
                        if let Some(teller) = &mut self.teller {
                            teller.on_entry(&entry);
                        }
                        self.last_appended = entry.seq;
                        entries.push(entry);
                    }
                    Action::Send(order) if self.broken.is_some() => self.postpone(order),
                    Action::Send(order) => {
                        self.ask_others(&order, &mut asked);
                        self.send_once(order);
                    }
                    Action::FetchToken(connection) => self.fetch_token(connection),
                    Action::TakeTurn { budget, wanted } => self.take_turn(budget, wanted),
                    Action::NeedRows(count) => {
                        if let Err(error) = self.bring_rows(count) {
                            self.break_off(error.into());
                        }
                    }
                    Action::WakeAt(at) => self.wake_at = Some(at),
                    Action::Done => self.done = true,
                }
            }
            if let Some(teller) = &mut self.teller {
                teller.on_tidings(tidings, self.drive.clock.now());
            }
            if over {
                break;
            }
        }
        if !entries.is_empty() {
            self.writer.append(entries);
        }
    }

    /// What the engine tells besides its facts; requests are told when they are handed over.
    fn hear(&mut self) -> Vec<ObserverEvent> {
        let Some(teller) = &mut self.teller else { return Vec::new() };
        teller.expect(self.engine.take_observer_events(self.drive.clock.now()))
    }

    /// Sends an order, unless another run has made the same or is about to.
    fn send_once(&mut self, order: SendOrder) {
        let result = match self.past_of(&order) {
            Ok(Standing::Taken(result)) => Ok(Some(result)),
            Ok(Standing::Awaited) => return self.look_again_soon(order),
            Ok(Standing::Free) => self.used_up(order.budget).map_err(DriveError::from),
            Err(error) => Err(error.into()),
        };
        let result = match result {
            Ok(result) => result,
            Err(error) => {
                self.break_off(error);
                return self.postpone(order);
            }
        };
        match result {
            Some(result) => self.answer(order.ticket, result),
            None => self.send(order),
        }
    }

    /// Answers an order that was not handed over.
    pub(super) fn answer(&mut self, ticket: u64, result: CallResult) {
        let now = self.drive.clock.now();
        if let Some(teller) = &mut self.teller {
            teller.on_result(ticket, &result, now);
        }
        self.engine.on_result(ticket, result, now);
    }

    /// Counts a call for its daily quotas; which of them is used up.
    fn used_up(&self, budget: usize) -> Result<Option<CallResult>, LedgerError> {
        let Some(ledger) = &self.drive.ledger else { return Ok(None) };
        let now = self.drive.clock.now();
        for QuotaPlan { key, what, calls, quota } in &self.drive.plan.rate_buckets[budget].quotas {
            if !ledger.count(key, &quota.day(now), *calls)? {
                let what = format!("the {calls} {what} that a day has are used up");
                return Ok(Some(CallResult::QuotaUsedUp { what, until: quota.resets_at(now) }));
            }
        }
        Ok(None)
    }

    fn send(&mut self, order: SendOrder) {
        let vendor = self.drive.vendors[order.connection].clone();
        let at = self.drive.clock.now();
        if let Some(teller) = &mut self.teller {
            teller.on_sent(order.ticket, at);
        }
        let way_out = self.stage.as_ref().map(|stage| stage.way_out(&order, self.engine.asked_by(order.ticket), at));
        let sent = async move {
            let result = vendor.send(&order, way_out, at).await;
            if let CallResult::Failed(SendError::Shortage(why)) = result {
                return Event::Shortage(Box::new(order), why);
            }
            Event::Result(order.ticket, result)
        };
        self.calls.push(sent.boxed());
    }

    fn fetch_token(&mut self, connection: usize) {
        let vendor = self.drive.vendors[connection].clone();
        let (clock, ledger) = (self.drive.clock, self.drive.ledger.clone());
        let fetched = async move {
            match vendor.fetch_token(ledger.as_ref(), clock).await {
                Ok(result) => Event::Token(connection, result),
                Err(error) => Event::Unledgered(error),
            }
        };
        self.calls.push(fetched.boxed());
    }

    fn take_turn(&mut self, budget: usize, wanted: TurnWanted) {
        let (clock, key) = (&self.drive.clock, &self.drive.plan.rate_buckets[budget].key);
        let Some(ledger) = &self.drive.ledger else { return };
        match ledger.take_turn(key, wanted, clock) {
            Ok(turn) => self.engine.on_turn(budget, turn, clock.now()),
            Err(error) => self.break_off(error.into()),
        }
    }

    fn bring_rows(&mut self, count: usize) -> Result<(), JournalError> {
        let rows = self.reader.unfinished_rows(self.cursor, count)?;
        let over = rows.len() < count;
        if let Some(last) = rows.last() {
            self.cursor = last.position + 1;
        }
        let mut brought = Vec::with_capacity(rows.len());
        for row in rows {
            let known = self.last_started.is_some_and(|last| row.position <= last);
            let facts = if known { self.reader.facts(Scope::Row(row.position))? } else { Vec::new() };
            brought.push((row, facts));
        }
        if let Some(teller) = &mut self.teller {
            teller.on_rows(&brought);
        }
        self.engine.on_rows(brought, over, self.drive.clock.now());
        Ok(())
    }

    /// Shows where the run is, unless that was shown a moment ago.
    fn show(&mut self) -> bool {
        let now = self.drive.clock.now();
        let due = self.done || now.since(self.progress_at) >= PROGRESS_EVERY;
        if due {
            let over = self.is_over();
            self.progress_at = now;
            *self.drive.progress.lock().unwrap_or_else(PoisonError::into_inner) = self.engine.progress(now);
            if let Some(teller) = &mut self.teller {
                teller.on_progress(|| self.engine.progress(now), over, now);
            }
        }
        due
    }
}
