//! What is lost of a run: what its mark says against what its journal holds, and what a damaged journal still proves.

mod loss;
mod lost_run;
mod run_mark;
mod salvage;

pub use loss::Loss;
pub use lost_run::LostRun;
pub(super) use run_mark::RunMark;
pub use salvage::{Proven, Salvage};
