//! The keys of a playbook.
//!
//! | file | what it holds, each importing only from those before it |
//! |---|---|
//! | `bounds` | `stop_when`, `waves`, `window` |
//! | `column` | columns and variables |
//! | `rows` | `rows` and its lists |
//! | `step` | a step and the maps inside it |
//! | `file` | the playbook itself |

mod bounds;
mod column;
mod file;
mod rows;
mod step;

pub use bounds::{STOP_WHEN, WAVES, WINDOW};
pub use column::{COLUMN, COLUMN_TYPES, LENGTH, VARIABLE};
pub use file::{PLAYBOOK, PLAYBOOK_VERSION};
pub use rows::{DELIMITERS, ENCODINGS, LIST, MATCH, ORPHANS, ROWS};
pub use step::{EACH_ELEMENT, ON_FAILURE, REPEATS_OF_A_STEP, RETRY, ROLLBACK, STEP, UNTIL};
