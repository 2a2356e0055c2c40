//! Arguments, settings, one file per verb, progress, output and exit codes.

mod again_args;
mod args;
mod catalogue;
mod check;
mod completions;
mod desk;
mod entry;
mod exit;
mod explain;
mod export_args;
mod failure;
mod github;
mod help_args;
mod linked;
mod load;
mod operations;
mod options;
mod pace_args;
mod plan;
mod prepare;
mod progress;
mod resolve;
mod retry;
mod row_files;
mod run;
mod runs;
mod sandbox;
mod schema;
mod screen;
mod settings;
mod state;
mod summary_file;
mod told;
mod undo;
mod yaml_text;

pub use entry::main;
