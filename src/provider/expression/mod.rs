//! Texts of provider files with names in braces: `Bearer {{ token.access_token }}`.

mod names;
mod term;
mod text;
mod value;

pub(crate) use names::{NameRoot, Names};
pub use text::{Condition, Expression};
pub(crate) use value::{ValueTemplate, filled_fields};
