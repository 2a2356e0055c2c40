//! What a run reports to its observers: events that the journal does not hold, and counts for the progress display.

mod call_totals;
mod failure_tally;
mod lookup_totals;
mod observer_events;
mod progress;
mod run_wait;

pub use call_totals::{CallTotals, OperationCalls};
pub use failure_tally::{FailureCount, FailureTally};
pub use observer_events::ObserverEvent;
pub(super) use observer_events::ObserverEvents;
pub use progress::Progress;
pub use run_wait::{LoginTrouble, RunWait};
