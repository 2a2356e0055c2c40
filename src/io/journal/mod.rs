//! The journal on disk: one SQLite file a run, one writer that groups what waits into one synced transaction.

mod cells;
mod checksum;
mod claims;
mod effects;
mod ends;
mod listed;
mod lock;
mod lost;
mod lost_run;
mod pass;
mod past;
mod place;
mod reader;
mod rest;
mod salvage;
mod schema;
mod store;
mod stored_row;
mod unchecked;
mod undos;
mod verify;
mod watermark;
mod writer;

pub use ends::RowEnd;
pub use lock::RunLock;
pub use lost::Lost;
pub use lost_run::LostRun;
pub use past::{MadeBefore, Past, PastOf};
pub use reader::Reader;
pub use rest::Rest;
pub use salvage::{Proven, Salvage};
pub use schema::JournalError;
pub use store::{Store, refuse_foreign};
pub use stored_row::StoredRow;
pub use undos::SUCCESSORS;
pub use writer::{Writer, Written};
