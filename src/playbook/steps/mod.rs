//! Steps: their parts, what they send, the names that their templates may use, and how they are read.

mod infix;
mod name_scope;
mod read_step;
mod reader;
mod step;
mod tree;

pub(super) use name_scope::{DeclaredNames, DeclaredStep, NameScope, Section};
pub(super) use reader::StepReader;
pub use step::{OnFailure, Retry, Rollback, Step, Until};
pub use tree::{Tree, TreeKind};
