//! A playbook's tests: files read, runs rehearsed in a time of their own, what was sent and came of it compared.
//!
//! A rehearsal is a whole run: the engine, the journal and the driver of [`crate::runner`], with answers from the test
//! or from the simulators in place of the vendors. Its clock stands still until everybody waits, and then jumps.

mod answer;
mod compare;
mod expect;
mod file;
mod given;
mod inline;
mod judge;
mod judge_requests;
mod judge_rows;
mod logins;
mod names;
mod pattern;
mod players;
mod reach;
mod read;
mod read_answer;
mod read_expect;
mod rehearsal;
mod script;
mod sent;
mod spanned;

pub use answer::{Answer, Played};
pub use expect::{Expect, RowExpected};
pub use file::{START, Test, TestFile};
pub use given::{Given, RowsGiven};
pub use inline::{Inline, inline_list, inline_rows};
pub use judge::{judge, judge_refused};
pub use logins::stand_ins;
pub use names::check_names;
pub use pattern::{Pattern, RequestKind};
pub use reach::Reach;
pub use read::read;
pub use rehearsal::{Rehearsal, RehearsalError, Rehearsed, rehearse};
pub use sent::Sent;
