//! The one integration binary: the shape of the sources, and the program as a user runs it.

#![allow(clippy::unwrap_used, clippy::print_stdout)]
#![allow(clippy::wildcard_enum_match_arm, reason = "a test names only what it expects")]

mod across_runs;
mod again;
mod architecture;
mod bounds;
mod cases;
mod corpus;
mod crashes;
mod damage;
mod dead_connections;
mod decisions;
mod diagnostics;
mod embed;
mod events;
mod explain;
mod finished_runs;
mod fmt;
mod full_outputs;
mod hostile_cells;
mod hours;
mod manual;
mod old_journals;
mod operations;
mod own_provider;
mod playbook_tests;
mod playbooks;
mod program;
mod proxies;
mod quotas;
mod row_formats;
mod run_rows;
mod schemas;
mod secrets;
mod settings;
mod signals;
mod simulation;
mod starters;
mod templates;
mod thousands;
mod tour;
mod troubles;
mod vendors;
mod verbs;
mod workbooks;
