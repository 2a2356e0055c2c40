//! How answers are read: rules of success, meanings of codes, failures of single items.

mod answers;
mod code_table;
mod items;
mod rule_place;
mod success;

pub use answers::AnswerRules;
pub use code_table::{CodeMeaning, CodeTable};
pub use items::ItemRule;
pub use rule_place::RulePlace;
pub use success::SuccessRule;
pub(crate) use success::{code_text, same_code};
