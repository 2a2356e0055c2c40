//! Reads a playbook: from YAML to a checked playbook with spans.
//!
//! Each folder imports only from those listed before it.
//!
//! | folder | what it holds |
//! |---|---|
//! | `column` | declared columns: types, constraints, and how a cell's text becomes a value |
//! | `run_bounds` | what bounds the damage of a run: stop rules, waves, budget, send window |
//! | `steps` | steps and what they send, the names that their templates may use |
//!
//! `document.rs` is the whole playbook, `read.rs` reads it; `rows_decl.rs` and `var.rs` are the keys `rows` and `vars`.

mod column;
mod document;
mod read;
mod rows_decl;
mod run_bounds;
mod snake_case;
mod spanned;
mod steps;
#[cfg(test)]
mod tests;
mod var;

pub use column::{CellProblem, ColumnBound, ColumnDecl, ColumnType, IdentityNumber, TextLength, convert_text};
pub use document::Playbook;
pub use read::read;
pub use rows_decl::{Delimiter, FileForm, ListDecl, MatchDecl, Orphans, RowsDecl, read_rows_decl};
pub use run_bounds::{RunBounds, SendWindow, StopWhen, WaveSize, Waves};
pub use spanned::Spanned;
pub use steps::{OnFailure, Retry, Rollback, Step, Tree, TreeKind, Until};
pub use var::Var;
