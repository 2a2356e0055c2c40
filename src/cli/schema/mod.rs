//! The verb `schema`: JSON Schemas of the files that people write, made from the tables of the language and the known
//! providers.
//!
//! | file | what it holds, each importing only from those before it |
//! |---|---|
//! | `with` | the inputs of an operation |
//! | `generate`, `slots` | tables to schemas; what depends on the providers |
//! | `run_output` | events and summaries, from the types that are written |
//! | `verb` | prints one, or lists them |

mod generate;
mod run_output;
mod slots;
mod verb;
mod with;

pub(super) use generate::file_schema;
pub(super) use verb::schema;
