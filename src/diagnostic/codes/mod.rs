//! The stable codes of diagnostics: what each means, an example, and what to do.

mod entry;
mod table;

pub use entry::{Entry, read_entries};
pub use table::{code, codes};
