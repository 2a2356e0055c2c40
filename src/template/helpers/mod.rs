//! The helpers of the language, one file per family; each with examples that run as tests.

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
