//! YAML text to a tree that keeps source text and place of every key and scalar.

mod fields;
mod format;
mod node;
mod open_nodes;
mod parse;
mod scalar;
mod syntax_help;
#[cfg(test)]
mod tests;
mod write;

pub use fields::Fields;
pub use format::reformat;
pub use node::{Key, Node, NodeKind, span_within};
pub use parse::parse;
pub use scalar::{plain_value, scalar_value};
pub use write::{did_you_mean_key, flow_map, write_map, yaml_template, yaml_text};
