//! YAML laid out evenly: indentation, blanks, line ends. What a file says, its comments and its quotes stay.

mod atom;
mod atoms;
mod blocks;
mod body;
mod gaps;
mod layout;
mod proof;
mod reformat;
mod remarks;
mod spacing;
#[cfg(test)]
mod tests;

pub use reformat::reformat;
