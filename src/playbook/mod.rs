//! What the user wrote: YAML to a checked playbook with spans.

mod bounds;
mod column;
mod document;
mod infix;
#[cfg(test)]
mod mangled_tests;
mod read;
mod read_bounds;
mod read_step;
mod reader;
mod rows_decl;
mod sight;
mod snake_case;
mod spanned;
mod step;
#[cfg(test)]
mod tests;
mod tree;
mod var;
mod window;

pub use bounds::{Bounds, StopWhen, WaveSize, Waves};
pub use column::{Bound, CellProblem, ColumnDecl, ColumnType, Identity, Length, convert_text};
pub use document::Playbook;
pub use read::read;
pub use rows_decl::{Delimiter, FileForm, ListDecl, MatchDecl, Orphans, RowsDecl, read_rows_decl};
use snake_case::snake_case;
pub use spanned::Spanned;
pub use step::{Expr, OnFailure, Retry, Rollback, Step, Until};
pub use tree::{Tree, TreeKind};
pub use var::Var;
pub use window::Window;
