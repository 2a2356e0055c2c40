//! The run of one test: a whole run in virtual time, whose vendors are the answers of the test or the simulators.

mod compare;
mod fake_vendors;
mod logins;
mod matching;
mod run;
mod script;
mod sent;

pub(in crate::testing) use compare::{Difference, compare};
pub(in crate::testing) use fake_vendors::{HaltReason, MOST_REQUESTS};
pub use logins::stand_ins;
pub use run::{Rehearsal, RehearsalError, Rehearsed, rehearse};
pub use sent::SentRequest;
