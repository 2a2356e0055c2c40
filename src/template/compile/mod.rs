//! Compiles a text to a program: scans its tags, parses it with Handlebars, resolves names and helpers.

mod blocks;
mod builder;
mod error;
mod parse;
mod path;
mod program;
mod tags;

pub(super) use builder::compile;
pub use error::TemplateError;
pub use path::spell_name;
pub use program::Name;
pub(super) use program::{Expr, NamePath, PathBase, Placeholder, Program, TextPart};
