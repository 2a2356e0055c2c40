//! The loop between engine, journal and vendors, on one thread; the journal's writer is the other.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use futures_util::future::{BoxFuture, FutureExt};
use futures_util::stream::{FuturesUnordered, StreamExt};
use tokio::sync::mpsc;

use super::driving::{Control, Drive, DriveError};
use super::pause::pause;
use super::so_far::{counts_so_far, spending_so_far, waves_so_far};
use super::stage::Stage;
use super::telling::Teller;
use crate::engine::{Action, CallResult, Engine, Order, Setup, Tiding, TokenResult};
use crate::io::LedgerError;
use crate::io::journal::{JournalError, MadeBefore, Reader, Store, Writer, Written};
use crate::journal::Claim;
use crate::model::{EffectKey, Scope, Time};
use crate::plan::QuotaPlan;
use crate::policy::{StopReason, TurnWanted};

/// How often the screen's counts are renewed at most.
const PROGRESS_EVERY: Duration = Duration::from_millis(50);

/// The longest sleep of a rehearsal, whose time stands still until everybody waits.
const LONGEST_JUMP: Duration = Duration::from_secs(365 * 86_400);

/// The longest sleep: a machine that was suspended meanwhile wakes up late.
const LONGEST_SLEEP: Duration = Duration::from_secs(20);

/// How often an order is looked at again that another run has in hand.
const LOOK_AGAIN: Duration = Duration::from_millis(20);

/// For how many times a call's own time another run is waited for that has the same call in hand.
const PATIENCE: u32 = 3;

enum Event {
    Result(u64, CallResult),
    Token(usize, TokenResult),
    Unledgered(LedgerError),
    /// An order that another run had in hand may be free by now.
    LookAgain(Box<Order>),
}

/// How an order stands by what other runs say of its effect.
enum Standing {
    /// No other run speaks of it.
    Free,
    /// Another run has it in hand, and gives way or says soon what became of it.
    Awaited,
    /// It is not sent, for this reason.
    Taken(CallResult),
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
    let setup = Setup {
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
    let (tell, mut written) = mpsc::unbounded_channel::<Written>();
    let tell = move |news| {
        // The loop is gone only where the run has broken off already.
        let _ = tell.send(news);
    };
    let writer = if stage.is_some() { Writer::here(store, tell) } else { Writer::start(store, tell) };
    let cursor = reader.first_unfinished()?;
    let now = drive.clock.now();
    let told_so_far = (setup.before.as_slice(), setup.after.as_slice());
    let begin = |telling| Teller::begin(telling, &drive.plan, drive.limits, counts, told_so_far, now);
    let teller = drive.telling.clone().map(begin);
    let mut engine = Engine::new(setup, now);
    if teller.is_some() {
        engine.listen();
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
        awaited: HashMap::new(),
        drive,
        stage,
    };
    let stop = driver.run(&mut written, &mut control).await.map_err(|error| match error {
        // The state folder is gone with everything in it, of which the journal matters.
        DriveError::Ledger(_) if !journal.exists() => {
            DriveError::Unwritable(JournalError::Gone(journal.display().to_string()))
        }
        DriveError::Journal(_) | DriveError::Unwritable(_) | DriveError::Ledger(_) => error,
    })?;
    driver.writer.finish()?;
    Ok(stop)
}

struct Loop {
    drive: Drive,
    /// Who answers in place of the vendors, in a rehearsal.
    stage: Option<Arc<dyn Stage>>,
    engine: Engine,
    teller: Option<Teller>,
    reader: Reader,
    writer: Writer,
    calls: FuturesUnordered<BoxFuture<'static, Event>>,
    wake_at: Option<Time>,
    /// The first row not brought yet.
    cursor: u64,
    last_started: Option<u64>,
    last_appended: u64,
    durable: u64,
    done: bool,
    progress_at: Time,
    /// Since when effects are waited for that another run has in hand.
    awaited: HashMap<EffectKey, Time>,
}

impl Loop {
    async fn run(
        &mut self,
        written: &mut mpsc::UnboundedReceiver<Written>,
        control: &mut mpsc::UnboundedReceiver<Control>,
    ) -> Result<Option<StopReason>, DriveError> {
        let mut listening = true;
        loop {
            self.carry_out()?;
            let shown = self.show();
            if self.done && self.durable >= self.last_appended {
                return Ok(self.engine.stop_reason().cloned());
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
                        return Ok(Some(StopReason::Interrupted { signal }));
                    }
                    None => listening = false,
                },
                news = written.recv() => self.on_written(news)?,
                Some(event) = self.calls.next(), if !self.calls.is_empty() => self.take_in(event)?,
                () = pause(wait, &self.drive.clock) => {
                    self.wake_at = None;
                    self.engine.on_time();
                }
            }
            // Whatever else has come by now shares the next entry's sync.
            while let Some(Some(event)) = self.calls.next().now_or_never() {
                self.take_in(event)?;
            }
            while let Ok(news) = written.try_recv() {
                self.on_written(Some(news))?;
            }
        }
    }

    fn take_in(&mut self, event: Event) -> Result<(), DriveError> {
        let now = self.drive.clock.now();
        if let Some(teller) = &mut self.teller {
            match &event {
                Event::Result(ticket, result) => teller.on_result(*ticket, result, now),
                Event::Token(connection, result) => teller.on_token(*connection, result, now),
                Event::Unledgered(_) | Event::LookAgain(_) => {}
            }
        }
        match event {
            Event::Result(ticket, result) => self.engine.on_result(ticket, result, now),
            Event::Token(connection, result) => self.engine.on_token(connection, result, now),
            Event::Unledgered(error) => return Err(error.into()),
            Event::LookAgain(order) => self.look_again(*order),
        }
        Ok(())
    }

    fn on_written(&mut self, news: Option<Written>) -> Result<(), DriveError> {
        match news {
            Some(Ok(seq)) => {
                self.durable = seq;
                if let Some(teller) = &mut self.teller {
                    teller.on_durable(seq);
                }
                self.engine.on_durable(seq, self.drive.clock.now());
                Ok(())
            }
            Some(Err(why)) => Err(DriveError::Unwritable(why)),
            None => Err(DriveError::Unwritable(JournalError::Damaged("the writing thread broke off".to_owned()))),
        }
    }

    /// Carries out what the engine asks, until it asks nothing more.
    fn carry_out(&mut self) -> Result<(), DriveError> {
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
                    Action::Send(order) => {
                        self.ask_others(&order, &mut asked);
                        self.send_once(order)?;
                    }
                    Action::FetchToken(connection) => self.fetch_token(connection),
                    Action::TakeTurn { budget, wanted } => self.take_turn(budget, wanted)?,
                    Action::NeedRows(count) => self.bring_rows(count)?,
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
        Ok(())
    }

    /// What the engine tells besides its facts; requests are told when they are handed over.
    fn hear(&mut self) -> Vec<Tiding> {
        let Some(teller) = &mut self.teller else { return Vec::new() };
        teller.expect(self.engine.take_tidings(self.drive.clock.now()))
    }

    /// Reads what other runs have made by now, once for all that goes out together: the intents of all of it are on
    /// the disk, so that of two runs that ask at one time at least one finds the other's.
    fn ask_others(&mut self, order: &Order, asked: &mut bool) {
        if let Some(past) = self.drive.past.as_mut().filter(|_| order.effect.is_some() && !*asked) {
            past.refresh();
            *asked = true;
        }
    }

    /// Sends an order, unless another run has made the same or is about to.
    fn send_once(&mut self, order: Order) -> Result<(), DriveError> {
        let result = match self.past_of(&order) {
            Standing::Taken(result) => Some(result),
            Standing::Awaited => {
                self.look_again_soon(order);
                return Ok(());
            }
            Standing::Free => self.used_up(order.budget)?,
        };
        match result {
            Some(result) => self.answer(order.ticket, result),
            None => self.send(order),
        }
        Ok(())
    }

    /// What the other runs say of an order's effect.
    fn past_of(&mut self, order: &Order) -> Standing {
        let now = self.drive.clock.now();
        let (Some(past), Some(effect)) = (self.drive.past.as_mut(), order.effect) else { return Standing::Free };
        let claim = past.claim(&effect);
        if !matches!(claim, Some((Claim::Wait, _))) {
            self.awaited.remove(&effect);
        }
        match claim {
            None => Standing::Free,
            Some((Claim::DoneBefore, MadeBefore { run, state })) => {
                Standing::Taken(CallResult::DoneBefore { run, state })
            }
            Some((Claim::GiveWay, before)) => Standing::Taken(CallResult::LeftTo(before.run)),
            Some((Claim::Wait, before)) => {
                let since = *self.awaited.entry(effect).or_insert(now);
                // A process that neither goes on nor ends holds nobody up for ever.
                match now.since(since) > order.timeout.saturating_mul(PATIENCE) {
                    true => Standing::Taken(CallResult::LeftTo(before.run)),
                    false => Standing::Awaited,
                }
            }
        }
    }

    /// An order that another run has in hand is looked at again soon; until then nothing of it is sent.
    fn look_again_soon(&mut self, order: Order) {
        let clock = self.drive.clock;
        let look = async move {
            pause(LOOK_AGAIN, &clock).await;
            Event::LookAgain(Box::new(order))
        };
        self.calls.push(look.boxed());
    }

    /// Looks at an order again that another run had in hand. One that may go now takes a new slot first, and is looked at
    /// once more when that has come.
    fn look_again(&mut self, order: Order) {
        let stopping = self.engine.stop_reason().is_some();
        if let Some(past) = self.drive.past.as_mut().filter(|_| !stopping) {
            past.refresh();
        }
        match if stopping { Standing::Free } else { self.past_of(&order) } {
            Standing::Taken(result) => self.answer(order.ticket, result),
            Standing::Awaited => self.look_again_soon(order),
            Standing::Free => {
                if let Some(teller) = &mut self.teller {
                    teller.on_postponed(order.ticket);
                }
                self.engine.on_postponed(order.ticket, self.drive.clock.now());
            }
        }
    }

    /// Answers an order that was not handed over.
    fn answer(&mut self, ticket: u64, result: CallResult) {
        let now = self.drive.clock.now();
        if let Some(teller) = &mut self.teller {
            teller.on_result(ticket, &result, now);
        }
        self.engine.on_result(ticket, result, now);
    }

    /// Counts a call for its daily quotas; which of them is used up.
    fn used_up(&self, budget: usize) -> Result<Option<CallResult>, DriveError> {
        let Some(ledger) = &self.drive.ledger else { return Ok(None) };
        let now = self.drive.clock.now();
        for QuotaPlan { key, what, calls, quota } in &self.drive.plan.budgets[budget].quotas {
            if !ledger.count(key, &quota.day(now), *calls)? {
                let what = format!("the {calls} {what} that a day has are used up");
                return Ok(Some(CallResult::QuotaUsedUp { what, until: quota.resets_at(now) }));
            }
        }
        Ok(None)
    }

    fn send(&mut self, order: Order) {
        let vendor = self.drive.vendors[order.connection].clone();
        let at = self.drive.clock.now();
        if let Some(teller) = &mut self.teller {
            teller.on_sent(order.ticket, at);
        }
        let way_out = self.stage.as_ref().map(|stage| stage.way_out(&order, self.engine.asked_by(order.ticket), at));
        self.calls.push(async move { Event::Result(order.ticket, vendor.send(&order, way_out, at).await) }.boxed());
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

    fn take_turn(&mut self, budget: usize, wanted: TurnWanted) -> Result<(), DriveError> {
        let (clock, key) = (&self.drive.clock, &self.drive.plan.budgets[budget].key);
        let Some(ledger) = &self.drive.ledger else { return Ok(()) };
        let turn = ledger.take_turn(key, wanted, clock)?;
        self.engine.on_turn(budget, turn, clock.now());
        Ok(())
    }

    fn bring_rows(&mut self, count: usize) -> Result<(), DriveError> {
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
            self.progress_at = now;
            *self.drive.progress.lock().unwrap_or_else(PoisonError::into_inner) = self.engine.progress();
            if let Some(teller) = &mut self.teller {
                teller.on_progress(|| self.engine.progress(), self.done && self.durable >= self.last_appended, now);
            }
        }
        due
    }
}
