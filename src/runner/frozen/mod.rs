//! The description of a run in its journal, independent of the files that it was made from.

mod frozen_run;
mod run_folder;
mod run_mark;

pub use frozen_run::{FrozenRun, FrozenText, Link, LinkKind};
pub use run_folder::RunFolder;
pub use run_mark::{rebuild_mark, write_mark};
