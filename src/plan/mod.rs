//! Playbook × settings × rows: the bound plan, the check of every row, the effects of a run.
//!
//! Each folder imports only from those above it:
//!
//! | folder | holds |
//! |---|---|
//! | `bound` | what a plan is: lists of steps, calls, values with templates inside, rate limits |
//! | `rendering` | values rendered, before a run and in it |
//! | `masking` | what of rows, variables and answers people must not see |
//! | `effects` | what a call does to the world: its identity, what it counts as, how it is taken back |
//! | `binding` | playbook and settings → plan, with every mistake that needs no row |
//! | `checking` | one row against the plan, before anything is sent |

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
pub use rendering::{Answers, RenderFailure, render};
