//! The journal on disk: one SQLite file a run, one writer that groups what waits into one synced transaction.

mod cells;
mod checksum;
mod effects;
mod ends;
mod lock;
mod pass;
mod past;
mod place;
mod reader;
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
pub use past::{MadeBefore, Past, PastOf};
pub use reader::Reader;
pub use salvage::{Proven, Salvage};
pub use schema::JournalError;
pub use store::{Store, refuse_foreign};
pub use stored_row::StoredRow;
pub use undos::SUCCESSORS;
pub use writer::{Writer, Written};
