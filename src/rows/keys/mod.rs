//! The keys of a file's rows: whether each is new, for any number of rows.

mod index;
mod key_text;
mod memory;
mod scratch;
mod spilled;

pub use index::KeyIndex;
pub(crate) use index::no_scratch;
pub(in crate::rows) use key_text::{joined, part};
