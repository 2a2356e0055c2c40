//! Messages about the user's files: with their places, many at once, rendered with miette.
//!
//! Each folder imports only from those listed before it.
//!
//! | folder | what it holds |
//! |---|---|
//! | `location` | byte ranges, sources, and places with the text of their line |
//! | `text` | text made safe to show: control characters, CI commands, shell words, counted nouns |
//! | `similar` | names that are nearly the same: near misses and look-alikes |
//! | `messages` | one message, those of one cause, all of a check; as text and as JSON |
//!
//! `codes.rs` reads what each code means from `codes.md`.

mod codes;
mod location;
mod messages;
mod similar;
mod text;

pub use codes::{Explanation, code, codes, read_explanations};
pub use location::{Place, Source, Span};
pub use messages::{AboutRow, CauseGroup, Diagnostic, Diagnostics, Severity};
pub use similar::{
    code_points, did_you_mean, did_you_mean_among, did_you_mean_inline, hidden_difference, in_backticks, near_miss,
    suggestion, visual_form,
};
pub use text::{
    display_width, harmless_json, one_line, padded, plural, plural_of, printable, shell_path, shell_word, shortened,
    widest, without_commands, without_groups, without_inline_commands,
};
