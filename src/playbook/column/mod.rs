//! Columns and variables: their types, what they declare, and how a text becomes a value.

mod bound;
mod convert;
mod decimal;
mod decl;
mod identity;
mod kind;
mod moment;
mod read;

pub use bound::{Bound, Length};
pub use convert::{CellProblem, convert_text};
pub use decl::ColumnDecl;
pub use identity::Identity;
pub use kind::ColumnType;
pub(in crate::playbook) use read::read_columns;
pub(in crate::playbook) use read::spanned_text;
