//! Playbook × settings × rows: the bound plan, the check of every row, the effects of a run.

mod bind;
mod blanks;
mod bound;
mod budget;
mod check;
mod effect;
mod forgotten_braces;
mod given_headers;
mod hidden;
mod hosts;
mod leaves;
mod made;
mod names;
mod proven;
#[cfg(test)]
mod proven_tests;
mod quota;
mod render;
mod row_mistakes;
mod row_words;
mod sensitive;
mod step_settings;
mod tree;
mod undoing;
mod vars;
mod walk;
mod wanted;

pub use bind::{Binding, bind};
pub use bound::{BoundCall, BoundList, BoundStep, BoundTree, Plan};
pub use budget::BudgetPlan;
pub use check::{Cells, Checked, CheckedCall, InputsWanted, RowCheck};
pub use quota::QuotaPlan;
pub use render::{Knowledge, RenderTrouble, render};
pub use sensitive::Sensitive;
pub use undoing::{undoing, why_not_undone};
pub use vars::resolve_vars;
pub use wanted::{Wanted, outputs_wanted};
