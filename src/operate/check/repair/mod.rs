//! Repairs row files into new ones.

mod left;
mod repair_files;
mod sources;
mod targets;

pub use left::Left;
pub use repair_files::FixedFile;
pub(super) use repair_files::fix;
