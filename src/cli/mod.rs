//! The command line: arguments to requests, reports to text or JSON, progress, exit codes.
//!
//! A verb is a file, or a folder with its `verb.rs`, and a variant of `args::Verb`. The other folders come first:
//!
//! | folder | what it holds |
//! |---|---|
//! | `args` | the command line as clap reads it |
//! | `output` | what is printed, asked and exited with |

mod args;
mod check;
mod completions;
mod context;
mod ctl;
mod end_reports;
mod entry;
mod explain;
mod fmt;
mod man;
mod new;
mod operations;
mod output;
mod plan;
mod report;
mod resolve;
mod resume;
mod retry;
mod run;
mod runs;
mod sandbox;
mod schema;
mod test;
mod ui;
mod undo;
mod why;

pub use entry::main;
