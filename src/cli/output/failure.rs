//! A verb that could not do its work: the message and the exit code.

use std::io;

use super::exit::Exit;
use super::messages::{counts, show_messages};
use super::screen::{Output, Screen};
use crate::diagnostic::Diagnostics;
use crate::model::Value;
use crate::operate::Refusal;

/// A verb that could not do its work.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The command line names something that does not exist, or its parts do not fit together.
    Usage(String),
    /// Files are wrong; nothing was sent.
    Invalid(Diagnostics),
    /// A conflict, or a missing confirmation.
    Conflict(String),
    /// The machine or the program is broken.
    Broken(anyhow::Error),
}

/// The result of a verb.
pub(crate) type VerbResult = Result<Exit, Failure>;

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        Self::Broken(error)
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Usage(message) => Self::Usage(message),
            Refusal::Invalid(diagnostics) => Self::Invalid(diagnostics),
            Refusal::Conflict(message) => Self::Conflict(message),
            Refusal::Broken(failed) => Self::Broken(failed.into()),
        }
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Broken(error.into())
    }
}

impl Failure {
    /// Its outcome for programs, the message, and the messages about files.
    pub(crate) fn parts(&self) -> (&'static str, String, Option<Value>) {
        match self {
            Self::Usage(message) => ("usage", message.clone(), None),
            Self::Conflict(message) => ("conflict", message.clone(), None),
            Self::Broken(error) => ("broken", format!("{error:#}"), None),
            Self::Invalid(diagnostics) => {
                ("invalid", format!("{}: nothing was sent", counts(diagnostics)), Some(diagnostics.to_json()))
            }
        }
    }

    /// Prints the message, and for `--format json` the JSON, and returns the exit code.
    pub(crate) fn report(self, screen: Screen) -> Exit {
        match self {
            Self::Usage(message) => show(screen, Exit::Usage, "usage", &message),
            Self::Conflict(message) => show(screen, Exit::Conflict, "conflict", &message),
            Self::Broken(error) => show(screen, Exit::Broken, "broken", &format!("{error:#}")),
            Self::Invalid(diagnostics) => {
                show_messages(&diagnostics, screen);
                screen.say(&format!("\n{}: nothing was sent", counts(&diagnostics)));
                if screen.json() {
                    let json = serde_json::json!({"outcome": "invalid", "diagnostics": diagnostics.to_json()});
                    let _ = screen.data(Output::json(&json));
                }
                Exit::Invalid
            }
        }
    }
}

fn show(screen: Screen, exit: Exit, outcome: &str, message: &str) -> Exit {
    screen.say_always(&format!("error: {message}"));
    if screen.json() {
        let _ = screen.data(Output::json(&serde_json::json!({"outcome": outcome, "message": message})));
    }
    exit
}
