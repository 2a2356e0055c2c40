//! `plan`: what a run would send.

mod requests;
mod use_case;

pub use requests::{PlannedCall, PlannedRequest, PlannedRow};
pub use use_case::{PlanReport, PlanRequest, plan};
