//! What a caller hands to a use case and gets back from each: the context, the parts of requests, notices, questions,
//! orders to stop, and refusals.

mod context;
mod notices;
mod observer;
mod questions;
mod refusal;
mod request;
mod steering;
mod stored_path;
mod undo_plan;

pub use context::Context;
pub(super) use notices::UnsentNotice;
pub use observer::{Destination, LeftOut, Notice, Observer, RunProgress, RunStart, Unobserved};
pub use questions::{Question, Questions, Unattended};
pub use refusal::{MachineFailure, Refusal};
pub(super) use refusal::{OrRefuse, with_causes};
pub use request::{Confirmed, GivenRows, MaxFail, Pace, PlaybookFrom, RowsFrom, RunInput};
pub use steering::Steering;
pub(super) use stored_path::refuse_unstorable;
pub use undo_plan::{UndoFate, UndoPlan, UndoneEffect};
