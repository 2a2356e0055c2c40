//! What the engine asks of its driver, and what the driver tells it.

use std::sync::Arc;
use std::time::Duration;

use crate::journal::{CallRef, JournalEntry};
use crate::model::{Disposition, EffectKey, Map, StepScope, Time};
use crate::policy::LeaseRequest;
use crate::provider::{Operation, Prepared};

/// Something the driver is to do.
#[derive(Debug, Clone)]
pub enum Action {
    /// Write an entry; tell [`super::Engine::on_durable`] once it is on the disk.
    Append(JournalEntry),
    /// Authenticate and send; tell [`super::Engine::on_result`].
    Send(Order),
    /// Get a token for a connection; tell [`super::Engine::on_token`].
    FetchToken(usize),
    /// Take a turn of a budget that other processes use too; tell [`super::Engine::on_turn`].
    TakeTurn {
        /// The budget's place in the plan.
        budget: usize,
        /// Which turn.
        wanted: LeaseRequest,
    },
    /// Bring so many more rows; tell [`super::Engine::on_rows`].
    NeedRows(usize),
    /// Call [`super::Engine::on_time`] then, if nothing happens before.
    WakeAt(Time),
    /// Nothing is left to do.
    Done,
}

/// A request to be sent.
#[derive(Debug, Clone)]
pub struct Order {
    /// Names the order in the answer.
    pub ticket: u64,
    /// The connection's place in the plan.
    pub connection: usize,
    /// The budget's place in the plan.
    pub budget: usize,
    /// The operation.
    pub operation: Arc<Operation>,
    /// The connection's settings under the step's own.
    pub settings: Arc<Map>,
    /// The request before authentication.
    pub prepared: Arc<Prepared>,
    /// How long it may take.
    pub timeout: Duration,
    /// Whether it changes something.
    #[cfg_attr(not(feature = "internals"), allow(dead_code))]
    pub write: bool,
    /// Whether it must not be repeated when its answer is lost.
    pub once: bool,
    /// What must not be sent where another run made it before: [`crate::engine::CallResult::DoneBefore`].
    pub effect: Option<EffectKey>,
}

/// A call that an order is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AskedBy {
    /// Whose call it is.
    pub whose: StepScope,
    /// Which of theirs.
    pub call: CallRef,
    /// Whether the order asks what became of it.
    pub lookup: bool,
}

/// What became of a token's fetching.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TokenResult {
    /// It is there, until then, as far as is known.
    Ready {
        /// When a new one is to be had, ahead of its end.
        renew_at: Option<Time>,
    },
    /// It could not be had.
    Failed {
        /// [`Disposition::Refused`] stops the run; anything else is tried again.
        disposition: Disposition,
        /// The vendor's code, or ours.
        code: String,
        /// In words.
        message: String,
        /// What to do about it, where that is known.
        advice: Option<String>,
    },
    /// The login is redirected elsewhere, which is the same for every call.
    Redirected {
        /// The HTTP status.
        code: String,
        /// Where it leads, and what to correct.
        message: String,
    },
    /// Who answered could not be trusted, which is the same for every call.
    Untrusted {
        /// In words.
        message: String,
    },
}
