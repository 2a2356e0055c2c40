//! Repairs of a row file that are provably safe, written into a new file; all other bytes stay.

mod cell;
mod dates;
mod file;
mod lines;
mod patch;
mod rule;
mod spec;
mod tally;
#[cfg(test)]
mod tests;
mod visible;

pub use file::{Unmended, mend};
pub use rule::Rule;
pub use spec::MendSpec;
pub use tally::{Change, Mended, Sample};
