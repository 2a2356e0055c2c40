//! The verb `new`: a starter playbook with sample rows and settings, made from the declarations of operations.
//!
//! | file | what it holds, each importing only from those before it |
//! |---|---|
//! | `names`, `sample` | names of columns, sample cells |
//! | `draft` | the steps, the columns and the key of the playbook |
//! | `inputs` | where the inputs of a step come from |
//! | `assemble` | the draft of chosen operations |
//! | `playbook`, `settings`, `tests_file` | the texts of the files |
//! | `verb` | writes the files |

mod assemble;
mod draft;
mod inputs;
mod names;
mod playbook;
mod sample;
mod settings;
mod tests_file;
mod verb;

pub(super) use verb::new;
