//! The end of a run: its row files, its counts, its kinds of failure, and why it stopped.

mod close_run;
mod failures;
mod stop_message;
mod unended_row;

pub use close_run::{CloseError, RunEnd, close_run, summarize_run};
pub use failures::{collect_failures, locate_failures};
pub(super) use stop_message::StopMessage;
