//! The helpers of the language, one file per family. Each has examples that run as tests.
//!
//! To add one: write a `Helper` constant in the file of its family, or in a file of its own, and add a line to
//! `table.rs`. `helper.rs` says what a helper is and how it reads its values.

mod add;
mod choose;
mod compare;
mod encode;
mod helper;
mod list;
mod logic;
mod raw;
mod table;
mod text;
mod time;
mod uuid;

pub(super) use helper::HelperCall;
pub use helper::{Example, Helper};
pub(super) use raw::RAW_NAME;
pub use table::HELPERS;
#[cfg(any(test, feature = "internals"))]
pub use table::sample;
