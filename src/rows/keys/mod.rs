//! The keys of a file's rows: whether each is new, for any number of rows.

mod index;
mod scratch;
mod spilled;

pub use index::Keys;
pub(crate) use index::no_scratch;
pub(in crate::rows) use index::{joined, part};
