//! How answers are read: where success stands, what codes mean, failures of single items.

mod answers;
mod code_table;
mod items;
mod success;

pub use answers::Answers;
pub use code_table::{Meaning, Table};
pub use items::Items;
pub use success::Success;
pub(crate) use success::{code_text, same_code};
