//! runsheet: a declarative batch runner.
//!
//! A playbook (YAML) lists typed steps against approval, e-signature and appointment vendors; a CSV
//! gives the rows; runsheet runs the steps for every row and never loses or doubles an effect.
//!
//! It runs on Linux, macOS and other Unix systems.
//!
//! The program `runsheet` is the usual way to use it. This library is what the program is made of: [`operate`] holds
//! one function for each verb that works with playbooks and runs, for programs that run playbooks themselves.
//!
//! ```
//! use runsheet::operate::{Context, RunRequest, run};
//!
//! let state = tempfile::tempdir()?;
//! let context = Context::new().state_folder(state.path());
//! let report = run(&RunRequest::new("playbooks/close-appointments.yaml"), &context)?;
//! assert_eq!(report.summary.rows.succeeded, report.summary.rows.total);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # The floors
//!
//! The modules below are floors, ground first. A module imports only from those listed before it;
//! the test `imports_point_downwards` reads the sources and holds it. All but `operate` are private.
//!
//! | floor | what it holds |
//! |---|---|
//! | `model` | words everyone shares: ids, values, times, requests, dispositions, outcomes; what must not be seen |
//! | `diagnostic` | messages about the user's files: source text, spans, many at once |
//! | `yaml` | YAML text to a tree that keeps every scalar's source text and place |
//! | `language` | the keys of every file that people write, as tables; typed access to them |
//! | `template` | Handlebars set up once; typed rendering; the names that a text uses |
//! | `provider` | what a vendor is, read from files: operations, requests, answers, signing |
//! | `playbook` | what the user wrote: YAML to a checked playbook with spans |
//! | `settings` | `runsheet.yaml`: environments, connections, the names of credentials, limits |
//! | `rows` | row files to typed rows with places; one-to-many lists |
//! | `plan` | playbook × settings × rows: the bound plan, row checks, effects |
//! | `policy` | retry, back-off, limits, stop rules, waves, budgets, windows as arithmetic over given instants |
//! | `journal` | what happened, as data: facts, which may follow which, the fold to a state, the audit |
//! | `engine` | the state machines: facts in, actions out; no clock, no I/O |
//! | `report` | a run's record to result files and summaries |
//! | `io` | transport, journal store, credentials, clock, files |
//! | `runner` | the local driver of the engine; signals |
//! | `sandbox` | the vendors' simulators and their faults |
//! | `testing` | a playbook's tests: read, rehearsed in a time of their own, compared |
//! | `operate` | the use cases: check, plan, run, resume, retry, undo, resolve, ctl, runs, show, diff, prune, why, report, rows, export, test |
//! | `ui` | the live page: an HTTP server on this machine over the use cases |
//! | `cli` | arguments to requests, reports to text or JSON, one file or folder per verb, progress, exit codes |
//!
//! What very large runs take in time, disk and memory stands beside `runner`, in `scale.md`.

// The face of a floor is `pub` for the floors above it; the feature `internals` makes it reachable from outside.
#![cfg_attr(not(feature = "internals"), allow(unreachable_pub, unused_imports))]
#![cfg_attr(test, allow(clippy::wildcard_enum_match_arm, reason = "a test names only what it expects"))]

#[cfg(not(unix))]
compile_error!(
    "runsheet runs on Linux, macOS and other Unix systems: it needs their file locks, file owners, syncs and signals"
);

mod cli;
mod diagnostic;
mod engine;
mod io;
mod journal;
mod language;
mod model;
pub mod operate;
mod plan;
mod playbook;
mod policy;
mod provider;
mod report;
mod rows;
mod runner;
mod sandbox;
mod settings;
mod template;
mod testing;
mod ui;
mod yaml;

#[doc(hidden)]
pub use cli::main;

/// The floors as this project's own tests, benches and fuzz targets see them. Not part of the library: it may change
/// with every version.
#[cfg(feature = "internals")]
#[doc(hidden)]
pub mod internals {
    /// Opens floors under their own names.
    macro_rules! open {
        ($($floor:ident)*) => {
            $(pub mod $floor {
                pub use crate::$floor::*;
            })*
        };
    }

    open! {
        diagnostic engine io journal language model plan playbook policy provider report rows runner sandbox settings template
        testing ui yaml
    }
}
