//! YAML laid out evenly: indentation, blanks, line ends. What a file says, its comments and its quotes stay.

mod atoms;
mod blank_lines;
mod columns;
mod layout;
mod reformat;
#[cfg(test)]
mod tests;

pub use reformat::reformat;
