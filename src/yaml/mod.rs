//! Reads YAML into a tree that keeps the source text and place of every key and scalar; writes and formats YAML.
//!
//! `parse.rs` builds the tree of `node.rs`; `write.rs` writes values; `format/`
//! lays out a whole file and imports only the files here.

mod format;
mod node;
mod open_nodes;
mod parse;
mod scalar;
mod syntax_help;
#[cfg(test)]
mod tests;
mod write;

pub use format::reformat;
pub use node::{Key, Node, NodeKind, span_within};
pub use parse::parse;
pub use scalar::{plain_value, scalar_value};
pub use write::{did_you_mean_key, flow_map, write_map, yaml_template, yaml_text};
