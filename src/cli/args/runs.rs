//! The arguments of the verbs about one run, and of `runs`: `plan`, `run`, `resume`, `runs`.

use std::convert::Infallible;
use std::path::PathBuf;

use clap::builder::FalseyValueParser;
use clap::{Args, Subcommand};

use super::values::no_plan_file;
use super::work::{LimitArgs, PaceArgs, WorkArgs};

/// `plan`: without the options that only a run can use.
#[derive(Debug, Args)]
pub(crate) struct PlanArgs {
    /// The playbook and its rows.
    #[command(flatten)]
    pub(crate) work: WorkArgs,
    /// Pace and stop rules.
    #[command(flatten)]
    pub(crate) limits: LimitArgs,
    /// Refused: there are no plan files yet. It has no environment variable, as `RUNSHEET_OUT` names a folder for results.
    #[arg(long, value_name = "FILE", hide = true, value_parser = no_plan_file)]
    pub(crate) out: Option<Infallible>,
}

/// `run`.
#[derive(Debug, Args)]
pub(crate) struct RunArgs {
    /// The playbook and its rows.
    #[command(flatten)]
    pub(crate) work: WorkArgs,
    /// Pace, stop rules and confirmations.
    #[command(flatten)]
    pub(crate) pace: PaceArgs,
    /// Show what would be sent, and send nothing; the same as `plan`
    #[arg(long, env = "RUNSHEET_DRY_RUN", hide_env_values = true, value_parser = FalseyValueParser::new(), help_heading = "Safety")]
    pub(crate) dry_run: bool,
    /// Rehearse with trouble (sandbox only), such as `lose=2%,refuse=5%,seed=7`
    #[arg(long, value_name = "SPEC", env = "RUNSHEET_FAULTS", hide_env_values = true, help_heading = "Safety")]
    pub(crate) faults: Option<String>,
}

/// `resume`.
#[derive(Debug, Args)]
pub(crate) struct ResumeArgs {
    /// Run to resume: any unique prefix of its id, or `latest`
    #[arg(value_name = "RUN")]
    pub(crate) run: String,
    /// Resume from a copy of its folder: what may have been sent after the copy is in doubt
    #[arg(long, env = "RUNSHEET_FROM_COPY", hide_env_values = true, value_parser = FalseyValueParser::new(), help_heading = "Safety")]
    pub(crate) from_copy: bool,
    /// Pace, stop rules and confirmations.
    #[command(flatten)]
    pub(crate) pace: PaceArgs,
}

/// `runs`.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct RunsArgs {
    /// The view; `list` by default.
    #[command(subcommand)]
    pub(crate) view: Option<RunsView>,
}

/// The views of `runs`.
#[derive(Debug, Clone, Subcommand)]
pub(crate) enum RunsView {
    /// The runs, newest first
    #[command(before_help = "Examples:\n  runsheet runs list\n  runsheet runs list --format json")]
    List,
    /// One run: its rows by outcome, its calls, its files
    #[command(before_help = "Examples:\n  runsheet runs show latest\n  runsheet runs show 20351122-0046 --format json")]
    Show {
        /// Any unique prefix of the run's id, or `latest`
        #[arg(value_name = "RUN")]
        run: String,
    },
    /// Row files of what is known of each row, also from a damaged journal
    #[command(before_help = "Examples:\n  runsheet runs export latest --out what-is-known")]
    Export(ExportArgs),
}

/// `runs export`.
#[derive(Debug, Clone, Args)]
pub(crate) struct ExportArgs {
    /// Any unique prefix of the run's id, or `latest`
    #[arg(value_name = "RUN")]
    pub(crate) run: String,
    /// Folder for the row files; what a damaged journal cannot prove is unknown in them
    #[arg(long, value_name = "DIR", env = "RUNSHEET_OUT", hide_env_values = true)]
    pub(crate) out: PathBuf,
}
