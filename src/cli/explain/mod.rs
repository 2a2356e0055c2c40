//! The verb `explain`: what a code, a key of a file or a helper of templates means.
//!
//! | file | what it holds, each importing only from those before it |
//! |---|---|
//! | `topic`, `vendor_codes`, `keys`, `helpers` | the words: codes of runsheet and of vendors, keys, helpers |
//! | `meanings` | every meaning of a word, and the nearest word |
//! | `known_words` | the words, for completions |
//! | `render` | meanings and lists as text and JSON |
//! | `verb` | the verb itself |

mod helpers;
mod keys;
mod known_words;
mod meanings;
mod render;
mod topic;
mod vendor_codes;
mod verb;

pub(super) use known_words::known_words;
pub(super) use verb::explain;
