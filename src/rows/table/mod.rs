//! The columns of a file: its header matched with the playbook, its records turned into typed cells.

mod columns;
mod places;

pub(in crate::rows) use columns::{Bound, Cells, Table};
pub(in crate::rows) use places::Cite;
