//! The command line: what each verb takes, and how its words become the parts of a request.
//!
//! | file | what it holds, each importing only from those before it |
//! |---|---|
//! | `values` | values of options that are more than a text |
//! | `every_verb` | the options that every verb takes |
//! | `report` | the arguments about reports |
//! | `work` | what the verbs that run something share |
//! | `authoring`, `runs`, `follow_up`, `steer`, `reference`, `sandbox`, `ui` | the arguments of the verbs |
//! | `texts` | what the help and the manual say beyond the options |
//! | `command_line` | the verbs |
//! | `unused_options` | refuses options that would have no effect |

mod authoring;
mod command_line;
mod every_verb;
mod follow_up;
mod reference;
mod report;
mod runs;
mod sandbox;
mod steer;
mod texts;
mod ui;
mod unused_options;
mod values;
mod work;

pub(super) use authoring::{CheckArgs, FmtArgs, NewArgs, TestArgs};
pub(super) use command_line::{CommandLine, Verb, command_line};
pub(super) use every_verb::{Color, Common, Format};
pub(super) use follow_up::{ResolveArgs, RetryArgs, UndoArgs, WhyArgs};
pub(super) use reference::{CompletionsArgs, ExplainArgs, ManArgs, OperationsArgs, SchemaArgs, SchemaName};
pub(super) use report::{EndReportArgs, ReportArgs};
pub(super) use runs::{DiffArgs, ExportArgs, ListArgs, PlanArgs, PruneArgs, ResumeArgs, RunArgs, RunsArgs, RunsView};
pub(super) use sandbox::SandboxArgs;
pub(super) use steer::{CancelArgs, CtlArgs, CtlCommand};
pub(super) use texts::{VerbText, text_of};
pub(super) use ui::UiArgs;
pub(super) use unused_options::{drives_a_run, unused_option_message};
pub(super) use work::{LimitArgs, WorkArgs};
