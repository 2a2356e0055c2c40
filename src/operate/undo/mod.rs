//! `undo`: takes back what a run changed, as a run of its own.

mod effects;
mod use_case;

pub use use_case::{UndoReport, UndoRequest, undo};
