//! The kinds of events and what belongs to each.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::place::{CallPlace, RowPlace};
use crate::journal::OperationCounts;
use crate::model::{Disposition, Repeat, RowOutcome, RunId, StepOutcome, Value};
use crate::policy::LookupVerdict;
use crate::report::summary::{RowCounts, Stop, Summary};

/// Which verb drives the run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verb {
    /// `run`
    Run,
    /// `resume`
    Resume,
    /// `retry`
    Retry,
    /// `undo`
    Undo,
    /// `resolve`, and the lookups of `retry --only unknown`
    Resolve,
}

/// What something waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum WaitReason {
    /// The back-off after an attempt that is made again
    BackOff,
    /// The vendor said how long to wait
    RetryAfter,
    /// The time until a lookup can be trusted, and between lookups
    Settling,
    /// The time between two reads of `until`
    Until,
    /// The rate of an operation; told where it is a second or more
    Limit,
    /// The send window
    Window,
}

/// What came of an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "AttemptEndKind")]
#[serde(rename_all = "snake_case")]
pub enum AttemptEndKind {
    /// An answer; `disposition` says what it means
    Answered,
    /// It was sent, and no answer came
    Lost,
    /// It provably never reached the vendor
    NotSent,
    /// A lookup told; `verdict` says what
    LookedUp,
    /// A lookup brought no verdict
    LookupFailed,
    /// It was not sent: the request could not be made, came too late, was withheld, or was made before; the code says which
    NotMade,
}

/// What happened.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum EventKind {
    /// A process begins to drive a run, or to settle what is unknown of it
    RunStarted {
        /// The verb
        verb: Verb,
        /// The playbook's name
        playbook: String,
        /// The environment
        environment: String,
        /// Whether the vendors are simulators, so that nothing reaches anybody
        sandbox: bool,
        /// The settings file that says where calls go
        #[serde(skip_serializing_if = "Option::is_none")]
        settings: Option<String>,
        /// Each connection over which something is sent, with its host; absent for the sandbox
        #[serde(skip_serializing_if = "Option::is_none")]
        hosts: Option<BTreeMap<String, String>>,
        /// Rows in all
        rows: u64,
        /// Rows that ended before
        ended: u64,
        /// The run whose missing work it does
        #[serde(skip_serializing_if = "Option::is_none")]
        retry_of: Option<RunId>,
        /// The run that it takes back
        #[serde(skip_serializing_if = "Option::is_none")]
        undo_of: Option<RunId>,
        /// The run's own limit of calls at once
        #[serde(skip_serializing_if = "Option::is_none")]
        in_flight: Option<u32>,
        /// The run's own rate: `10/s`
        #[serde(skip_serializing_if = "Option::is_none")]
        rate: Option<String>,
        /// The program's version
        runsheet: String,
        /// The process's number
        process: u32,
    },
    /// A row is taken up
    RowStarted {
        /// The row
        #[serde(flatten)]
        of: RowPlace,
        /// Whether something of it was done before, by an earlier process or an earlier run
        resumed: bool,
    },
    /// A request is handed to the network
    Sent {
        /// The call
        #[serde(flatten)]
        call: CallPlace,
        /// The operation that is sent, where it is the call's lookup
        #[serde(skip_serializing_if = "Option::is_none")]
        lookup: Option<String>,
        /// Which send of the call, from 1, lookups included
        attempt: u32,
        /// Whether it changes something
        write: bool,
        /// What may follow an answer that never comes
        repeat: Repeat,
        /// What must not be made twice, where the operation says so
        #[serde(skip_serializing_if = "Option::is_none")]
        natural_key: Option<String>,
        /// The rows that one lookup asks about, where that is more than one; each has its own event
        #[serde(skip_serializing_if = "Option::is_none")]
        together: Option<u64>,
    },
    /// An attempt has ended; its end is on the disk
    AttemptEnded {
        /// The call
        #[serde(flatten)]
        call: CallPlace,
        /// What came
        came: AttemptEndKind,
        /// What the answer means, by the provider's table
        #[serde(skip_serializing_if = "Option::is_none")]
        disposition: Option<Disposition>,
        /// What the lookup told
        #[serde(skip_serializing_if = "Option::is_none")]
        verdict: Option<LookupVerdict>,
        /// How the call ended; absent while it is to be sent again or looked up
        #[serde(skip_serializing_if = "Option::is_none")]
        outcome: Option<StepOutcome>,
        /// The vendor's code, or ours
        #[serde(skip_serializing_if = "Option::is_none")]
        code: Option<String>,
        /// The vendor's words, or ours
        #[serde(skip_serializing_if = "Option::is_none")]
        message: Option<String>,
        /// The vendor's id of the request
        #[serde(skip_serializing_if = "Option::is_none")]
        request_id: Option<String>,
        /// The HTTP status
        #[serde(skip_serializing_if = "Option::is_none")]
        http_status: Option<u16>,
        /// From handing it to the network until what came, in milliseconds
        #[serde(skip_serializing_if = "Option::is_none")]
        duration_ms: Option<u64>,
    },
    /// Something waits
    Waiting {
        /// For what
        reason: WaitReason,
        /// Until when; RFC 3339
        until: String,
        /// The row, of one that waits alone
        #[serde(skip_serializing_if = "Option::is_none")]
        row: Option<u64>,
        /// The row's key, likewise
        #[serde(skip_serializing_if = "Option::is_none")]
        key: Option<String>,
        /// The operation whose rate it is
        #[serde(skip_serializing_if = "Option::is_none")]
        operation: Option<String>,
        /// The calls that wait, of several
        #[serde(skip_serializing_if = "Option::is_none")]
        calls: Option<u64>,
    },
    /// The rate in force of an operation has changed: lowered by a throttled answer, or raised again by success
    LimitChanged {
        /// The connection
        connection: String,
        /// The operation
        operation: String,
        /// The configured rate
        rate: String,
        /// The share of it in force, from 0 to 1
        share: f64,
        /// Until when nothing of it is sent
        #[serde(skip_serializing_if = "Option::is_none")]
        paused_until: Option<String>,
    },
    /// The rows of a wave are begun
    WaveStarted {
        /// Which, from 1
        wave: u64,
        /// Of how many
        waves: u64,
    },
    /// A token was fetched
    LoggedIn {
        /// The connection
        connection: String,
    },
    /// No token could be had
    LoginFailed {
        /// The connection
        connection: String,
        /// `refused` stops the run; else it is tried again
        disposition: Disposition,
        /// The vendor's code, or ours
        code: String,
        /// In words
        message: String,
    },
    /// A step of a row has ended
    StepEnded {
        /// The row
        #[serde(flatten)]
        of: RowPlace,
        /// The step's id
        step: String,
        /// How
        outcome: StepOutcome,
        /// Why, where no answer says it
        #[serde(skip_serializing_if = "Option::is_none")]
        code: Option<String>,
        /// Why, in words
        #[serde(skip_serializing_if = "Option::is_none")]
        message: Option<String>,
    },
    /// What a row did is being taken back
    RollbackStarted {
        /// The row
        #[serde(flatten)]
        of: RowPlace,
    },
    /// A person told what became of a call that was unknown
    Settled {
        /// The call
        #[serde(flatten)]
        call: CallPlace,
        /// `succeeded` where it took effect, `failed` where it did not
        outcome: StepOutcome,
        /// Who said so, and why
        message: String,
    },
    /// A row has ended
    RowEnded {
        /// The row
        #[serde(flatten)]
        of: RowPlace,
        /// How
        outcome: RowOutcome,
        /// The step that decided it
        #[serde(skip_serializing_if = "Option::is_none")]
        step: Option<String>,
        /// The vendor's code, or ours
        #[serde(skip_serializing_if = "Option::is_none")]
        code: Option<String>,
        /// Why, in words
        #[serde(skip_serializing_if = "Option::is_none")]
        message: Option<String>,
        /// The vendor's id of the deciding request
        #[serde(skip_serializing_if = "Option::is_none")]
        request_id: Option<String>,
        /// Requests sent for its steps and rollbacks, in all processes; lookups are not counted
        attempts: u64,
    },
    /// Where the run is; every few seconds
    Counters {
        /// Rows, and how many ended how
        rows: RowCounts,
        /// Rows that were begun and have not ended
        active: u64,
        /// Calls on the wire
        in_flight: u64,
        /// What this process sent, by operation
        operations: BTreeMap<String, OperationCounts>,
    },
    /// Something to know that is no outcome
    Warning {
        /// In words
        message: String,
    },
    /// Nothing new is started any more: a rule was tripped, or somebody asked for it
    Stopping {
        /// Why
        reason: Stop,
    },
    /// Events that could not be written in time and are missing; the journal has all of it
    LeftOut {
        /// How many
        events: u64,
    },
    /// The run has ended or stopped, and its files are written
    RunEnded {
        /// What `--format json` prints
        summary: Box<Summary>,
    },
    /// The verb ended without a summary: the run did not begin, broke off, or there was nothing to do
    RunFailed {
        /// `usage`, `invalid`, `conflict` or `broken`
        outcome: String,
        /// In words
        message: String,
        /// Messages about files
        #[serde(skip_serializing_if = "Option::is_none")]
        diagnostics: Option<Value>,
    },
}
