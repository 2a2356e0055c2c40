//! What the machine lacks is no doubt about any call: nothing new is sent, what was not handed over is known as such,
//! and answers under way are waited for.

use std::time::Duration;

use futures_util::future::FutureExt;

use super::driving::DriveError;
use super::local::{Event, Loop};
use super::pause::pause;
use crate::engine::{CallResult, SendOrder};
use crate::model::SendError;
use crate::policy::StopReason;

/// How long an order waits before it is tried again for which this machine had no connection.
const BETWEEN_TRIES: Duration = Duration::from_millis(100);

/// How often it is tried again; after that the vendor counts as out of reach.
const TRIES: u32 = 600;

impl Loop {
    /// The journal or the ledger fails: the run stops as after a signal, and breaks off once no call is under way.
    pub(super) fn break_off(&mut self, error: DriveError) {
        let what = error.to_string();
        self.broken.get_or_insert(error);
        self.engine.on_stop(StopReason::BrokeOff { what }, self.drive.clock.now());
    }

    /// Whether nothing is left to wait for: all is on the disk, or the writer has to find another place for it.
    pub(super) fn is_over(&self) -> bool {
        self.done && (self.durable >= self.last_appended || self.unwritable)
    }

    /// An order is not handed over for now: it takes a new slot, or is withheld where the run stops.
    pub(super) fn postpone(&mut self, order: SendOrder) {
        if let Some(teller) = &mut self.teller {
            teller.on_postponed(order.ticket);
        }
        self.engine.on_postponed(order, self.drive.clock.now());
    }

    /// An order for which this machine had no connection, as the process may open no more files: nothing of it was sent. It
    /// is tried again once others are closed, which costs it no attempt.
    pub(super) fn wait_out_shortage(&mut self, order: SendOrder, why: String) {
        let tries = self.short.entry(order.prepared.hash()).or_default();
        *tries += 1;
        if *tries > TRIES {
            self.short.clear();
            return self.answer(order.ticket, CallResult::Failed(SendError::NotSent(why)));
        }
        let clock = self.drive.clock;
        let wait = async move {
            pause(BETWEEN_TRIES, &clock).await;
            Event::Postponed(Box::new(order))
        };
        self.calls.push(wait.boxed());
    }
}
