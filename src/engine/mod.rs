//! The state machines: facts in (`on_*`), actions out (`take_actions`). No clock, no I/O, no async.
//!
//! [`RowMachine`] knows one row and nothing else; [`Engine`] is the scheduler over all of them.

mod action;
mod answering;
mod attempt;
mod batching;
mod budgets;
mod carrying;
mod closing;
mod copied;
mod doubting;
mod ending;
mod granting;
mod health;
mod hours;
mod leaving;
mod masking;
mod outgoing;
mod progress;
mod row_machine;
mod rows;
mod scheduler;
mod sending;
mod settling;
mod spending;
mod surroundings;
mod tidings;
mod tokens;
mod undoing;
mod waves;
mod withheld;

pub use action::{Action, AskedBy, CallResult, Order, TokenResult};
pub use budgets::DEFAULT_IN_FLIGHT;
pub use carrying::{Brought, Conflict, Earlier, MadeAgain, Side, carry};
pub use doubting::{Doubt, doubts};
pub use masking::row_masks;
pub use outgoing::Outgoing;
pub use progress::Progress;
pub use row_machine::{Next, RowMachine, Scene};
pub use scheduler::{Engine, Setup};
pub use tidings::{Tiding, Wait};
pub use undoing::{UndoStep, UndoneBy, standing_effects, undo_facts, undo_preview, undone_already};
