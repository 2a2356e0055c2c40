//! Answers and facts in, calls and facts out: what the machine of a row decides.

mod answers;
mod copies;
mod ends;
mod lookups;
mod masks;
mod requests;
mod resume;
mod retries;
mod rollbacks;
mod row_bench;
mod settled;
mod steps;
mod undo;
