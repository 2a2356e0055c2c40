//! The journal's file format: its tables, how values stand in them, their checksums, and what can be wrong with a file.

pub(super) mod cells;
pub(super) mod checksum;
pub(super) mod columns;
mod error;
mod open;
pub(super) mod schema;

pub use error::JournalError;
pub(super) use open::open_existing;
pub use open::refuse_foreign;
