//! What the engine asks its driver to do, and what the driver reports about logins.

use std::sync::Arc;
use std::time::Duration;

use crate::journal::{CallRef, JournalEntry};
use crate::model::{Disposition, EffectKey, Map, StepScope, Time};
use crate::policy::LeaseRequest;
use crate::provider::{Operation, PreparedRequest};

/// Something for the driver to do.
#[derive(Debug, Clone)]
pub enum Action {
    /// Write an entry, and call [`super::Engine::on_durable`] once it is on the disk.
    Append(JournalEntry),
    /// Authenticate and send a request, and call [`super::Engine::on_result`].
    Send(SendOrder),
    /// Get a token for a connection, and call [`super::Engine::on_token`].
    FetchToken(usize),
    /// Ask for a lease of a rate that other processes share, and call [`super::Engine::on_lease`].
    TakeLease {
        /// The index in [`crate::plan::Plan::rate_buckets`].
        bucket: usize,
        /// The lease to ask for.
        wanted: LeaseRequest,
    },
    /// Read this many more rows, and call [`super::Engine::on_rows`].
    NeedRows(usize),
    /// Call [`super::Engine::on_time`] at this instant, if nothing happens before.
    WakeAt(Time),
    /// The run is over, or has stopped.
    Done,
}

/// A request to be sent.
#[derive(Debug, Clone)]
pub struct SendOrder {
    /// Identifies the order when its result is reported.
    pub ticket: u64,
    /// The connection's index in [`crate::plan::Plan::connections`].
    pub connection: usize,
    /// The index in [`crate::plan::Plan::rate_buckets`].
    pub bucket: usize,
    /// The operation.
    pub operation: Arc<Operation>,
    /// The connection's settings, overridden by the step's.
    pub settings: Arc<Map>,
    /// The request before authentication.
    pub prepared: Arc<PreparedRequest>,
    /// How long to wait for the answer.
    pub timeout: Duration,
    /// Whether it changes something.
    #[cfg_attr(not(feature = "internals"), allow(dead_code))]
    pub write: bool,
    /// Whether it must not be sent again when its answer is lost.
    pub once: bool,
    /// The effect that no other run may have made: where one has, the result is
    /// [`crate::engine::CallResult::DoneBefore`].
    pub effect: Option<EffectKey>,
}

/// A call that an order sends or asks about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AskedBy {
    /// The scope whose call it is.
    pub whose: StepScope,
    /// The call within that scope.
    pub call: CallRef,
    /// Whether the order sends the call's lookup.
    pub lookup: bool,
}

/// The result of a login.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TokenResult {
    /// The token is there.
    Ready {
        /// When to fetch the next one, before this one expires; `None` if its expiry is not known.
        renew_at: Option<Time>,
    },
    /// There is no token.
    Failed {
        /// [`Disposition::Refused`] stops the run; the login is tried again after any other.
        disposition: Disposition,
        /// The vendor's code, or runsheet's.
        code: String,
        /// The message.
        message: String,
        /// What to do about it; `None` if unknown.
        advice: Option<String>,
    },
    /// The login is redirected, which is the same for every call.
    Redirected {
        /// The HTTP status.
        code: String,
        /// The new address, and what to correct.
        message: String,
    },
    /// The server's certificate could not be trusted, which is the same for every call.
    Untrusted {
        /// The message.
        message: String,
    },
}
