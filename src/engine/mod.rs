//! The state machines: facts in (`on_*`), actions out (`take_actions`). No clock, no I/O, no async.
//!
//! Each folder imports only from those listed before it.
//!
//! | folder | what it holds |
//! |---|---|
//! | `row` | the machine of one row: from its facts to the next call, from an answer to the next facts |
//! | `observe` | what a run reports to its observers: events and counts |
//! | `scheduler` | the run: which rows are under way, whose call goes out when, when the run stops ([`Engine`]) |
//! | `prior` | questions about rows that a journal already knows: import into a later run, undo, calls in doubt, masks |

#[cfg(test)]
mod fixtures;
mod observe;
mod prior;
mod row;
mod scheduler;

pub use observe::{
    CallTotals, FailureCount, FailureTally, LoginTrouble, ObserverEvent, OperationCalls, Progress, RunWait,
};
pub use prior::{
    CallInDoubt, ImportConflict, ImportedRow, PastRequests, PlanView, PriorRow, RebuiltRequest, RecreatedEffect,
    UndoStep, UndoneBy, WhySkipped, calls_in_doubt, count_failed_row, import_row, row_masks, standing_effects,
    undo_facts, undo_preview, undone_already,
};
pub use row::CallResult;
pub use scheduler::{AcceptedCommand, Action, AskedBy, DEFAULT_IN_FLIGHT, Engine, EngineSetup, SendOrder, TokenResult};
