//! Whose event it is: a row, a step, a call; and what came of an attempt.

use schemars::JsonSchema;
use serde::Serialize;

/// A row, or the run's own steps ahead of the rows or after them.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
pub struct RowPlace {
    /// The row's number as a spreadsheet shows it, the header being 1; absent for `before` and `after`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row: Option<u64>,
    /// The row's key, `***` where that is somebody's business only; `before` or `after` for the run's own steps
    pub key: String,
}

/// A call of a row.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
pub struct CallPlace {
    /// Whose.
    #[serde(flatten)]
    pub of: RowPlace,
    /// The step's id
    pub step: String,
    /// The place of the element in `for_each`, from 1
    #[serde(skip_serializing_if = "Option::is_none")]
    pub element: Option<u32>,
    /// Whether it takes the step's effect back
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub rollback: bool,
    /// The step's operation: `provider.operation`
    pub operation: String,
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
