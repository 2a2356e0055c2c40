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
