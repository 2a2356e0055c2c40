//! Repairs row files into new ones.

mod fix;
mod left;
mod place;
mod source;

pub use fix::FixedFile;
pub(super) use fix::fix;
pub use left::Left;
