//! The arguments of the verbs that follow up on a run: `retry`, `undo` and `resolve`.

use std::path::PathBuf;

use clap::builder::FalseyValueParser;
use clap::{Args, ValueEnum};

use super::values::{given_rows, pair};
use super::work::PaceArgs;
use crate::operate::{self, GivenRows};

/// The rows that a retry takes, by outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum RetryOutcome {
    /// No effect of the row stands.
    Failed,
    /// Some effects of the row stand.
    Partial,
    /// Nothing was sent.
    #[value(name = "not_started", alias = "not-started")]
    NotStarted,
    /// The row was unknown and has been settled.
    Unknown,
}

impl From<RetryOutcome> for operate::RetryOutcome {
    fn from(outcome: RetryOutcome) -> Self {
        match outcome {
            RetryOutcome::Failed => Self::Failed,
            RetryOutcome::Partial => Self::Partial,
            RetryOutcome::NotStarted => Self::NotStarted,
            RetryOutcome::Unknown => Self::Unknown,
        }
    }
}

/// `retry`.
#[derive(Debug, Args)]
pub(crate) struct RetryArgs {
    /// Run to retry: its id, a unique beginning of it, or `latest`
    #[arg(value_name = "RUN")]
    pub(crate) run: String,
    /// Take rows of these outcomes [default: failed,partial,not_started]
    ///
    /// The outcomes are failed, partial, not_started and unknown, separated by commas.
    #[arg(
        long,
        value_enum,
        value_delimiter = ',',
        value_name = "OUTCOMES",
        env = "RUNSHEET_ONLY",
        hide_env_values = true,
        default_values = ["failed", "partial", "not_started"],
        hide_default_value = true,
        hide_possible_values = true
    )]
    pub(crate) only: Vec<RetryOutcome>,
    /// Take only the rows of FILE, corrected or not
    ///
    /// Rows are known by their keys. `-` is standard input. NAME=FILE gives the rows of one of the playbook's lists.
    #[arg(long, value_name = "FILE", env = "RUNSHEET_ROWS", hide_env_values = true, value_parser = given_rows)]
    pub(crate) rows: Vec<GivenRows>,
    /// Take a corrected playbook; its steps are known by their ids
    #[arg(long, value_name = "FILE", env = "RUNSHEET_PLAYBOOK", hide_env_values = true)]
    pub(crate) playbook: Option<PathBuf>,
    /// Pace, stop rules and confirmations.
    #[command(flatten)]
    pub(crate) pace: PaceArgs,
}

/// `undo`.
#[derive(Debug, Args)]
pub(crate) struct UndoArgs {
    /// Run to take back: its id, a unique beginning of it, or `latest`
    #[arg(value_name = "RUN")]
    pub(crate) run: String,
    /// Show what would be taken back, and send nothing
    #[arg(long, env = "RUNSHEET_DRY_RUN", hide_env_values = true, value_parser = FalseyValueParser::new(), help_heading = "Safety")]
    pub(crate) dry_run: bool,
    /// Pace, stop rules and confirmations.
    #[command(flatten)]
    pub(crate) pace: PaceArgs,
}

/// `why`.
#[derive(Debug, Args)]
pub(crate) struct WhyArgs {
    /// Run of the row: its id, a unique beginning of it, or `latest`
    #[arg(value_name = "RUN")]
    pub(crate) run: String,
    /// Key of the row; not needed if the run has only one
    #[arg(value_name = "KEY", conflicts_with_all = ["row", "kind", "before", "after"])]
    pub(crate) key: Option<String>,
    /// Show only this step
    #[arg(long, value_name = "ID", env = "RUNSHEET_STEP", hide_env_values = true)]
    pub(crate) step: Option<String>,
    /// Show the row with this number, where the header is 1
    #[arg(long, value_name = "NUMBER", env = "RUNSHEET_ROW", hide_env_values = true, conflicts_with_all = ["kind", "before", "after"])]
    pub(crate) row: Option<u64>,
    /// Show one row of the N-th kind of failure, as `runs show` numbers them
    #[arg(long, value_name = "N", env = "RUNSHEET_KIND", hide_env_values = true, conflicts_with_all = ["before", "after"])]
    pub(crate) kind: Option<usize>,
    /// Show the steps that run once before the rows
    #[arg(long, env = "RUNSHEET_BEFORE", hide_env_values = true, value_parser = FalseyValueParser::new(), conflicts_with = "after")]
    pub(crate) before: bool,
    /// Show the steps that run once after the rows
    #[arg(long, env = "RUNSHEET_AFTER", hide_env_values = true, value_parser = FalseyValueParser::new())]
    pub(crate) after: bool,
}

/// The outcome that a person states.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SettleAs {
    /// It took effect.
    Done,
    /// Nothing took effect.
    Failed,
}

impl From<SettleAs> for operate::SettleAs {
    fn from(settled: SettleAs) -> Self {
        match settled {
            SettleAs::Done => Self::Done,
            SettleAs::Failed => Self::Failed,
        }
    }
}

/// `resolve`.
#[derive(Debug, Args)]
pub(crate) struct ResolveArgs {
    /// Run to settle: its id, a unique beginning of it, or `latest`
    #[arg(value_name = "RUN")]
    pub(crate) run: String,
    /// Settle only the row with this key
    #[arg(long, value_name = "KEY", env = "RUNSHEET_KEY", hide_env_values = true)]
    pub(crate) key: Option<String>,
    /// Settle only this step
    #[arg(long, value_name = "ID", env = "RUNSHEET_STEP", hide_env_values = true)]
    pub(crate) step: Option<String>,
    /// State the outcome of the calls: `done` or `failed`
    #[arg(
        long = "as",
        value_enum,
        value_name = "done|failed",
        env = "RUNSHEET_AS",
        hide_env_values = true,
        hide_possible_values = true
    )]
    pub(crate) settle_as: Option<SettleAs>,
    /// Give an output of the call that is done; may be repeated
    #[arg(
        long = "output",
        value_name = "NAME=VALUE",
        env = "RUNSHEET_OUTPUT",
        hide_env_values = true,
        requires = "settle_as",
        value_parser = pair
    )]
    pub(crate) outputs: Vec<(String, String)>,
    /// Say why, and who you are, for the journal
    #[arg(long, value_name = "TEXT", env = "RUNSHEET_NOTE", hide_env_values = true, requires = "settle_as")]
    pub(crate) note: Option<String>,
    /// Settle a whole run that lost its folder or part of its journal
    #[arg(
        long,
        env = "RUNSHEET_LOST",
        hide_env_values = true,
        value_parser = FalseyValueParser::new(),
        requires = "settle_as",
        requires = "note",
        conflicts_with_all = ["key", "step", "outputs", "from"]
    )]
    pub(crate) lost: bool,
    /// With --lost --as done: only the rows of FILE are done
    ///
    /// FILE has the key columns of the list. The other rows count as not done.
    #[arg(long, value_name = "FILE", env = "RUNSHEET_LOST_ROWS", hide_env_values = true, requires = "lost")]
    pub(crate) rows: Option<PathBuf>,
    /// Settle what a filled-in unknown.csv says
    #[arg(long, value_name = "FILE", env = "RUNSHEET_FROM", hide_env_values = true, conflicts_with_all = ["key", "step", "settle_as", "outputs", "note"])]
    pub(crate) from: Option<PathBuf>,
}
