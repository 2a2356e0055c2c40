//! The commands that steer a run while it is under way, who gave them, and why a run refuses one.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::rate_ladder::RateStep;
use crate::model::{Rate, words};

/// A command that steers a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SteerCommand {
    /// Send nothing new until [`SteerCommand::Resume`]. The pause also holds after a crash.
    Pause,
    /// End the pause.
    Resume,
    /// Stop in order: calls under way end, and the run can be resumed.
    Drain,
    /// Stop in order and close the run: it cannot be resumed.
    Cancel,
    /// Send at most this many calls.
    Rate(Rate),
    /// Have at most this many calls under way at once; at least 1.
    InFlight(u32),
}

impl SteerCommand {
    /// The word of the command, without its value.
    #[must_use]
    pub(crate) fn word(self) -> SteerWord {
        match self {
            Self::Pause => SteerWord::Pause,
            Self::Resume => SteerWord::Resume,
            Self::Drain => SteerWord::Drain,
            Self::Cancel => SteerWord::Cancel,
            Self::Rate(_) => SteerWord::Rate,
            Self::InFlight(_) => SteerWord::InFlight,
        }
    }
}

impl fmt::Display for SteerCommand {
    /// What the command did, as the beginning of `… by mei`: `paused`, `rate set to 5/s`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Pause => f.write_str("paused"),
            Self::Resume => f.write_str("pause ended"),
            Self::Drain => f.write_str("drained"),
            Self::Cancel => f.write_str("cancelled"),
            Self::Rate(rate) => write!(f, "rate set to {rate}"),
            Self::InFlight(calls) => write!(f, "calls under way at once set to {calls}"),
        }
    }
}

words! {
    /// The word of a command, as journals, summaries and events name it.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
    #[serde(rename_all = "snake_case")]
    pub enum SteerWord {
        /// Send nothing new until the pause ends.
        Pause = "pause",
        /// End the pause.
        Resume = "resume",
        /// Stop in order; the run can be resumed.
        Drain = "drain",
        /// Stop in order and close the run.
        Cancel = "cancel",
        /// Set the run's own rate.
        Rate = "rate",
        /// Set how many calls may be under way at once.
        InFlight = "in_flight",
    }
}

words! {
    /// Where a command was given.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
    #[serde(rename_all = "snake_case")]
    pub enum SteerOrigin {
        /// A key in the run's own terminal.
        Key = "key",
        /// `runsheet ctl` or `runsheet cancel`.
        Ctl = "ctl",
        /// The web page.
        Page = "page",
        /// The program that runs the playbook through the library.
        Program = "program",
    }
}

/// Who gave a command, and from where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SteeredBy {
    /// The name of the user.
    #[serde(rename = "who")]
    pub name: String,
    /// The id of the user on the machine.
    pub uid: u32,
    /// Where it was given: `key`, `ctl`, `page` or `program`.
    pub from: SteerOrigin,
}

impl fmt::Display for SteeredBy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, from, .. } = self;
        match from {
            SteerOrigin::Key => write!(f, "{name} (key)"),
            SteerOrigin::Ctl => write!(f, "{name} (`ctl`)"),
            SteerOrigin::Page => write!(f, "{name} (page)"),
            SteerOrigin::Program => write!(f, "{name} (program)"),
        }
    }
}

/// What a person wants of a run. Some wishes become a command only with the run's present state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SteerWish {
    /// This command.
    Do(SteerCommand),
    /// Pause where it is not paused, else end the pause.
    TogglePause,
    /// The next higher or lower rate.
    StepRate(RateStep),
}

/// What became of a wish.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SteerDone {
    /// The command that the wish came to in the state of the run, such as `pause` for [`SteerWish::TogglePause`].
    pub command: SteerCommand,
    /// Whether the run was as wanted already, so that nothing was written.
    #[serde(default)]
    pub already: bool,
}

/// Why a run does not take a command.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SteerRefusal {
    /// No run is under way yet.
    #[error("no run is under way")]
    NotUnderWay,
    /// All calls have ended.
    #[error("all calls of the run have ended, and it writes its results")]
    Ended,
    /// It stops for this reason.
    #[error("the run is stopping: {0}")]
    Stopping(String),
    /// The rate is above the highest one.
    #[error("the run may send at most {most}: a higher limit stands in neither its playbook nor its command line")]
    RateTooHigh {
        /// The highest rate.
        most: Rate,
    },
    /// The rate is the highest one already.
    #[error("the rate is the highest one already: {most}")]
    HighestRate {
        /// The highest rate.
        most: Rate,
    },
    /// The run has no rate of its own: only the rates of its operations bind.
    #[error(
        "no rate of the run's own is set, so there is nothing to raise: each operation has the rate of its connection"
    )]
    NoRateToRaise,
    /// The rate is already the lowest one that [`RateStep::Down`] sets.
    #[error("the rate is the lowest one that a key sets: {least}; `runsheet ctl RUN rate` sets any")]
    LowestRate {
        /// The lowest rate.
        least: Rate,
    },
    /// More calls than may be under way.
    #[error("the run may have at most {most} calls under way at once")]
    TooManyInFlight {
        /// The most calls.
        most: u32,
    },
    /// No call at all may be under way.
    #[error("a run needs at least one call at once: `pause` is what sends nothing")]
    NoneInFlight,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rate(text: &str) -> Rate {
        Rate::parse(text).unwrap()
    }

    #[test]
    fn a_command_is_read_as_it_was_written() {
        for (command, json) in [
            (SteerCommand::Pause, r#""pause""#),
            (SteerCommand::Resume, r#""resume""#),
            (SteerCommand::Drain, r#""drain""#),
            (SteerCommand::Cancel, r#""cancel""#),
            (SteerCommand::Rate(rate("5/s")), r#"{"rate":"5/s"}"#),
            (SteerCommand::InFlight(4), r#"{"in_flight":4}"#),
        ] {
            assert_eq!(serde_json::to_string(&command).unwrap(), json);
            assert_eq!(serde_json::from_str::<SteerCommand>(json).unwrap(), command);
            assert!(json.contains(command.word().as_str()), "{json}");
        }
    }

    #[test]
    fn every_command_and_every_origin_has_its_words() {
        let said = [
            SteerCommand::Pause,
            SteerCommand::Resume,
            SteerCommand::Drain,
            SteerCommand::Cancel,
            SteerCommand::Rate(rate("5/s")),
            SteerCommand::InFlight(4),
        ]
        .map(|command| command.to_string());
        let words =
            ["paused", "pause ended", "drained", "cancelled", "rate set to 5/s", "calls under way at once set to 4"];
        assert_eq!(said, words);
        let by = SteerOrigin::ALL.map(|from| SteeredBy { name: "mei".into(), uid: 7, from }.to_string());
        assert_eq!(by, ["mei (key)", "mei (`ctl`)", "mei (page)", "mei (program)"]);
    }
}
