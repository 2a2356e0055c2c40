//! The arguments of the verbs about one run, and of `runs`: `plan`, `run`, `resume`, `runs`.

use std::convert::Infallible;
use std::path::PathBuf;
use std::time::Duration;

use clap::builder::FalseyValueParser;
use clap::{Args, Subcommand, ValueHint};

use super::values::no_plan_file;
use super::work::{LimitArgs, PaceArgs, WorkArgs};
use crate::model::parse_duration;
use crate::operate::RunState;

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
    /// Show what would be sent, and send nothing, as `plan` does
    #[arg(long, env = "RUNSHEET_DRY_RUN", hide_env_values = true, value_parser = FalseyValueParser::new(), help_heading = "Safety")]
    pub(crate) dry_run: bool,
    /// Rehearse with faults, on the sandbox only: lose=2%,seed=7
    #[arg(long, value_name = "SPEC", env = "RUNSHEET_FAULTS", hide_env_values = true, help_heading = "Safety")]
    pub(crate) faults: Option<String>,
}

/// `resume`.
#[derive(Debug, Args)]
pub(crate) struct ResumeArgs {
    /// Run to continue: its id, a unique beginning of it, or `latest`
    #[arg(value_name = "RUN")]
    pub(crate) run: String,
    /// Continue from a copy of the run's folder
    ///
    /// Every call that may have been sent after the copy is in doubt.
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
    /// List the runs, newest first
    List(ListArgs),
    /// Show a run: its rows by outcome, its calls, its files
    Show {
        /// Run to show: its id, a unique beginning of it, or `latest`
        #[arg(value_name = "RUN")]
        run: String,
    },
    /// Compare two runs: their rows, their failures, their latency
    Diff(DiffArgs),
    /// Write result files again, also from a damaged journal
    Export(ExportArgs),
    /// Remove old runs, and keep what proves that nothing is sent twice
    Prune(PruneArgs),
}

/// `runs list`.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct ListArgs {
    /// List only runs of this playbook, named by path or file
    #[arg(long, value_name = "NAME", env = "RUNSHEET_LIST_PLAYBOOK", hide_env_values = true)]
    pub(crate) playbook: Option<String>,
    /// List only runs in this environment
    #[arg(long, value_name = "NAME")]
    pub(crate) env: Option<String>,
    /// List only runs in this state, such as `failed` or `running`
    #[arg(long, value_name = "STATE", env = "RUNSHEET_STATE", hide_env_values = true, value_parser = run_state)]
    pub(crate) state: Option<String>,
    /// List at most N runs, the newest
    #[arg(long, value_name = "N", env = "RUNSHEET_LIST_LIMIT", hide_env_values = true, value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) limit: Option<u64>,
    /// List pruned runs, too
    #[arg(long, env = "RUNSHEET_PRUNED", hide_env_values = true, value_parser = FalseyValueParser::new())]
    pub(crate) pruned: bool,
}

/// `runs diff`.
#[derive(Debug, Clone, Args)]
pub(crate) struct DiffArgs {
    /// First run: its id, a unique beginning of it, or `latest`
    #[arg(value_name = "RUN")]
    pub(crate) run: String,
    /// Second run, usually the later one
    #[arg(value_name = "OTHER")]
    pub(crate) other: String,
    /// Name at most N rows of each kind of change; all are counted
    #[arg(long, value_name = "N", default_value_t = 10, env = "RUNSHEET_NAMED", hide_env_values = true)]
    pub(crate) named: usize,
}

/// `runs prune`.
#[derive(Debug, Clone, Args)]
pub(crate) struct PruneArgs {
    /// Keep runs that recorded anything within this time
    #[arg(long, value_name = "AGE", default_value = "90d", env = "RUNSHEET_OLDER_THAN", hide_env_values = true, value_parser = parse_duration)]
    pub(crate) older_than: Duration,
    /// Keep the N newest runs, whatever their age
    #[arg(long, value_name = "N", default_value_t = 0, env = "RUNSHEET_KEEP", hide_env_values = true)]
    pub(crate) keep: u64,
    /// Show what would be removed, and remove nothing
    #[arg(long, env = "RUNSHEET_DRY_RUN", hide_env_values = true, value_parser = FalseyValueParser::new(), help_heading = "Safety")]
    pub(crate) dry_run: bool,
    /// Remove runs with unknown rows, too; nobody can settle them afterwards
    #[arg(long, help_heading = "Safety")]
    pub(crate) unknown: bool,
    /// Remove runs that can be resumed, too
    #[arg(long, help_heading = "Safety")]
    pub(crate) unfinished: bool,
    /// Remove runs with effects of the last year, too; these are still not made twice
    #[arg(long, help_heading = "Safety")]
    pub(crate) guarding: bool,
    /// Answer the question ahead
    #[arg(long, help_heading = "Safety")]
    pub(crate) yes: bool,
}

/// Reads the word for a state of runs.
///
/// # Errors
/// A message that lists the words.
fn run_state(text: &str) -> Result<String, String> {
    let words = RunState::words();
    match words.contains(&text) {
        true => Ok(text.to_owned()),
        false => Err(format!("there is no such state: write one of {}", words.join(", "))),
    }
}

/// `runs export`.
#[derive(Debug, Clone, Args)]
pub(crate) struct ExportArgs {
    /// Run to export: its id, a unique beginning of it, or `latest`
    #[arg(value_name = "RUN")]
    pub(crate) run: String,
    /// Folder to write the result files into
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath, env = "RUNSHEET_OUT", hide_env_values = true)]
    pub(crate) out: PathBuf,
}
