//! What the verbs that run something share: the playbook, its rows and variables, the pace, the confirmations.

use std::path::PathBuf;

use clap::builder::FalseyValueParser;
use clap::{Args, ValueHint};

use super::report::EndReportArgs;
use super::values::{given_rows, max_fail, pair};
use crate::model::Rate;
use crate::operate::{Confirmed, GivenRows, MaxFail, Pace, RunInput};
use crate::playbook::WaveSize;
use crate::runner::Selection;

/// The environment, the rows and the variables.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct InputArgs {
    /// Environment of the settings [default: sandbox]
    #[arg(long, value_name = "NAME")]
    pub(crate) env: Option<String>,
    /// Take other rows: a file, `-`, or run:ID
    ///
    /// FILE replaces the file that the playbook names. `-` is standard input, run:ID the rows of another run. NAME=FILE
    /// gives the rows of one of the playbook's lists. May be repeated.
    #[arg(long, value_name = "FILE", env = "RUNSHEET_ROWS", hide_env_values = true, value_parser = given_rows)]
    pub(crate) rows: Vec<GivenRows>,
    /// Set a variable of the playbook; may be repeated
    #[arg(long = "var", value_name = "NAME=VALUE", env = "RUNSHEET_VAR", hide_env_values = true, value_parser = pair)]
    pub(crate) vars: Vec<(String, String)>,
    /// Read variables from a YAML or JSON file; --var wins
    #[arg(long, value_name = "FILE", env = "RUNSHEET_VARS_FILE", hide_env_values = true)]
    pub(crate) vars_file: Option<PathBuf>,
    /// Refuse an empty list instead of warning about it
    #[arg(long, env = "RUNSHEET_FAIL_EMPTY", hide_env_values = true, value_parser = FalseyValueParser::new())]
    pub(crate) fail_empty: bool,
}

impl InputArgs {
    /// The input of a request.
    pub(crate) fn input(&self) -> RunInput {
        let Self { env, rows, vars, vars_file, fail_empty } = self.clone();
        RunInput { environment: env, rows, vars, vars_file, fail_empty }
    }
}

/// The playbook and its rows: what `run` and `plan` share.
#[derive(Debug, Clone, Args)]
pub(crate) struct WorkArgs {
    /// Playbook to run
    #[arg(value_name = "PLAYBOOK")]
    pub(crate) playbook: PathBuf,
    /// Environment, rows and variables.
    #[command(flatten)]
    pub(crate) input: InputArgs,
    /// Take only the first N rows
    #[arg(long, value_name = "N", env = "RUNSHEET_LIMIT", hide_env_values = true, help_heading = "Which rows")]
    pub(crate) limit: Option<u64>,
    /// Take only the row with this key; may be repeated
    #[arg(long, value_name = "KEY", env = "RUNSHEET_ONLY", hide_env_values = true, help_heading = "Which rows")]
    pub(crate) only: Vec<String>,
    /// Start at row N; the header is row 1, as in a spreadsheet
    #[arg(long, value_name = "N", env = "RUNSHEET_FROM_ROW", hide_env_values = true, help_heading = "Which rows")]
    pub(crate) from_row: Option<u64>,
    /// Run the valid rows; report the invalid ones as failed
    #[arg(long, env = "RUNSHEET_SKIP_INVALID", hide_env_values = true, value_parser = FalseyValueParser::new(), help_heading = "Which rows")]
    pub(crate) skip_invalid: bool,
    /// Send again what another run has sent; asks first
    #[arg(long, help_heading = "Safety")]
    pub(crate) again: bool,
}

impl WorkArgs {
    /// The rows that are taken.
    pub(crate) fn selection(&self) -> Selection {
        Selection { limit: self.limit, only: self.only.clone(), from_row: self.from_row }
    }
}

/// The pace and the stop rules.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct LimitArgs {
    /// Have at most N calls under way at once
    #[arg(long, value_name = "N", env = "RUNSHEET_IN_FLIGHT", hide_env_values = true, value_parser = clap::value_parser!(u32).range(1..), help_heading = "Pace")]
    pub(crate) in_flight: Option<u32>,
    /// Send at most this many calls: 10/s, 100/20s, 10/m
    #[arg(long, value_name = "RATE", env = "RUNSHEET_RATE", hide_env_values = true, value_parser = Rate::parse, help_heading = "Pace")]
    pub(crate) rate: Option<Rate>,
    /// Stop when this many rows have failed: 50 or 10%
    #[arg(long, value_name = "N|N%", env = "RUNSHEET_MAX_FAIL", hide_env_values = true, value_parser = max_fail, help_heading = "Safety")]
    pub(crate) max_fail: Option<MaxFail>,
    /// Run waves of these sizes first, then the rest: 3,10%
    ///
    /// Each wave must pass the playbook's gate before the next one starts. Without a gate, all of its rows must succeed.
    #[arg(long, value_name = "SIZES", env = "RUNSHEET_WAVES", hide_env_values = true, value_delimiter = ',', value_parser = WaveSize::parse, help_heading = "Safety")]
    pub(crate) waves: Vec<WaveSize>,
}

impl LimitArgs {
    /// The pace of a request, without a folder for results.
    pub(crate) fn pace(&self) -> Pace {
        let Self { in_flight, rate, max_fail, waves } = self.clone();
        Pace { in_flight, rate, max_fail, waves, out: None }
    }
}

/// The pace, the stop rules, the confirmations and the folder for results.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct PaceArgs {
    /// Pace and stop rules.
    #[command(flatten)]
    pub(crate) limits: LimitArgs,
    /// Send to an environment that asks, without asking
    #[arg(long, help_heading = "Safety")]
    pub(crate) yes: bool,
    /// Confirm dangerous effects: the number of rows that they touch
    #[arg(long, value_name = "ROWS", help_heading = "Safety")]
    pub(crate) confirm: Option<u64>,
    /// Folder for the result files [default: the run's folder]
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath, env = "RUNSHEET_OUT", hide_env_values = true)]
    pub(crate) out: Option<PathBuf>,
    /// The reports that are written at the end.
    #[command(flatten)]
    pub(crate) reports: EndReportArgs,
}

impl PaceArgs {
    /// The pace of a request.
    pub(crate) fn pace(&self) -> Pace {
        Pace { out: self.out.clone(), ..self.limits.pace() }
    }

    /// The confirmations of a request.
    pub(crate) fn confirmed(&self) -> Confirmed {
        Confirmed { environment: self.yes, rows: self.confirm }
    }
}
