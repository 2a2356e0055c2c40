//! The keys of an operation's file.
//!
//! | file | what it holds, each importing only from those before it |
//! |---|---|
//! | `input` | `inputs` and an input |
//! | `output` | an output |
//! | `effect` | what a call changes: `repeat`, `danger`, `undo` |
//! | `lookup` | `lookup` and the maps inside it |
//! | `example` | an example and the maps inside it |
//! | `file` | the file itself, with the request that it makes |

mod effect;
mod example;
mod file;
mod input;
mod lookup;
mod output;

pub use effect::{DANGER, DANGER_KINDS, EFFECTS, REPEAT_RULE, UNDO};
pub use example::{EXAMPLE, EXAMPLE_ANSWER, EXAMPLE_CONNECTION, EXAMPLE_OPERATION, EXAMPLE_REQUEST};
pub use file::{BODY, INPUTS_IN_BODY, OPERATION};
pub use input::{INPUT, INPUT_PLACES, INPUTS};
pub use lookup::{BATCH, FIND, LOOKUP};
pub use output::{OUTPUT, OUTPUT_TYPES};
