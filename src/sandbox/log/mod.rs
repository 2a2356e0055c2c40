//! The log `sandbox.jsonl`: one line for each call, from which the state is rebuilt.

mod entry;
mod file;
mod masking;

pub use entry::LogEntry;
pub use file::LOG_FILE;
pub(in crate::sandbox) use file::{LogFile, LogStore};
pub(in crate::sandbox) use masking::logged_body;
