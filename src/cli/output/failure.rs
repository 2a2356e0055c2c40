//! Why a verb ended before its work was done, and what the shell is told.

use std::io;

use super::exit::Exit;
use super::messages::{counts, tell_messages};
use super::screen::{Data, Screen};
use crate::diagnostic::Diagnostics;
use crate::model::Value;
use crate::operate::Refusal;

/// A verb that could not do its work.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The command line asks for something that does not exist or does not fit together.
    Usage(String),
    /// Files are wrong; nothing was sent.
    Invalid(Diagnostics),
    /// A conflict, or a confirmation that was not given.
    Conflict(String),
    /// The machine or the program is broken.
    Broken(anyhow::Error),
}

/// How a verb ends.
pub(crate) type Ended = Result<Exit, Failure>;

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
    /// Its word, what is to be said, and the messages about files.
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

    /// Tells the person, and for `--format json` the program, and gives the exit code.
    pub(crate) fn report(self, screen: Screen) -> Exit {
        match self {
            Self::Usage(message) => tell(screen, Exit::Usage, "usage", &message),
            Self::Conflict(message) => tell(screen, Exit::Conflict, "conflict", &message),
            Self::Broken(error) => tell(screen, Exit::Broken, "broken", &format!("{error:#}")),
            Self::Invalid(diagnostics) => {
                tell_messages(&diagnostics, screen);
                screen.talk(&format!("\n{}: nothing was sent", counts(&diagnostics)));
                if screen.json() {
                    let json = serde_json::json!({"outcome": "invalid", "diagnostics": diagnostics.to_json()});
                    let _ = screen.data(Data::json(&json));
                }
                Exit::Invalid
            }
        }
    }
}

fn tell(screen: Screen, exit: Exit, outcome: &str, message: &str) -> Exit {
    screen.insist(&format!("error: {message}"));
    if screen.json() {
        let _ = screen.data(Data::json(&serde_json::json!({"outcome": outcome, "message": message})));
    }
    exit
}
