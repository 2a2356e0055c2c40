//! Steps: what they are, what they send, which names their templates may use, how they are read.

mod infix;
mod read_step;
mod reader;
mod sight;
mod step;
mod tree;

pub(super) use reader::Reader;
pub(super) use sight::{Known, KnownStep, Part, Sight};
pub use step::{Expr, OnFailure, Retry, Rollback, Step, Until};
pub use tree::{Tree, TreeKind};
