//! Rows on their way into the journal: read, checked, counted, and compared with what other runs have made.

mod earlier_row_text;
mod earlier_rows;
mod freeze_rows;
mod repeats;
mod row_source;
mod take_rows;
mod tally;
mod text_conditions;

pub use earlier_row_text::EarlierRowText;
pub use earlier_rows::{Carryover, EarlierRows};
pub use freeze_rows::freeze_rows;
pub use repeats::{RepeatedCall, Repeats};
pub use row_source::RowSource;
pub use take_rows::{Intake, Selection, take_rows};
pub use tally::IntakeTally;
