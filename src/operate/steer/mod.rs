//! `ctl` and `cancel`: steers a run from elsewhere, and a run that is not under way as far as that is possible.

mod at_rest;
mod request;
mod use_case;

pub use request::{CtlReport, CtlRequest};
pub use use_case::ctl;
