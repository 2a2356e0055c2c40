//! Why a credential could not be read, and what to do about it.

use std::path::Path;

use super::secret_text::SecretFlaw;
use crate::diagnostic::shell_path;
use crate::io::files::SmallFileError;
use crate::yaml::yaml_text;

/// Why a credential could not be read. No message holds any of its text.
#[derive(Debug, thiserror::Error)]
pub enum CredentialError {
    /// The environment has no such variable.
    #[error("environment variable `{0}` is not set")]
    NoVariable(String),
    /// The file could not be read.
    #[error("the file `{path}` {why}")]
    File {
        /// The file.
        path: String,
        /// Why.
        why: SmallFileError,
    },
    /// The command failed.
    #[error("command `{command}` {why}")]
    Command {
        /// The first word of the command.
        command: String,
        /// What happened.
        why: String,
    },
    /// A text was found that cannot be the secret.
    #[error("{place} {}", .flaw.in_words())]
    Flawed {
        /// Where it was found.
        place: SecretPlace,
        /// What is wrong with it.
        flaw: SecretFlaw,
    },
}

/// Where a secret was found.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SecretPlace {
    /// A variable of the environment.
    #[error("environment variable `{0}`")]
    Variable(String),
    /// A file.
    #[error("the file `{0}`")]
    File(String),
    /// What a command printed; the command's first word.
    #[error("the output of command `{0}`")]
    Output(String),
}

impl CredentialError {
    /// What a person should do now.
    #[must_use]
    pub fn advice(&self) -> String {
        match self {
            Self::NoVariable(name) => format!(
                "Set it where the run is started, `export {name}=…`, or say in `runsheet.yaml` under `credentials` \
                 where else the secret is: `file:` or `command:`"
            ),
            Self::File { path, why } => file_advice(path, why),
            Self::Command { .. } => "Try the command by itself in this terminal; `runsheet.yaml` names it under \
                 `credentials`. It gets PATH, HOME and the like, and no other variables: set what it needs in the command, \
                 `[env, NAME=VALUE, PROGRAM]`"
                .to_owned(),
            Self::Flawed { place, flaw } => place.advice(*flaw),
        }
    }
}

/// What to do about an unreadable file.
fn file_advice(path: &str, why: &SmallFileError) -> String {
    use std::io::ErrorKind::{NotFound, PermissionDenied};
    let shown = shell_path(Path::new(path));
    let write = "Write the secret into that file, or name another one in `runsheet.yaml`".to_owned();
    match why {
        SmallFileError::System(error) if error.kind() == NotFound => write,
        SmallFileError::System(error) if error.kind() == PermissionDenied => format!(
            "See who may read it, `ls -l {shown}`: start the run as that user, or as its owner type `chmod 600 {shown}`"
        ),
        SmallFileError::System(_) => write,
        SmallFileError::Folder => {
            "Name the file in it that holds the secret, under `credentials` in `runsheet.yaml`".to_owned()
        }
        SmallFileError::Special => {
            format!(
                "Write `{{ command: [cat, {}] }}` in `runsheet.yaml` if the secret really comes from there",
                yaml_text(path)
            )
        }
        SmallFileError::TooLarge(_) => {
            format!("Look what it is, `ls -l {shown}`: `runsheet.yaml` may name the wrong file")
        }
    }
}

impl SecretPlace {
    /// What to do about a flawed secret there.
    fn advice(&self, flaw: SecretFlaw) -> String {
        match self {
            Self::File(path) => file_secret_advice(path, flaw),
            Self::Variable(name) => variable_advice(name, flaw),
            Self::Output(_) => output_advice(flaw).to_owned(),
        }
    }
}

/// What to type about a flawed secret in a file.
fn file_secret_advice(path: &str, flaw: SecretFlaw) -> String {
    let file = shell_path(Path::new(path));
    let through = |command: String| format!("`(umask 077; {command} > {file}.new) && mv {file}.new {file}`");
    let write = format!("`read -rs S && printf %s \"$S\" > {file}`, then type it or paste it as plain text");
    let anew = format!("Copy the secret again from where the vendor shows it, and write only the secret: {write}");
    match flaw {
        SecretFlaw::Utf16(name) => {
            format!("Write it as UTF-8: {}", through(format!("iconv -f {name} -t UTF-8 {file}")))
        }
        SecretFlaw::ByteOrderMark => format!("Remove the mark: {}", through(format!("tail -c +4 {file}"))),
        SecretFlaw::Assignment => format!(
            "Load the file where the run is started, `set -a; . {file}; set +a`, and name the variable in \
             `runsheet.yaml`, `{{ env: NAME }}`. Or keep the value alone in it: {write}"
        ),
        SecretFlaw::Json => {
            let path = yaml_text(path);
            format!("Take the one value out of it, in `runsheet.yaml`: `{{ command: [jq, -r, .FIELD, {path}] }}`")
        }
        SecretFlaw::Quotes
        | SecretFlaw::NotUtf8
        | SecretFlaw::Empty
        | SecretFlaw::TooLong
        | SecretFlaw::Lines
        | SecretFlaw::BlanksAround
        | SecretFlaw::Control
        | SecretFlaw::Invisible
        | SecretFlaw::Placeholder
        | SecretFlaw::NotAscii => anew,
    }
}

fn variable_advice(name: &str, flaw: SecretFlaw) -> String {
    let anew = format!("`read -rs {name} && export {name}`, then type the secret or paste it as plain text");
    match flaw {
        SecretFlaw::Assignment => format!("Give it the value alone, without a name and `=`: {anew}"),
        SecretFlaw::Quotes => format!("Give it the secret without quotes: {anew}"),
        SecretFlaw::Json => {
            format!("Give it the one value alone: `export {name}=\"$(jq -r .FIELD FILE)\"`")
        }
        SecretFlaw::Utf16(_)
        | SecretFlaw::ByteOrderMark
        | SecretFlaw::NotUtf8
        | SecretFlaw::Empty
        | SecretFlaw::TooLong
        | SecretFlaw::Lines
        | SecretFlaw::BlanksAround
        | SecretFlaw::Control
        | SecretFlaw::Invisible
        | SecretFlaw::Placeholder
        | SecretFlaw::NotAscii => format!("Set it again where the run is started: {anew}"),
    }
}

fn output_advice(flaw: SecretFlaw) -> &'static str {
    match flaw {
        SecretFlaw::Lines => {
            "Let the command print one line, in `runsheet.yaml`: `{ command: [sh, -c, \"COMMAND | head -n 1\"] }`"
        }
        SecretFlaw::Utf16(_) => {
            "Let the command print UTF-8, in `runsheet.yaml`: `{ command: [sh, -c, \"COMMAND | iconv -f UTF-16 -t UTF-8\"] }`"
        }
        SecretFlaw::Json => {
            "Let the command print the one value, in `runsheet.yaml`: `{ command: [sh, -c, \"COMMAND | jq -r .FIELD\"] }`"
        }
        SecretFlaw::Quotes => "Let the command print the secret without quotes: with `jq` for instance, `jq -r` does",
        SecretFlaw::ByteOrderMark
        | SecretFlaw::NotUtf8
        | SecretFlaw::Empty
        | SecretFlaw::TooLong
        | SecretFlaw::Assignment
        | SecretFlaw::BlanksAround
        | SecretFlaw::Control
        | SecretFlaw::Invisible
        | SecretFlaw::Placeholder
        | SecretFlaw::NotAscii => {
            "Try the command by itself in this terminal: it must print the secret on one line and nothing else"
        }
    }
}
