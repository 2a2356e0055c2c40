//! Steps: what they are, what they send, which names their templates may use, how they are read.

mod infix;
mod name_scope;
mod read_step;
mod reader;
mod step;
mod tree;

pub(super) use name_scope::{DeclaredNames, DeclaredStep, NameScope, Section};
pub(super) use reader::StepReader;
pub use step::{Expr, OnFailure, Retry, Rollback, Step, Until};
pub use tree::{Tree, TreeKind};
