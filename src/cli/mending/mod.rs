//! `check --fix OUT`: row files with what is provably safe repaired, written as new files.

mod fix;
mod left;
mod place;
mod shown;
mod source;

pub(crate) use fix::{Fixed, fix};
pub(crate) use left::Left;
pub(crate) use shown::FileFix;
