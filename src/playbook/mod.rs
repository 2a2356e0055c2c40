//! What the user wrote: YAML to a checked playbook with spans.

mod column;
mod rows_decl;
mod spanned;

pub use column::{Bound, CellProblem, ColumnDecl, ColumnType, DateFormat, Length, convert_text};
pub use rows_decl::{ListDecl, MatchDecl, RowsDecl, read_rows_decl};
pub use spanned::Spanned;
