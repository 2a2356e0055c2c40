//! Messages about the user's files: places, many at once, rendered with miette.

mod about_row;
mod alike;
mod block;
mod cause;
mod ci_commands;
mod codes;
mod list;
mod message;
mod near_miss;
mod place;
mod plural;
mod render;
mod sanitize;
mod shell_word;
mod source;
mod unseen;

pub use about_row::AboutRow;
pub use alike::{code_points, did_you_mean, did_you_mean_inline, look, meant, unlike};
pub use block::Block;
pub use ci_commands::{without_commands, without_groups, without_inline_commands};
pub use codes::{Entry, code, codes, read_entries};
pub use list::Diagnostics;
pub use message::{Diagnostic, Severity};
pub use near_miss::near_miss;
pub use place::Place;
pub use plural::{plural, plural_of};
pub use sanitize::{harmless_json, one_line, printable, shortened};
pub use shell_word::{shell_path, shell_word};
pub use source::{Source, Span};
