//! Runs the tests of playbooks: reads test files, rehearses runs in virtual time, compares results.
//!
//! A rehearsal is a whole run: the engine, the journal and the driver of [`crate::runner`], with answers from the
//! test or from the simulators in place of the vendors. Its clock stands still while any task can go on, and then
//! jumps.
//!
//! Each folder imports only from those above it in this table.
//!
//! | folder | what it holds |
//! |---|---|
//! | `file` | a test file: tests, answers, expectations, rows; read and checked against the playbook |
//! | `rehearsal` | one test's run, the requests that it sent, and how a request differs from a described one |
//! | `judge` | differences between a rehearsal and what its test expects; what no test of a playbook reaches |

mod file;
mod judge;
mod rehearsal;

pub use file::{
    AnswerContent, Expectation, ExpectedRow, InlineRows, RequestKind, RequestPattern, RowsFrom, START, Test,
    TestAnswer, TestFile, TestRows, check_names, inline_list, inline_rows, read,
};
pub use judge::{Coverage, judge, judge_refused};
pub use rehearsal::{Rehearsal, RehearsalError, Rehearsed, SentRequest, rehearse, stand_ins};
