//! The journal on disk: one SQLite file for each run.
//!
//! Each folder imports only from those listed before it.
//!
//! | folder | what it holds |
//! |---|---|
//! | `format` | tables, columns, checksums; opening a file; what can be wrong with it |
//! | `guards` | beside the file: the lock of the driving process, how far it was synced |
//! | `read` | rows, entries and effects, verified against their checksums |
//! | `write` | rows and entries; the one thread that groups entries into synced transactions |
//! | `lost` | what is lost of a run, and what a damaged journal still proves |
//! | `history` | the effects of other runs on this machine |
//!
//! `run_ids` lists the runs there are.

mod format;
mod guards;
mod history;
mod lost;
mod read;
mod run_ids;
#[cfg(test)]
mod tests;
mod write;

pub use format::columns::SUCCESSORS;
pub use format::{JournalError, refuse_foreign};
pub use guards::{RunLock, synced_at, synced_entries};
pub use history::{EffectHistory, HistoryFilter, PriorEffect};
pub use lost::{Loss, LostRun, Proven, Salvage};
pub use read::{KeyedPair, KeyedRow, Reader, RowEnd, StoredRow};
pub use run_ids::run_ids;
pub use write::{Reserve, Store, WriteResult, Writer};
