//! What the program prints, asks and exits with. Everything goes through the screen.
//!
//! | file or folder | what it holds, each importing only from those before it |
//! |---|---|
//! | `exit` | the exit codes |
//! | `sanitize` | texts without what a terminal or a CI system would act upon |
//! | `screen` | standard output and standard error |
//! | `github` | annotations and the summary of a GitHub job |
//! | `messages` | messages about files |
//! | `failure` | a verb that could not do its work |
//! | `run_report` | how a run came out |
//! | `undo_plan` | the plan of an undo |
//! | `event_file` | `--events` |
//! | `progress/`, `prompt`, `keys`, `terminal` | a run under way, questions, keys, notices |

mod event_file;
mod exit;
mod failure;
mod github;
mod keys;
mod messages;
mod progress;
mod prompt;
mod run_report;
mod sanitize;
mod screen;
mod terminal;
mod undo_plan;

pub(super) use event_file::{close_events, open_events, write_failure};
pub(super) use exit::Exit;
pub(super) use failure::{Failure, VerbResult};
pub(super) use messages::{counts, show_messages};
pub(super) use prompt::{Prompt, ask};
pub(super) use run_report::show_run;
pub(super) use screen::{Output, Screen, TraceWriter, print_for_shell, print_panic, print_usage_error};
pub(super) use terminal::Terminal;
pub(super) use undo_plan::{undo_plan_json, undo_plan_left, undo_plan_text};
