//! Repairs row files into new files.

mod left;
mod repair_files;
mod sources;
mod targets;

pub use left::Left;
pub use repair_files::FixedFile;
pub(super) use repair_files::repair_rows;
