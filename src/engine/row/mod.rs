//! The machine of one row: from its facts to the next call, from an answer to the next facts.

mod answer;
mod attempt_result;
mod call_result;
mod copy_doubts;
mod lookup;
mod lost_answer;
mod next_call;
mod not_sent;
mod outgoing_call;
mod render_call;
mod rollback;
mod row_end;
mod row_machine;
mod step;
mod step_context;
mod waiting;

pub use call_result::CallResult;
pub(super) use call_result::{Echo, Surroundings};
pub(super) use not_sent::STOPPED;
pub(super) use outgoing_call::Outgoing;
pub(super) use row_machine::{Next, RowMachine};
pub(super) use step_context::{Scene, base_scope, number, shape_of};
pub use waiting::Wait;
