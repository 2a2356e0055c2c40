//! Passes calls to the vendors, after it has checked what other runs made and counted the call for daily quotas.

use std::time::Duration;

use futures_util::future::FutureExt;

use super::delay::delay;
use super::drive::DriveError;
use super::driver_loop::{Driver, DriverEvent};
use super::other_runs::Clearance;
use super::shortages::AfterShortage;
use crate::engine::{CallResult, SendOrder};
use crate::io::LedgerError;
use crate::io::journal::{JournalError, PriorEffect};
use crate::model::{SendError, StepScope};
use crate::plan::QuotaPlan;
use crate::policy::{LeaseRequest, WaitReason};

/// Time between two looks at a call that another run has under way.
const LOOK_AGAIN: Duration = Duration::from_millis(20);

impl Driver {
    /// Sends a call, unless another run has made the same effect or is about to. What other runs have made by now is read
    /// once for all calls that are sent together; `refreshed` says whether it was. Their intents are on disk already, so of
    /// two runs that ask at the same time, at least one finds the other's intent.
    pub(super) fn send_if_clear(&mut self, order: SendOrder, refreshed: &mut bool) {
        let result = match self.refresh_history(&order, refreshed).and_then(|()| self.clearance_of(&order)) {
            Ok(Clearance::Taken(result)) => Ok(Some(result)),
            Ok(Clearance::Wait) => return self.look_again_soon(order),
            Ok(Clearance::Free) => self.used_up(order.bucket).map_err(DriveError::from),
            Err(DriveError::OtherRuns(error)) if error.is_shortage() => return self.look_when_possible(order, error),
            Err(error) => Err(error),
        };
        let result = match result {
            Ok(result) => result,
            Err(error) => {
                self.break_off(error);
                return self.postpone(order, WaitReason::OtherRun);
            }
        };
        match result {
            Some(result) => self.answer(order.ticket, result),
            None => self.send(order),
        }
    }

    /// Passes the result of a call that was not sent to the engine.
    fn answer(&mut self, ticket: u64, result: CallResult) {
        let now = self.drive.clock.now();
        if let Some(reporter) = &mut self.reporter {
            reporter.on_result(ticket, &result, now);
        }
        self.engine.on_result(ticket, result, now);
    }

    /// Counts a call for its daily quotas. `Some` with the result of the call if one of them is used up.
    fn used_up(&self, bucket: usize) -> Result<Option<CallResult>, LedgerError> {
        let Some(ledger) = &self.drive.ledger else { return Ok(None) };
        let now = self.drive.clock.now();
        for QuotaPlan { key, what, calls, quota } in &self.drive.plan.rate_buckets[bucket].quotas {
            if !ledger.count(key, &quota.day(now), *calls)? {
                let what = format!("the daily quota of {calls} {what} is used up");
                return Ok(Some(CallResult::QuotaUsedUp { what, until: quota.resets_at(now) }));
            }
        }
        Ok(None)
    }

    fn send(&mut self, order: SendOrder) {
        let vendor = self.drive.vendors[order.connection].clone();
        let at = self.drive.clock.now();
        if let Some(reporter) = &mut self.reporter {
            reporter.on_sent(order.ticket, at);
        }
        let fake_vendors = self.fake_vendors.as_ref();
        let transport = fake_vendors.map(|fake| fake.transport_for(&order, self.engine.asked_by(order.ticket), at));
        let sent = async move {
            let result = vendor.send(&order, transport, at).await;
            if let CallResult::Failed(SendError::Shortage(why)) = result {
                return DriverEvent::Shortage(Box::new(order), why);
            }
            DriverEvent::Result(order.ticket, result)
        };
        self.calls.push(sent.boxed());
    }

    pub(super) fn fetch_token(&mut self, connection: usize) {
        let vendor = self.drive.vendors[connection].clone();
        let (clock, ledger) = (self.drive.clock, self.drive.ledger.clone());
        let fetched = async move {
            match vendor.fetch_token(ledger.as_ref(), clock).await {
                Ok(result) => DriverEvent::Token(connection, result),
                Err(error) => DriverEvent::LedgerFailed(error),
            }
        };
        self.calls.push(fetched.boxed());
    }

    pub(super) fn take_lease(&mut self, bucket: usize, wanted: LeaseRequest) {
        let (clock, key) = (&self.drive.clock, &self.drive.plan.rate_buckets[bucket].key);
        let Some(ledger) = &self.drive.ledger else { return };
        match ledger.take_lease(key, wanted, clock) {
            Ok(lease) => self.engine.on_lease(bucket, lease, clock.now()),
            Err(error) => self.break_off(error.into()),
        }
    }

    /// Passes up to `count` rows that have not ended to the engine, each with its facts.
    pub(super) fn bring_rows(&mut self, count: usize) -> Result<(), JournalError> {
        let rows = self.reader.unfinished_rows(self.cursor, count)?;
        let over = rows.len() < count;
        if let Some(last) = rows.last() {
            self.cursor = last.position + 1;
        }
        let mut brought = Vec::with_capacity(rows.len());
        for row in rows {
            let known = self.last_started.is_some_and(|last| row.position <= last);
            let facts = if known { self.reader.facts(StepScope::Row(row.position))? } else { Vec::new() };
            brought.push((row, facts));
        }
        if let Some(reporter) = &mut self.reporter {
            reporter.on_rows(&brought);
        }
        self.engine.on_rows(brought, over, self.drive.clock.now());
        Ok(())
    }

    /// Does not send a call for now: it takes a new slot, or is withheld if the run stops.
    pub(super) fn postpone(&mut self, order: SendOrder, waited_for: WaitReason) {
        if let Some(reporter) = &mut self.reporter {
            reporter.on_postponed(order.ticket);
        }
        self.engine.on_postponed(order, waited_for, self.drive.clock.now());
    }

    /// Reads what other runs have made by now, if the call has an effect and that was not done yet.
    ///
    /// # Errors
    /// [`DriveError::OtherRuns`] if that cannot be read.
    fn refresh_history(&mut self, order: &SendOrder, refreshed: &mut bool) -> Result<(), DriveError> {
        if let Some(history) = self.drive.history.as_mut().filter(|_| order.effect.is_some() && !*refreshed) {
            history.refresh().map_err(DriveError::OtherRuns)?;
            *refreshed = true;
        }
        Ok(())
    }

    /// Whether a call may be sent, given what other runs record about its effect.
    ///
    /// # Errors
    /// [`DriveError::Journal`] if this run's own journal cannot be read; [`DriveError::OtherRuns`] if those of others cannot.
    fn clearance_of(&mut self, order: &SendOrder) -> Result<Clearance, DriveError> {
        let now = self.drive.clock.now();
        let (Some(history), Some(effect)) = (self.drive.history.as_mut(), order.effect) else {
            return Ok(Clearance::Free);
        };
        let claim = history.claim(&effect).map_err(DriveError::OtherRuns)?;
        Ok(match self.awaited.decide(effect, claim, order.timeout, now) {
            Clearance::Free => self.find_listed(order)?.map_or(Clearance::Free, Clearance::made_before),
            decided @ (Clearance::Wait | Clearance::Taken(_)) => decided,
        })
    }

    /// The run without a readable journal that made a call's effect, or may have, according to its list of rows.
    fn find_listed(&self, order: &SendOrder) -> Result<Option<PriorEffect>, JournalError> {
        let history = self.drive.history.as_ref().filter(|history| history.has_listed());
        let Some(history) = history else { return Ok(None) };
        let asked_by = self.engine.asked_by(order.ticket);
        let row = asked_by.iter().find_map(|asked| if let StepScope::Row(at) = asked.whose { Some(at) } else { None });
        let row = row.map(|at| self.reader.row(at)).transpose()?.flatten();
        let key = row.as_ref().map(|row| row.key.as_str());
        Ok(history.find_listed(order.effect.as_ref(), order.operation.full_name(), key))
    }

    /// Looks again soon at a call that another run has under way; it is not sent until then.
    fn look_again_soon(&mut self, order: SendOrder) {
        let clock = self.drive.clock;
        let look = async move {
            delay(LOOK_AGAIN, &clock).await;
            DriverEvent::LookAgain(Box::new(order))
        };
        self.calls.push(look.boxed());
    }

    /// Looks again at a call that another run had under way. If it may be sent now, it takes a new slot first, and is
    /// checked once more when the slot has come.
    pub(super) fn look_again(&mut self, order: SendOrder) {
        if self.engine.stop_reason().is_some() {
            return self.postpone(order, WaitReason::OtherRun);
        }
        match self.refresh_history(&order, &mut false).and_then(|()| self.clearance_of(&order)) {
            Ok(Clearance::Taken(result)) => self.answer(order.ticket, result),
            Ok(Clearance::Wait) => self.look_again_soon(order),
            Ok(Clearance::Free) => self.postpone(order, WaitReason::OtherRun),
            Err(DriveError::OtherRuns(error)) if error.is_shortage() => self.look_when_possible(order, error),
            Err(error) => {
                self.break_off(error);
                self.postpone(order, WaitReason::OtherRun);
            }
        }
    }

    /// Waits with a call for which this machine had no connection. Ends it after many tries.
    pub(super) fn wait_out_shortage(&mut self, order: SendOrder, why: String) {
        match self.shortages.on_shortage(order.prepared.hash()) {
            AfterShortage::GiveUp => self.answer(order.ticket, CallResult::Failed(SendError::NotSent(why))),
            AfterShortage::TryAgainIn(wait) => self.postpone_for(wait, order, &why),
        }
    }

    /// Waits with a call for which this process could not open what other runs have made. The run breaks off after many
    /// tries.
    fn look_when_possible(&mut self, order: SendOrder, error: JournalError) {
        match self.shortages.on_shortage(order.prepared.hash()) {
            AfterShortage::GiveUp => {
                self.break_off(DriveError::OtherRuns(error));
                self.postpone(order, WaitReason::Shortage);
            }
            AfterShortage::TryAgainIn(wait) => self.postpone_for(wait, order, &error.to_string()),
        }
    }

    /// Postpones a call once this time has passed.
    fn postpone_for(&mut self, wait: Duration, order: SendOrder, why: &str) {
        tracing::debug!("a call waits for a moment: {why}");
        let clock = self.drive.clock;
        let wait = async move {
            delay(wait, &clock).await;
            DriverEvent::Postponed(Box::new(order))
        };
        self.calls.push(wait.boxed());
    }
}
