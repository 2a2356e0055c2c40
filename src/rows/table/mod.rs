//! The columns of a file: its header matched with the playbook, and its records turned into typed cells.

mod cells;
mod columns;
mod header;
mod places;

pub(in crate::rows) use cells::TypedCells;
pub(in crate::rows) use columns::{BoundColumn, Table};
pub(in crate::rows) use places::RecordPlaces;
