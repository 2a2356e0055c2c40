//! The arguments that a run, its resumption, its retry and its undo share.

use std::path::PathBuf;

use clap::Args;

use super::options::max_fail;
use crate::model::Rate;
use crate::operate::{Confirmed, MaxFail, Pace};
use crate::playbook::WaveSize;

/// What a run, its resumption and a plan share: pace and stop rules.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct LimitArgs {
    /// Calls under way at once, at most
    #[arg(long, value_name = "N", env = "RUNSHEET_IN_FLIGHT", hide_env_values = true, value_parser = clap::value_parser!(u32).range(1..), help_heading = "Pace")]
    pub(crate) in_flight: Option<u32>,
    /// Calls in a time, at most: 10/s, 100/20s, 10/m
    #[arg(long, value_name = "RATE", env = "RUNSHEET_RATE", hide_env_values = true, value_parser = Rate::parse, help_heading = "Pace")]
    pub(crate) rate: Option<Rate>,
    /// Stop once so many rows failed: 50 or 10%
    #[arg(long, value_name = "N|N%", env = "RUNSHEET_MAX_FAIL", hide_env_values = true, value_parser = max_fail, help_heading = "Safety")]
    pub(crate) max_fail: Option<MaxFail>,
    /// Run the rows in waves of these sizes, then the rest: 3,10%; each must pass the playbook's gate, or wholly succeed
    #[arg(long, value_name = "SIZES", env = "RUNSHEET_WAVES", hide_env_values = true, value_delimiter = ',', value_parser = WaveSize::parse, help_heading = "Safety")]
    pub(crate) waves: Vec<WaveSize>,
}

impl LimitArgs {
    /// How the run would go, as a request has it.
    pub(crate) fn pace(&self) -> Pace {
        let Self { in_flight, rate, max_fail, waves } = self.clone();
        Pace { in_flight, rate, max_fail, waves, out: None }
    }
}

/// What a run and its resumption share: pace, stop rules, confirmations, where results go.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct PaceArgs {
    /// Pace and stop rules.
    #[command(flatten)]
    pub(crate) limits: LimitArgs,
    /// Answer yes to the environment's question
    #[arg(long, help_heading = "Safety")]
    pub(crate) yes: bool,
    /// Confirm dangerous effects by the number of rows they touch
    #[arg(long, value_name = "ROWS", help_heading = "Safety")]
    pub(crate) confirm: Option<u64>,
    /// Folder for the result files [default: the run's folder]
    #[arg(long, value_name = "DIR", env = "RUNSHEET_OUT", hide_env_values = true)]
    pub(crate) out: Option<PathBuf>,
}

impl PaceArgs {
    /// How the run goes, as a request has it.
    pub(crate) fn pace(&self) -> Pace {
        Pace { out: self.out.clone(), ..self.limits.pace() }
    }

    /// What is confirmed ahead.
    pub(crate) fn confirmed(&self) -> Confirmed {
        Confirmed { environment: self.yes, rows: self.confirm }
    }
}
