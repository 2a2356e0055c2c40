//! The one integration binary: the shape of the sources, and the program as a user runs it.

#![allow(clippy::unwrap_used, clippy::print_stdout)]

mod across_runs;
mod again;
mod architecture;
mod bounds;
mod cases;
mod corpus;
mod crashes;
mod damage;
mod decisions;
mod diagnostics;
mod events;
mod explain;
mod fmt;
mod hours;
mod manual;
mod old_journals;
mod own_provider;
mod playbooks;
mod program;
mod quotas;
mod row_formats;
mod run_rows;
mod schemas;
mod secrets;
mod settings;
mod signals;
mod simulation;
mod starters;
mod thousands;
mod tour;
mod troubles;
mod vendors;
mod verbs;
mod workbooks;
