//! The plan: lists of steps, calls, values with templates inside, rate limits, sensitive names.

mod answer_use;
mod places;
mod plan;
mod rate_bucket;
mod sensitive_names;
mod step;
mod tree;

pub(super) use answer_use::mark_used_bodies;
pub use answer_use::{AnswerUse, answer_use};
pub(super) use places::{cell_at, columns_of, depends_on_row, leaf_at, template_at, varies_at};
pub use plan::{BoundList, Plan};
pub use rate_bucket::{QuotaPlan, RateBucketPlan};
pub use sensitive_names::SensitiveNames;
pub(super) use sensitive_names::SentCells;
pub use step::{BoundCall, BoundStep};
pub use tree::BoundTree;
pub(super) use tree::whole;
