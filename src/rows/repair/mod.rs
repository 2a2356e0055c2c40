//! Repairs of a row file that are provably safe, written into a new file; all other bytes stay.

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

pub use file_repair::{Unmended, mend};
pub use rule::Rule;
pub use spec::MendSpec;
pub use summary::{Change, Mended, Sample};
