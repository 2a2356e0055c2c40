//! Formats YAML: indentation, spaces, line ends. Content, comments and quotes stay.
//!
//! `atoms.rs` reads the text into layout events, `layout.rs` writes the lines with the help of `columns.rs` and
//! `blank_lines.rs`, `reformat.rs` proves that the result says the same.

mod atoms;
mod blank_lines;
mod columns;
mod layout;
mod reformat;
#[cfg(test)]
mod tests;

pub use reformat::reformat;
