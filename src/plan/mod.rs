//! Binds a playbook to settings and rows: the plan, the check of every row, the effects of a run.
//!
//! Each folder imports only from those above it:
//!
//! | folder | holds |
//! |---|---|
//! | `bound` | the plan: lists of steps, calls, values with templates inside, rate limits |
//! | `rendering` | renders values, before a run and in it |
//! | `masking` | what people must not see of rows, variables and answers |
//! | `effects` | what a call changes: its identity, what it counts as, how it is undone |
//! | `binding` | builds the plan, and reports every mistake that needs no row |
//! | `checking` | checks a row against the plan, before anything is sent |

mod binding;
mod bound;
mod checking;
mod effects;
mod masking;
mod rendering;
#[cfg(test)]
mod tests;

pub use binding::{Binding, bind, resolve_vars};
pub use bound::{
    AnswerUse, BoundCall, BoundList, BoundStep, BoundTree, Plan, QuotaPlan, RateBucketPlan, SensitiveNames, answer_use,
};
pub use checking::{CheckedCall, CheckedRow, InputsWanted, RowCells, RowCheck};
pub use effects::{undo_plan, why_not_undone};
pub use masking::ShownRequest;
pub use rendering::{Answers, RenderFailure, is_counted_ahead, render};
