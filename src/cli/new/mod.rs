//! The verb `new`: writes an example, or a starter for chosen operations: a playbook with sample rows, tests and settings.
//!
//! | file | what it holds, each importing only from those before it |
//! |---|---|
//! | `names`, `sample` | names of columns, sample cells |
//! | `draft` | the steps, the columns and the key of the playbook |
//! | `inputs` | where the inputs of a step come from |
//! | `assemble` | the draft of chosen operations |
//! | `playbook`, `settings`, `tests_file` | the texts of the files |
//! | `examples` | the examples inside the binary |
//! | `choice` | what is to be written, from the command line or by asking |
//! | `files` | writes files, all or none |
//! | `verb` | writes the example or the starter, and shows what to try next |

mod assemble;
mod choice;
mod draft;
mod examples;
mod files;
mod inputs;
mod names;
mod playbook;
mod sample;
mod settings;
mod tests_file;
mod verb;

pub(super) use examples::EXAMPLES;
pub(super) use verb::new;
