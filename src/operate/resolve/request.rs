//! The request and the report of `resolve`.

use std::path::PathBuf;

use crate::model::{Phase, RunId, StepScope, Time};
use crate::operate::stored_run::{OpenRun, UnknownCall};

/// How unknown calls of a run are settled.
#[derive(Debug, Clone)]
pub struct ResolveRequest {
    /// The run: its id, a unique prefix of it, or `latest`.
    pub run: String,
    /// How their outcome is found out.
    pub by: SettledBy,
}

impl ResolveRequest {
    /// A request that looks up every unknown call of a run.
    #[must_use]
    pub fn new(run: impl Into<String>) -> Self {
        Self { run: run.into(), by: SettledBy::Lookups(Default::default()) }
    }
}

/// How the outcome of unknown calls is found out.
#[derive(Debug, Clone)]
pub enum SettledBy {
    /// Lookups at the vendor.
    Lookups(CallFilter),
    /// The statement of a person about one call.
    Word {
        /// The call; a filter that matches several calls is refused.
        call: CallFilter,
        /// Its outcome.
        settled: SettleAs,
        /// The outputs that later steps need, by name.
        outputs: Vec<(String, String)>,
        /// Why, for the record.
        note: Option<String>,
    },
    /// A row file of unknown rows that a person filled in.
    File(PathBuf),
}

/// Selects unknown calls; all of them where neither field is set.
#[derive(Debug, Clone, Default)]
pub struct CallFilter {
    /// Those of the row with this key.
    pub key: Option<String>,
    /// Those of the step with this id.
    pub step: Option<String>,
}

/// The outcome that a person states.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SettleAs {
    /// It took effect.
    Done,
    /// Nothing took effect.
    Failed,
}

/// What was settled, and what is still unknown.
#[derive(Debug, Clone)]
pub struct ResolveReport {
    /// The run.
    pub run: RunId,
    /// The calls that were looked up or stated, each with its outcome.
    pub settled: Vec<SettledCall>,
    /// The calls that are still unknown.
    pub unknown: Vec<CallInDoubt>,
    /// Why the lookups stopped before their end, with sensitive values masked; `None` where they did not.
    pub stopped: Option<String>,
    /// The number of rows that can continue now.
    pub open_rows: u64,
    /// Those of them that were unknown and are settled.
    pub settled_rows: u64,
    /// Those of the settled rows with a call that a person settled as failed.
    pub failed_rows: u64,
    /// Whether the run takes another one back, so that it cannot be retried.
    pub takes_back: bool,
    /// The row file that lists the unknown rows, for a person to fill in.
    pub unknown_file: PathBuf,
    /// A copy of the filled-in file, which was one of the run's own result files; `None` where it was not.
    pub kept_copy: Option<PathBuf>,
}

/// A call with its outcome.
#[derive(Debug, Clone)]
pub struct SettledCall {
    /// The call.
    pub call: CallInDoubt,
    /// Its outcome; `None` while it is unknown.
    pub settled: Option<SettleAs>,
    /// The operation of the lookup, or the name of the person.
    pub by: String,
}

/// A call whose outcome is or was unknown.
#[derive(Debug, Clone)]
pub struct CallInDoubt {
    /// The row or list to which the call belongs.
    pub of: CallOwner,
    /// The same as text, with sensitive values masked.
    pub shown: String,
    /// The step's id.
    pub step: String,
    /// The element of `for_each`, from 1; `None` for a step without it.
    pub element: Option<u32>,
    /// Whether it takes the step's effect back.
    pub rollback: bool,
    /// The operation.
    pub operation: String,
    /// When it was sent.
    pub sent_at: Time,
    /// The operation that can look it up; `None` where there is none.
    pub lookup: Option<String>,
    /// The outputs that later steps need once it is settled as done.
    pub outputs: Vec<String>,
    /// The last message about it, with sensitive values masked; `None` where there is none.
    pub message: Option<String>,
}

/// The row or list to which a call belongs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CallOwner {
    /// A row.
    Row {
        /// Its number as a spreadsheet counts.
        number: u64,
        /// Its key, masked where keys are sensitive.
        key: String,
    },
    /// The one row of a playbook without rows.
    OnlyRow {
        /// Its number.
        number: u64,
    },
    /// A list of steps that run once.
    Once {
        /// The name of the list: `before` or `after`.
        list: String,
    },
}

impl CallInDoubt {
    pub(super) fn of(run: &OpenRun, call: &UnknownCall) -> Self {
        let of = match call.scope {
            StepScope::Row(_) if call.key.is_empty() => CallOwner::OnlyRow { number: call.number },
            StepScope::Row(_) => CallOwner::Row { number: call.number, key: run.plan.shown_key(&call.key).to_owned() },
            StepScope::Before | StepScope::After | StepScope::Run => CallOwner::Once { list: call.key.clone() },
        };
        Self {
            of,
            shown: run.shown(call),
            step: call.doubt.step.clone(),
            element: call.doubt.element,
            rollback: call.doubt.call.phase == Phase::Rollback,
            operation: call.doubt.operation.clone(),
            sent_at: call.doubt.since,
            lookup: call.doubt.lookup.clone(),
            outputs: call.wanted(),
            message: call.doubt.message.clone(),
        }
    }
}
