//! `plan`: what a run would send.

mod requests;
mod use_case;

pub use requests::{CallShown, RequestShown, RowRequests};
pub use use_case::{PlanReport, PlanRequest, plan};
