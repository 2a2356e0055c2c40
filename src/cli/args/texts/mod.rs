//! What the help and the manual say of each verb beyond its options: examples, explanations, exit codes, files
//!
//! | file | what it holds, each importing only from those before it |
//! |---|---|
//! | `verb_text` | the text of one verb |
//! | `exits` | exit codes that several verbs share |
//! | `authoring`, `running`, `follow_up`, `history`, `reference` | the texts of the verbs |
//! | `all` | all texts, and their places in the help |

mod all;
mod authoring;
mod exits;
mod follow_up;
mod history;
mod reference;
mod running;
mod verb_text;

pub(in crate::cli) use all::{text_of, with_texts};
#[cfg(test)]
pub(super) use running::FAULTS;
pub(in crate::cli) use verb_text::VerbText;
