//! The row, step and call that an event is about.

use schemars::JsonSchema;
use serde::Serialize;

/// A row, or the run's own steps before or after the rows.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
pub struct RowPlace {
    /// The row's number as in a spreadsheet, where the header is 1; absent for `before` and `after`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row: Option<u64>,
    /// The row's key, `***` if it is sensitive; `before` or `after` for the run's own steps
    pub key: String,
}

/// A call of a row.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
pub struct CallPlace {
    /// The row.
    #[serde(flatten)]
    pub of: RowPlace,
    /// The step's id
    pub step: String,
    /// The position of the element in `for_each`, from 1
    #[serde(skip_serializing_if = "Option::is_none")]
    pub element: Option<u32>,
    /// Whether the call undoes the step's effect
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub rollback: bool,
    /// The step's operation: `provider.operation`
    pub operation: String,
}
