//! A test file: what stands in it, read and checked against its playbook.

mod answer;
mod expect;
mod inline;
mod names;
mod pattern;
mod rows;
mod spanned;
mod test;

pub use answer::{AnswerContent, TestAnswer};
pub(in crate::testing) use answer::{TAKES, example};
pub use expect::{Expectation, ExpectedRow};
pub use inline::{InlineRows, inline_list, inline_rows};
pub use names::check_names;
pub use pattern::{RequestKind, RequestPattern};
pub use rows::{RowsFrom, TestRows};
pub use test::{START, Test, TestFile, read};
