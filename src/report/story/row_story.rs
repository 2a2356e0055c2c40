//! The story of one row as data. It is what `why --format json` prints.

use schemars::JsonSchema;
use serde::Serialize;

use super::moment::Moment;
use super::shown_value::ShownValue;
use crate::model::{RowOutcome, RunId, StepOutcome};
use crate::report::next_steps::NextStep;
use crate::report::run_record::RunKind;

/// The version of the format. Members may be added within a version; none is removed or changed.
pub const STORY_VERSION: u32 = 1;

/// The story of one row, or of the steps that run once before or after the rows: as text by [`Story::render_text`], as JSON
/// by serde. `runsheet schema story` describes the JSON.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Story {
    /// The version of the format: 1. Further members may be added within a version
    pub version: u32,
    /// The run
    pub(crate) run: StoryRun,
    /// The row
    pub(crate) row: StoryRow,
    /// How it stands
    pub(crate) state: StoryState,
    /// The steps of the playbook, in their order
    pub(crate) steps: Vec<StoryStep>,
    /// What happened, in order
    pub(crate) timeline: Vec<Moment>,
    /// The number of moments that are left out in the middle of the timeline
    pub left_out: u64,
    /// What other runs did with the row, the earliest run first
    pub(crate) elsewhere: Vec<StoryElsewhere>,
    /// What to do next; empty if nothing is left to do
    pub next: Vec<NextStep>,
    /// What limits this story, such as a damaged journal
    pub notes: Vec<String>,
}

/// What this project's own tests look at.
#[cfg(feature = "internals")]
impl Story {
    /// The row.
    #[must_use]
    pub fn row(&self) -> &StoryRow {
        &self.row
    }

    /// How the row stands.
    #[must_use]
    pub fn state(&self) -> &StoryState {
        &self.state
    }

    /// What happened, in order.
    #[must_use]
    pub fn timeline(&self) -> &[Moment] {
        &self.timeline
    }

    /// What other runs did with the row.
    #[must_use]
    pub fn elsewhere(&self) -> &[StoryElsewhere] {
        &self.elsewhere
    }

    /// The same story without what other runs did.
    #[must_use]
    pub fn without_elsewhere(&self) -> Self {
        Self { elsewhere: Vec::new(), ..self.clone() }
    }
}

/// The run that the story is about.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct StoryRun {
    /// Its id
    pub run_id: RunId,
    /// Its kind
    pub kind: RunKind,
    /// The earlier run that it retries or undoes
    #[serde(skip_serializing_if = "Option::is_none")]
    pub of: Option<RunId>,
    /// The playbook
    pub playbook: String,
    /// The environment
    pub environment: String,
    /// When it was started: RFC 3339 in UTC
    pub started_at: String,
    /// `running`, `broken off`, or how it ended
    pub state: String,
}

/// The row that the story is about.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct StoryRow {
    /// `row`, or `before` or `after` for the steps that run once
    pub scope: String,
    /// Its number as in a spreadsheet, where the header is 1
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<u64>,
    /// Its key, masked if it is sensitive; absent if the playbook has no rows
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// The row file
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// Its cells by column, sensitive ones masked
    pub cells: Vec<StoryCell>,
    /// Why it is invalid and was not run
    #[serde(skip_serializing_if = "Option::is_none")]
    pub invalid: Option<String>,
}

/// A named value: a cell, an output or a result.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct StoryCell {
    /// Its name
    pub name: String,
    /// The value
    #[serde(flatten)]
    pub value: ShownValue,
}

/// Whether a row has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RowStanding {
    /// It has ended
    Ended,
    /// A process is working on it
    UnderWay,
    /// It has begun, and no process is working on it
    Open,
    /// Nothing of it has begun
    NotStarted,
    /// It goes on in a later run
    WentOn,
    /// The journal is damaged: only the outcome is known, as far as it is proven
    Damaged,
}

/// How a row stands.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct StoryState {
    /// Whether it has ended
    pub standing: RowStanding,
    /// Its outcome, as the row files have it
    pub outcome: RowOutcome,
    /// The step that decided the outcome
    #[serde(skip_serializing_if = "Option::is_none")]
    pub step: Option<String>,
    /// The vendor's code, or runsheet's
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// The reason as a sentence
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// The vendor's id of the request that decided the outcome
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// The number of requests for its steps and rollbacks; lookups are not counted
    pub attempts: u64,
    /// The playbook's `results`
    pub results: Vec<StoryCell>,
}

/// A step of the playbook.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct StoryStep {
    /// Its id
    pub id: String,
    /// Its operation
    pub operation: String,
    /// The operation that takes it back
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rollback: Option<String>,
    /// How it ended; absent if it has not ended
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<StepOutcome>,
    /// The playbook
    pub file: String,
    /// The number of its first line in the playbook, from 1
    pub line: usize,
    /// Its lines in the playbook, as the run froze them
    pub lines: Vec<String>,
}

/// What another run did with the row.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct StoryElsewhere {
    /// The run
    pub run_id: RunId,
    /// Its kind
    pub kind: RunKind,
    /// The run that it retries or undoes
    #[serde(skip_serializing_if = "Option::is_none")]
    pub of: Option<RunId>,
    /// Whether it came after the run of this story
    pub later: bool,
    /// When the run was started: RFC 3339 in UTC
    #[serde(skip_serializing_if = "Option::is_none")]
    pub started_at: Option<String>,
    /// When the first fact of the row was recorded there
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// When the last fact of the row was recorded there
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// The row's outcome there; absent if the run cannot be read
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<RowOutcome>,
    /// The step that decided it
    #[serde(skip_serializing_if = "Option::is_none")]
    pub step: Option<String>,
    /// The code
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// Why nothing is known of the row there
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
}
