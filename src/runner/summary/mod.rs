//! The end of a run: its row files, its counts, its kinds of failure, and why it stopped.

mod close_run;
mod failures;
mod record;
mod recorded_row;
mod run_facts;
mod stop_message;
mod unended_row;

pub use close_run::{CloseError, RunEnd, RunStanding, close_run, summarize_run};
pub use failures::{collect_failures, gather_failures, locate_failures};
pub use recorded_row::{RecordedRow, RowMasks, RowReader};
pub use run_facts::LeftAt;
pub(super) use stop_message::StopMessage;
pub use unended_row::report_unended;
