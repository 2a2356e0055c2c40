//! What happened, as data: the facts of a run, which fact may follow which, the state that they fold to, and the
//! audit.
//!
//! Each folder imports only from those above it:
//!
//! | folder | what it holds |
//! |---|---|
//! | `facts` | facts, the entries and frozen rows they are stored with, the shape of a scope, reading |
//! | `transitions` | which fact may follow which, the fold to a row's state, the outcome and the effects it stands for |
//! | `audit` | the check and the totals of a whole run |

mod audit;
mod facts;
mod transitions;

pub use audit::{Audit, CallTimeSummary, CallTimes, OperationCounts};
#[cfg(test)]
pub(crate) use facts::sample;
pub use facts::{
    AttemptEnd, Attempted, CallRef, ContinuedIn, FORMAT_VERSION, Fact, FactDetail, FrozenRow, ImportedCall, Intent,
    JournalEntry, RowEnded, ScopeShape, Settled, Steered, StepEnded, StepShape, Waits, indexes_are_in_bounds,
    read_facts,
};
pub use transitions::{
    COPY_CODE, COPY_MESSAGE, CallEnded, CallState, Claim, ContinuedFromCopy, EffectState, GoesOn, LEFT_TO_OTHER_RUN,
    RowState, RunSteering, SendDetails, StepState, derive_outcome, facts_for_copy_doubts, is_undone,
};
