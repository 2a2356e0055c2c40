//! The journal on disk: one SQLite file a run, one writer that groups what waits into one synced transaction.

mod lock;
mod reader;
mod schema;
mod store;
mod writer;

pub use lock::RunLock;
pub use reader::Reader;
pub use schema::JournalError;
pub use store::Store;
pub use writer::{Writer, Written};
