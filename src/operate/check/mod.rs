//! `check`: playbooks, settings and rows, offline; and the repair of row files.

mod repair;
mod use_case;

pub use repair::{RepairedFile, Unrepaired};
pub use use_case::{CheckReport, CheckRequest, CheckedFile, FileContent, FixReport, check};
