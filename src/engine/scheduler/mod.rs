//! The run: which rows are under way, whose call goes out when, and when the run stops. `action` holds what the driver
//! is asked to do, the folder `admission` the bounds of sending; the other files are parts of [`Engine`].

mod action;
mod admission;
mod call_wait;
mod counting;
mod effect_budget;
mod engine;
mod granting;
mod logins;
mod observer;
mod parking;
mod results;
mod round;
mod row_intake;
mod run_wait;
mod sending;
mod shared_lookups;
mod stages;
mod steering;
#[cfg(test)]
mod tests;
mod withholding;

pub use action::{Action, AskedBy, SendOrder, TokenResult};
pub use admission::DEFAULT_IN_FLIGHT;
pub use engine::{Engine, EngineSetup};
pub use steering::AcceptedCommand;
