//! What `resolve` is asked to do, and what it found.

use std::path::PathBuf;

use crate::model::{Phase, RunId, StepScope, Time};
use crate::operate::stored_run::{OpenRun, UnknownCall};

/// How unknown calls of a run are settled.
#[derive(Debug, Clone)]
pub struct ResolveRequest {
    /// The run: its id, a unique prefix of it, or `latest`.
    pub run: String,
    /// What tells what became of the calls.
    pub by: SettledBy,
}

impl ResolveRequest {
    /// Lookups of every unknown call of a run.
    #[must_use]
    pub fn new(run: impl Into<String>) -> Self {
        Self { run: run.into(), by: SettledBy::Lookups(Default::default()) }
    }
}

/// What tells what became of unknown calls.
#[derive(Debug, Clone)]
pub enum SettledBy {
    /// Lookups at the vendor.
    Lookups(WhichCalls),
    /// A person's word on one call.
    Word {
        /// The call; several are refused.
        call: WhichCalls,
        /// What became of it.
        settled: SettleAs,
        /// The outputs that later steps need, by name.
        outputs: Vec<(String, String)>,
        /// Why, for the record.
        note: Option<String>,
    },
    /// A row file of unknown rows that a person filled in.
    File(PathBuf),
}

/// Which unknown calls are meant; all where neither is given.
#[derive(Debug, Clone, Default)]
pub struct WhichCalls {
    /// Those of the row with this key.
    pub key: Option<String>,
    /// Those of the step with this id.
    pub step: Option<String>,
}

/// How a person settles a call.
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
    /// The calls that were looked up or that a person spoke of, with what became of each.
    pub settled: Vec<SettledCall>,
    /// The calls that are still unknown.
    pub unknown: Vec<CallInDoubt>,
    /// Why the lookups stopped before their end, with sensitive values masked; `None` where they did not.
    pub stopped: Option<String>,
    /// How many rows can go on now.
    pub open_rows: u64,
    /// The row file that lists the unknown rows, to be filled in.
    pub unknown_file: PathBuf,
}

/// A call and what became of it.
#[derive(Debug, Clone)]
pub struct SettledCall {
    /// The call.
    pub call: CallInDoubt,
    /// What became of it; `None` where that is still unknown.
    pub settled: Option<SettleAs>,
    /// Who told: the lookup's operation, or a person.
    pub by: String,
}

/// A call whose outcome is or was unknown.
#[derive(Debug, Clone)]
pub struct CallInDoubt {
    /// Whose call it is.
    pub of: CallOf,
    /// The same in words, with sensitive values masked.
    pub shown: String,
    /// The step's id.
    pub step: String,
    /// The element of a list that it is for, from 1.
    pub element: Option<u32>,
    /// Whether it takes the step's effect back.
    pub rollback: bool,
    /// The operation.
    pub operation: String,
    /// When it was sent.
    pub sent_at: Time,
    /// The read that can tell what became of it.
    pub lookup: Option<String>,
    /// The outputs that later steps need, where it is settled as done.
    pub outputs: Vec<String>,
    /// What is known of it, with sensitive values masked.
    pub message: Option<String>,
}

/// Whose call it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CallOf {
    /// A row's.
    Row {
        /// The row's number as a spreadsheet counts.
        number: u64,
        /// Its key, masked where keys are sensitive.
        key: String,
    },
    /// That of the one row of a playbook without rows.
    OnlyRow {
        /// Its number.
        number: u64,
    },
    /// A step's that runs once.
    Once {
        /// The list that the step stands in: `before` or `after`.
        list: String,
    },
}

impl CallInDoubt {
    pub(super) fn of(run: &OpenRun, call: &UnknownCall) -> Self {
        let of = match call.scope {
            StepScope::Row(_) if call.key.is_empty() => CallOf::OnlyRow { number: call.number },
            StepScope::Row(_) => CallOf::Row { number: call.number, key: run.plan.shown_key(&call.key).to_owned() },
            StepScope::Before | StepScope::After | StepScope::Run => CallOf::Once { list: call.key.clone() },
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
