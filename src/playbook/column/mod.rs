//! Columns: their declarations and types, and how a cell's text becomes a value.

mod bound;
mod convert;
mod decimal;
mod decl;
mod identity;
mod moment;
mod read;

pub use bound::{ColumnBound, TextLength};
pub use convert::{CellProblem, convert_text};
pub use decl::{ColumnDecl, ColumnType};
pub use identity::IdentityNumber;
pub(super) use read::read_columns;
