//! Repairs row files into new files.

mod repair_files;
mod sources;
mod targets;
mod unrepaired;

pub use repair_files::RepairedFile;
pub(super) use repair_files::repair_rows;
pub use unrepaired::Unrepaired;
