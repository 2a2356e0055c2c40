//! What guards a journal from beside it: the lock of the driving process, how far it was synced, the file's identity.

mod file_identity;
mod lock;
mod watermark;

pub(super) use file_identity::FileIdentity;
pub use lock::RunLock;
pub(super) use watermark::{EntrySetHash, Progress, SYNC_EVERY, Watermark};
pub use watermark::{synced_at, synced_entries};
