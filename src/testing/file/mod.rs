//! A test file: what stands in it, read and checked against its playbook.

mod answer;
mod expect;
mod inline;
mod names;
mod pattern;
mod rows;
mod spanned;
mod test;

pub use answer::{Answer, Played};
pub(in crate::testing) use answer::{TAKES, example};
pub use expect::{Expect, RowExpected};
pub use inline::{Inline, inline_list, inline_rows};
pub use names::check_names;
pub use pattern::{Pattern, RequestKind};
pub use rows::{Given, RowsGiven};
pub use test::{START, Test, TestFile, read};
