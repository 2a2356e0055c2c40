//! Names that are nearly the same: misspellings, and names that only look the same.

mod look_alikes;
mod near_miss;

pub use look_alikes::{code_points, hidden_difference, visual_form};
pub use near_miss::{did_you_mean, did_you_mean_among, did_you_mean_inline, in_backticks, near_miss, suggestion};
