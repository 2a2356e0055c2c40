//! Text that is safe to show: control characters made visible, CI commands broken, shell words quoted; counted nouns; columns on a terminal.

mod ci_commands;
mod columns;
mod plural;
mod sanitize;
mod shell_word;
mod unseen;

pub use ci_commands::{without_commands, without_groups, without_inline_commands};
pub use columns::{display_width, padded, widest};
pub use plural::{plural, plural_of};
pub(in crate::diagnostic) use sanitize::shown_line;
pub use sanitize::{harmless_json, one_line, printable, shortened};
pub use shell_word::{shell_path, shell_word};
