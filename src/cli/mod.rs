//! Arguments, settings, one file per verb, progress, output and exit codes.

mod entry;

pub use entry::main;
