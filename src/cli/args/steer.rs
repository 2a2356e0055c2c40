//! The arguments of the verbs that steer a run: `ctl` and `cancel`.

use clap::{Args, ValueEnum};

/// A command to a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum CtlCommand {
    /// Send nothing new until `resume`; a pause also holds after a crash
    Pause,
    /// End the pause
    Resume,
    /// Stop in order; `runsheet resume` continues the run
    Drain,
    /// Stop in order and close the run; only `runsheet retry` does what is missing
    Cancel,
    /// Send at most this many calls: `rate 5/s`
    Rate,
    /// Have at most this many calls under way at once: `in-flight 4`
    InFlight,
}

impl CtlCommand {
    /// The word that is typed.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Pause => "pause",
            Self::Resume => "resume",
            Self::Drain => "drain",
            Self::Cancel => "cancel",
            Self::Rate => "rate",
            Self::InFlight => "in-flight",
        }
    }
}

/// `ctl`.
#[derive(Debug, Args)]
pub(crate) struct CtlArgs {
    /// Run to steer: its id, a unique beginning of it, or `latest`
    #[arg(value_name = "RUN")]
    pub(crate) run: String,
    /// What to do: pause, resume, drain, cancel, rate or in-flight
    #[arg(value_name = "COMMAND", value_enum, hide_possible_values = true)]
    pub(crate) command: CtlCommand,
    /// The rate (5/s) for `rate`, the number of calls (4) for `in-flight`
    #[arg(value_name = "VALUE")]
    pub(crate) value: Option<String>,
    /// Cancel without being asked
    #[arg(long, help_heading = "Safety")]
    pub(crate) yes: bool,
}

/// `cancel`.
#[derive(Debug, Args)]
pub(crate) struct CancelArgs {
    /// Run to cancel: its id, a unique beginning of it, or `latest`
    #[arg(value_name = "RUN")]
    pub(crate) run: String,
    /// Cancel without being asked
    #[arg(long, help_heading = "Safety")]
    pub(crate) yes: bool,
}
