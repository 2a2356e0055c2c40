//! Repairs of a row file that are provably safe, written to a new file; all other bytes stay.

mod column_repair;
mod dates;
mod file_repair;
mod patch;
mod rule;
mod spec;
mod summary;
#[cfg(test)]
mod tests;
mod visible_text;
mod workbook_lines;

pub use file_repair::{RepairError, repair_file};
pub use rule::RepairRule;
pub use spec::RepairSpec;
pub use summary::{Repair, RepairSummary, RepairedCell};
