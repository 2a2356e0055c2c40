//! How a run was steered, as summaries and events show it.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::journal::{Fact, Steered};
use crate::model::Time;
use crate::policy::{SteerCommand, SteerOrigin, SteerWord, SteeredBy};

/// A command that steered a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SteeringEntry {
    /// The command: `pause`, `resume`, `drain`, `cancel`, `rate` or `in_flight`
    pub what: SteerWord,
    /// The rate that was set: `5/s`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rate: Option<String>,
    /// The most calls under way at once that were set
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_flight: Option<u32>,
    /// The name of the user who gave it
    pub who: String,
    /// The id of that user on the machine
    pub uid: u32,
    /// Where it was given: `key`, `ctl`, `page` or `program`
    pub from: SteerOrigin,
}

/// A command that steered a run, with its time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TimedSteering {
    /// When, RFC 3339
    pub at: String,
    /// The command and the person.
    #[serde(flatten)]
    pub command: SteeringEntry,
}

impl SteeringEntry {
    /// Takes the command of a fact.
    #[must_use]
    pub(crate) fn of(steered: &Steered) -> Self {
        let (rate, in_flight) = match steered.what {
            SteerCommand::Rate(rate) => (Some(rate.to_string()), None),
            SteerCommand::InFlight(calls) => (None, Some(calls)),
            SteerCommand::Pause | SteerCommand::Resume | SteerCommand::Drain | SteerCommand::Cancel => (None, None),
        };
        let SteeredBy { name, uid, from } = steered.by.clone();
        Self { what: steered.what.word(), rate, in_flight, who: name, uid, from }
    }

    /// The person, as messages name them.
    #[must_use]
    pub(crate) fn by(&self) -> SteeredBy {
        SteeredBy { name: self.who.clone(), uid: self.uid, from: self.from }
    }
}

impl fmt::Display for SteeringEntry {
    /// `rate set to 5/s by mei (key)`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.what {
            SteerWord::Pause => f.write_str("paused")?,
            SteerWord::Resume => f.write_str("pause ended")?,
            SteerWord::Drain => f.write_str("drained")?,
            SteerWord::Cancel => f.write_str("cancelled")?,
            SteerWord::Rate => write!(f, "rate set to {}", self.rate.as_deref().unwrap_or_default())?,
            SteerWord::InFlight => {
                write!(f, "calls under way at once set to {}", self.in_flight.unwrap_or_default())?;
            }
        }
        write!(f, " by {}", self.by())
    }
}

/// How a run was steered, by the facts about it, in order.
#[must_use]
pub fn steering_of(facts: &[(Time, Fact)]) -> Vec<TimedSteering> {
    let steered = facts.iter().filter_map(|(at, fact)| match fact {
        Fact::Steered(steered) => Some(TimedSteering { at: at.to_string(), command: SteeringEntry::of(steered) }),
        Fact::Intent(_)
        | Fact::Attempted(_)
        | Fact::StepEnded(_)
        | Fact::RollbackStarted
        | Fact::RowEnded(_)
        | Fact::Settled(_)
        | Fact::Reopened(_)
        | Fact::ImportedCall(_)
        | Fact::ContinuedIn(_)
        | Fact::Began { .. }
        | Fact::Stopped(_)
        | Fact::Finished => None,
    });
    steered.collect()
}

/// The most commands that are listed as text, the last ones.
const LISTED: usize = 6;

/// The commands as lines for a terminal.
#[must_use]
pub fn steering_lines(steered: &[TimedSteering]) -> String {
    let left_out = steered.len().saturating_sub(LISTED);
    let mut lines = String::new();
    if left_out > 0 {
        lines.push_str(&format!("  {left_out} earlier commands, then:\n"));
    }
    for TimedSteering { at, command } in &steered[left_out..] {
        lines.push_str(&format!("  {at}: {command}\n"));
    }
    lines
}

/// Whether a run that was steered like this is paused.
#[must_use]
pub fn is_paused(steered: &[TimedSteering]) -> bool {
    let mut last = steered.iter().rev().map(|one| one.command.what);
    last.find(|what| matches!(what, SteerWord::Pause | SteerWord::Resume)) == Some(SteerWord::Pause)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Rate;

    fn fact(second: i64, what: SteerCommand) -> (Time, Fact) {
        let by = SteeredBy { name: "mei".to_owned(), uid: 7, from: SteerOrigin::Key };
        (Time::from_secs(second), Fact::Steered(Steered { what, by }))
    }

    #[test]
    fn every_command_is_listed_with_its_time_its_value_and_the_person() {
        let rate = Rate::parse("5/s").unwrap();
        let facts = [
            (Time::from_secs(0), Fact::Began { process: 1, by: None }),
            fact(1, SteerCommand::Rate(rate)),
            fact(2, SteerCommand::InFlight(4)),
            fact(3, SteerCommand::Pause),
            fact(4, SteerCommand::Resume),
            fact(5, SteerCommand::Cancel),
        ];
        let steered = steering_of(&facts);
        let said: Vec<String> = steered.iter().map(|one| one.command.to_string()).collect();
        assert_eq!(
            said,
            [
                "rate set to 5/s by mei (key)",
                "calls under way at once set to 4 by mei (key)",
                "paused by mei (key)",
                "pause ended by mei (key)",
                "cancelled by mei (key)",
            ]
        );
        let json = serde_json::to_value(&steered[0]).unwrap();
        let expected = serde_json::json!({
            "at": "1970-01-01T00:00:01Z", "what": "rate", "rate": "5/s", "who": "mei", "uid": 7, "from": "key",
        });
        assert_eq!(json, expected);
        assert_eq!(serde_json::from_value::<TimedSteering>(json).unwrap(), steered[0]);
    }

    #[test]
    fn the_last_commands_are_listed_and_the_others_counted() {
        assert_eq!(steering_lines(&[]), "");
        let facts: Vec<_> = (1..=8).map(|second| fact(second, SteerCommand::InFlight(1))).collect();
        let lines = steering_lines(&steering_of(&facts));
        assert_eq!(lines.lines().count(), LISTED + 1);
        assert!(lines.starts_with("  2 earlier commands, then:\n  1970-01-01T00:00:03Z: calls under way"), "{lines}");
    }

    #[test]
    fn a_run_is_paused_until_its_pause_is_ended() {
        let paused = |facts: &[(Time, Fact)]| is_paused(&steering_of(facts));
        assert!(!paused(&[]) && !paused(&[fact(1, SteerCommand::Drain)]));
        let pause = [fact(1, SteerCommand::Pause), fact(2, SteerCommand::InFlight(1))];
        assert!(paused(&pause));
        assert!(!paused(&[&pause[..], &[fact(3, SteerCommand::Resume)]].concat()));
    }
}
