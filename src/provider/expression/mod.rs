//! Texts of provider files with names between braces: `Bearer {{ token.access_token }}`.

mod names;
mod term;
mod text;
mod value;

pub(crate) use names::{Names, Root};
pub use text::{Condition, Expression};
pub(crate) use value::{Written, written_fields};
