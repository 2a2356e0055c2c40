//! runsheet: a declarative batch runner.
//!
//! A playbook (YAML) lists typed steps against approval, e-signature and appointment vendors; a CSV
//! gives the rows; runsheet runs the steps for every row and never loses or doubles an effect.
//!
//! The modules below are floors, ground first. A module imports only from those listed before it;
//! the test `imports_point_downwards` reads the sources and holds it.
//!
//! | floor | what it holds |
//! |---|---|
//! | [`model`] | words everyone shares: ids, values, times, requests, dispositions, outcomes; what must not be seen |
//! | [`diagnostic`] | messages about the user's files: source text, spans, many at once |
//! | [`yaml`] | YAML text to a tree that keeps every scalar's source text and place |
//! | [`template`] | Handlebars set up once; typed rendering; the names that a text uses |
//! | [`provider`] | what a vendor is, read from files: operations, requests, answers, signing |
//! | [`playbook`] | what the user wrote: YAML to a checked playbook with spans |
//! | [`rows`] | row files to typed rows with places; one-to-many lists |
//! | [`plan`] | playbook × settings × rows: the bound plan, row checks, effects |
//! | [`policy`] | retry, back-off, limits, stop rules, waves, budgets, windows as arithmetic over given instants |
//! | [`journal`] | what happened, as data: entries, legal transitions, fold, the books |
//! | [`engine`] | the state machines: facts in, actions out; no clock, no I/O |
//! | [`report`] | a run's record to result files and summaries |
//! | [`io`] | transport, journal store, credentials, clock, files |
//! | [`runner`] | the local driver of the engine; signals |
//! | [`sandbox`] | the vendors' simulators and their faults |
//! | [`testing`] | a playbook's tests: read, rehearsed in a time of their own, compared |
//! | [`cli`] | arguments, settings, one file per verb, progress, exit codes |
//!
//! What very large runs take in time, disk and memory stands in [`runner`].

#![cfg_attr(test, allow(clippy::wildcard_enum_match_arm, reason = "a test names only what it expects"))]

pub mod cli;
pub mod diagnostic;
pub mod engine;
pub mod io;
pub mod journal;
pub mod model;
pub mod plan;
pub mod playbook;
pub mod policy;
pub mod provider;
pub mod report;
pub mod rows;
pub mod runner;
pub mod sandbox;
pub mod template;
pub mod testing;
pub mod yaml;
