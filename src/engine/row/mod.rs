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
mod planned_calls;
mod render_call;
mod rollback;
mod row_end;
mod row_machine;
mod row_masks;
mod step;
mod step_context;
#[cfg(test)]
mod tests;
mod waiting;

pub use call_result::CallResult;
pub(super) use call_result::{AnswerEffects, RunSignals};
pub(super) use lookup::lookup_request;
pub(super) use not_sent::RUN_STOPPED_FIRST;
pub(super) use outgoing_call::OutgoingCall;
pub(super) use row_machine::{NextMove, RowMachine};
pub(super) use step_context::{StepContext, shape_index, shared_scope, to_journal_index};
pub(super) use waiting::RowWait;
