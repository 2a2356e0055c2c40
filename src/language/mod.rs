//! The language: every key of playbooks, settings, provider files, operation files and test files, as tables.
//!
//! The readers take the known keys, the required ones and their hints from these tables; the JSON Schemas, `explain`,
//! the completions and the reference pages of the manual are made from them. A key is described here and nowhere else.
//!
//! | file or folder | what it holds, each importing only from those before it |
//! |---|---|
//! | `shape` | what a table consists of: maps, keys, shapes, words |
//! | `limits`, `words` | limits, quotas and lists of words, which several files share |
//! | `playbook`, `settings`, `provider`, `operation`, `test_file` | the tables |
//! | `places` | where each map of keys may stand; the search for a key |
//! | `describe` | shapes in words |
//! | `documented` | tables of words compared with the enums that readers turn the words into |
//! | `fields` | typed access to the keys of a map, for the readers |

mod describe;
mod documented;
mod fields;
mod limits;
pub mod operation;
mod places;
pub mod playbook;
pub mod provider;
pub mod settings;
mod shape;
pub mod test_file;
#[cfg(test)]
mod tests;
mod words;

pub use describe::in_words;
pub(crate) use documented::{documents, has_words};
pub use fields::Fields;
#[cfg(feature = "internals")]
pub use fields::keys_read;
pub use limits::{LIMITS, QUOTA};
pub use places::{FoundKey, LanguageFile, Place, every_place, keys_called};
pub use shape::{EachKey, Key, KeyDefault, KeyMap, Null, Rule, Shape, Slot, WordDoc, key, word};
pub use words::{DISPOSITIONS, METHODS, REPEATS, ROW_OUTCOMES};
