//! What a plan is: lists of steps, calls, values with templates inside, rate limits, sensitive names.

mod answer_use;
mod places;
mod plan;
mod rate_bucket;
mod sensitive;
mod step;
mod tree;

pub(super) use answer_use::mark_used_bodies;
pub use answer_use::{Wanted, outputs_wanted};
pub(super) use places::{cell_at, columns_of, depends_on_row, leaf_at, template_at, varies_at};
pub(super) use plan::each_template_of_plan;
pub use plan::{BoundList, Plan};
pub use rate_bucket::{BudgetPlan, QuotaPlan};
pub use sensitive::Sensitive;
pub use step::{BoundCall, BoundStep};
pub use tree::BoundTree;
pub(super) use tree::whole;
