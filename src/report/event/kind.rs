//! The kinds of events and their members.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::place::{CallPlace, RowPlace};
use crate::journal::OperationCounts;
use crate::model::{Disposition, Repeat, RowOutcome, RunId, StepOutcome, Value};
use crate::policy::{LookupVerdict, WaitReason};
use crate::report::steering::SteeringEntry;
use crate::report::summary::{RowCounts, Stop, Summary};

/// The verb that drives the run.
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

/// The result of an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "AttemptEndKind")]
#[serde(rename_all = "snake_case")]
pub enum AttemptEndKind {
    /// It was answered; `disposition` says what the answer means
    Answered,
    /// It was sent, and no answer came
    Lost,
    /// It provably did not reach the vendor
    NotSent,
    /// A lookup gave a verdict; `verdict` says which
    LookedUp,
    /// A lookup gave no verdict
    LookupFailed,
    /// It was not sent: the request could not be made, was too late, was withheld, or was made before; the code says
    /// which
    NotMade,
}

/// What happened.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum EventKind {
    /// A process begins to drive a run, or to settle its unknown calls
    RunStarted {
        /// The verb
        verb: Verb,
        /// The playbook's name
        playbook: String,
        /// The environment
        environment: String,
        /// Whether the vendors are simulators, so that nothing reaches a real vendor
        sandbox: bool,
        /// The settings file that says where calls go; absent for the sandbox
        #[serde(skip_serializing_if = "Option::is_none")]
        settings: Option<String>,
        /// The connections that send, with their hosts; absent for the sandbox
        #[serde(skip_serializing_if = "Option::is_none")]
        hosts: Option<BTreeMap<String, String>>,
        /// The number of rows
        rows: u64,
        /// The number of rows that had finished before
        ended: u64,
        /// The run whose missing work it does; absent unless it is a retry
        #[serde(skip_serializing_if = "Option::is_none")]
        retry_of: Option<RunId>,
        /// The run that it undoes; absent unless it is an undo
        #[serde(skip_serializing_if = "Option::is_none")]
        undo_of: Option<RunId>,
        /// The run's own limit of concurrent calls
        #[serde(skip_serializing_if = "Option::is_none")]
        in_flight: Option<u32>,
        /// The run's own rate: `10/s`
        #[serde(skip_serializing_if = "Option::is_none")]
        rate: Option<String>,
        /// The program's version
        runsheet: String,
        /// The id of the process
        process: u32,
    },
    /// Work on a row begins
    RowStarted {
        /// The row
        #[serde(flatten)]
        of: RowPlace,
        /// Whether part of it was done before, by an earlier process or an earlier run
        resumed: bool,
    },
    /// A request is sent
    Sent {
        /// The call
        #[serde(flatten)]
        call: CallPlace,
        /// The operation that is sent, if it is the call's lookup
        #[serde(skip_serializing_if = "Option::is_none")]
        lookup: Option<String>,
        /// Which send of the call, from 1, lookups included
        attempt: u32,
        /// Whether it changes something
        write: bool,
        /// What may follow a lost answer
        repeat: Repeat,
        /// The natural key of the effect, if the operation has one
        #[serde(skip_serializing_if = "Option::is_none")]
        natural_key: Option<String>,
        /// The number of rows that one lookup asks about, if more than one; each has its own event
        #[serde(skip_serializing_if = "Option::is_none")]
        together: Option<u64>,
    },
    /// An attempt has ended, and its result is on disk
    AttemptEnded {
        /// The call
        #[serde(flatten)]
        call: CallPlace,
        /// The result
        came: AttemptEndKind,
        /// The meaning of the answer, from the provider's tables
        #[serde(skip_serializing_if = "Option::is_none")]
        disposition: Option<Disposition>,
        /// The verdict of a lookup
        #[serde(skip_serializing_if = "Option::is_none")]
        verdict: Option<LookupVerdict>,
        /// How the call ended; absent if it will be sent again or looked up
        #[serde(skip_serializing_if = "Option::is_none")]
        outcome: Option<StepOutcome>,
        /// The vendor's code, or runsheet's
        #[serde(skip_serializing_if = "Option::is_none")]
        code: Option<String>,
        /// The vendor's message, or runsheet's
        #[serde(skip_serializing_if = "Option::is_none")]
        message: Option<String>,
        /// The vendor's id of the request
        #[serde(skip_serializing_if = "Option::is_none")]
        request_id: Option<String>,
        /// The HTTP status
        #[serde(skip_serializing_if = "Option::is_none")]
        http_status: Option<u16>,
        /// The time from sending to the result, in milliseconds
        #[serde(skip_serializing_if = "Option::is_none")]
        duration_ms: Option<u64>,
    },
    /// Something is waiting
    Waiting {
        /// What it waits for
        reason: WaitReason,
        /// The end of the wait, RFC 3339
        until: String,
        /// The row, if a single row waits
        #[serde(skip_serializing_if = "Option::is_none")]
        row: Option<u64>,
        /// The row's key, if a single row waits
        #[serde(skip_serializing_if = "Option::is_none")]
        key: Option<String>,
        /// The operation whose rate is the reason
        #[serde(skip_serializing_if = "Option::is_none")]
        operation: Option<String>,
        /// The number of waiting calls, if there are several
        #[serde(skip_serializing_if = "Option::is_none")]
        calls: Option<u64>,
    },
    /// The current rate of an operation has changed: lowered after a throttled answer, or raised again after
    /// successes
    LimitChanged {
        /// The connection
        connection: String,
        /// The operation
        operation: String,
        /// The configured rate
        rate: String,
        /// The share of it that applies now, from 0 to 1
        share: f64,
        /// The end of a pause of all its calls
        #[serde(skip_serializing_if = "Option::is_none")]
        paused_until: Option<String>,
    },
    /// The rows of a wave begin
    WaveStarted {
        /// The number of the wave, from 1
        wave: u64,
        /// The number of waves
        waves: u64,
    },
    /// A token was fetched
    LoggedIn {
        /// The connection
        connection: String,
    },
    /// A token could not be fetched
    LoginFailed {
        /// The connection
        connection: String,
        /// `refused` stops the run; otherwise the login is tried again
        disposition: Disposition,
        /// The vendor's code, or runsheet's
        code: String,
        /// The message
        message: String,
    },
    /// A step of a row has ended
    StepEnded {
        /// The row
        #[serde(flatten)]
        of: RowPlace,
        /// The step's id
        step: String,
        /// How it ended
        outcome: StepOutcome,
        /// The reason, if no answer gives it
        #[serde(skip_serializing_if = "Option::is_none")]
        code: Option<String>,
        /// The reason as a sentence
        #[serde(skip_serializing_if = "Option::is_none")]
        message: Option<String>,
    },
    /// The rollback of a row begins
    RollbackStarted {
        /// The row
        #[serde(flatten)]
        of: RowPlace,
    },
    /// A person settled an unknown call
    Settled {
        /// The call
        #[serde(flatten)]
        call: CallPlace,
        /// `succeeded` if it took effect, `failed` if it did not
        outcome: StepOutcome,
        /// The person and the reason
        message: String,
    },
    /// A row has finished
    RowEnded {
        /// The row
        #[serde(flatten)]
        of: RowPlace,
        /// How it finished
        outcome: RowOutcome,
        /// The step that decided the outcome
        #[serde(skip_serializing_if = "Option::is_none")]
        step: Option<String>,
        /// The vendor's code, or runsheet's
        #[serde(skip_serializing_if = "Option::is_none")]
        code: Option<String>,
        /// The reason as a sentence
        #[serde(skip_serializing_if = "Option::is_none")]
        message: Option<String>,
        /// The vendor's id of the request that decided the outcome
        #[serde(skip_serializing_if = "Option::is_none")]
        request_id: Option<String>,
        /// The number of requests for its steps and rollbacks, in all processes; lookups are not counted
        attempts: u64,
    },
    /// The progress of the run, every few seconds
    Counters {
        /// The number of rows, in all and by outcome
        rows: RowCounts,
        /// The number of rows that have begun and not finished
        active: u64,
        /// The number of calls under way
        in_flight: u64,
        /// The calls of this process, by operation
        operations: BTreeMap<String, OperationCounts>,
    },
    /// A warning that is not an outcome
    Warning {
        /// The message
        message: String,
    },
    /// A person steered the run, and that is on disk
    Steered {
        /// The command and the person
        #[serde(flatten)]
        command: SteeringEntry,
    },
    /// Nothing new is started any more: a stop rule applied, or a person asked for it
    Stopping {
        /// The reason
        reason: Stop,
    },
    /// Events that could not be written in time are missing here; the journal has them all
    LeftOut {
        /// The number of missing events
        events: u64,
    },
    /// The run has finished or stopped, and its files are written
    RunEnded {
        /// The summary that `--format json` prints
        summary: Box<Summary>,
    },
    /// The verb ended without a summary: the run did not begin, broke off, or had nothing to do
    RunFailed {
        /// `usage`, `invalid`, `conflict` or `broken`
        outcome: String,
        /// The message
        message: String,
        /// Messages about files
        #[serde(skip_serializing_if = "Option::is_none")]
        diagnostics: Option<Value>,
    },
}
