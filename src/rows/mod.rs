//! Row files to typed rows with places; one-to-many lists.

mod csv;
mod dialect;
mod flaws;
mod keys;
mod ours;
mod record;
mod sniff;

pub use dialect::{Dialect, LineEnd};
pub use ours::{OUR_COLUMNS, run_of_file};
